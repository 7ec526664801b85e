"""nginx in front, answering kept pages by itself, with the configuration that the site prints for it."""

import os
import re
import shutil
import subprocess
import time
import urllib.error

import pytest

from tests.e2e.test_exact import ARTICLE, ask, get, opener, post
from tests.lacking import lacking
from tests.server import free_port, run_site, stop

FRAME = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/errors warn;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {config}
}}
"""


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """A site behind nginx; `site.url` is nginx's address, `direct` the application's."""
    if not shutil.which("nginx"):
        lacking("No nginx on this machine")
    folder = tmp_path_factory.mktemp("proxied")
    for place in (folder, *folder.parents[:3]):
        place.chmod(0o755) if place.owner() == folder.owner() else None
    address = f"http://127.0.0.1:{free_port()}"
    settings = {"SITE_URL": address, "MASTHEAD_PAGE_FACADE": str(folder / "facade"), "MASTHEAD_PROXIES": "1"}
    site = run_site(folder / "data", MASTHEAD_COMMENT_RATE="1000/m", MASTHEAD_COMMENT_MODERATION="open", **settings)
    if "DATABASE_URL" in site.environment:
        stop(site)
        pytest.skip("Pages are kept on SQLite only so far.")
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder, config=site.manage("nginx_config")))
    nginx = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "start"])
    direct, site.url = site.url, address
    until(lambda: ask(site.url + "/health/live/")[0] == 200)
    yield site, direct, folder / "facade" / "current"
    nginx.terminate()
    nginx.wait()
    stop(site)


def until(true) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not come true")


def put_there(site, files, path: str = ARTICLE) -> None:
    """Asks until the page is a file."""

    def is_there() -> bool:
        ask(site.url + path)
        return (files / path.strip("/") / "index.html").exists()

    until(is_there)


def test_nginx_says_what_the_application_says(proxied):
    site, direct, files = proxied
    host = site.url.split("//")[1]
    put_there(site, files)
    for coding in ("", "gzip"):
        there, here = (
            ask(url + ARTICLE, Host=host, **({"Accept_Encoding": coding} if coding else {})) for url in (site.url, direct)
        )
        assert there[0] == here[0] == 200
        assert there[1]["Server"].startswith("nginx")
        assert (there[1]["Content-Encoding"] or "") == coding
        assert said(there[1]) == said(here[1])
        assert "Last-Modified" not in there[1]
    assert ask(site.url + ARTICLE)[2] == ask(direct + ARTICLE, Host=host)[2]


def said(headers) -> dict[str, str]:
    """All but what each server says of itself, of its own compression and of this one request, and what only the
    application knows of the page (which the page says itself)."""
    own = {"server", "date", "etag", "connection", "content-length", "x-request-id", "link", "last-modified"}
    return {name.lower(): value for name, value in headers.items() if name.lower() not in own}


def test_who_has_it_gets_304(proxied):
    site, _, files = proxied
    put_there(site, files)
    tag = ask(site.url + ARTICLE)[1]["ETag"]
    assert ask(site.url + ARTICLE, If_None_Match=tag)[0] == 304


def test_a_comment_is_there_for_the_next_reader(proxied):
    site, _, files = proxied
    form = get(site.url + ARTICLE)
    address = re.search(r'action="(/comments/on/\d+/)', form)[1]
    token = re.search(r'name="token" value="([^"]+)"', form)[1]
    tags = set()
    for number in range(12):
        word = f"behind-a-proxy-{number}"
        post(site.url + address, name="Ada", text=word, token=token)
        assert word in get(site.url + ARTICLE)
        if number % 4 == 0:
            put_there(site, files)
            tags.add(ask(site.url + ARTICLE)[1]["ETag"])
    assert len(tags) == 3


def test_what_is_withdrawn_is_gone(proxied):
    site, _, files = proxied
    site.query("from tests.factories import make_article; make_article(title='Behind', slug='behind')")
    put_there(site, files, "/behind/")
    site.query(
        "from articles.models import Article; from articles import publishing; "
        "publishing.withdraw(Article.objects.get(slug='behind'), by=None)"
    )
    assert ask(f"{site.url}/behind/")[0] == 410


def test_the_rest_is_the_applications(proxied):
    site, direct, files = proxied
    put_there(site, files)
    assert ask(f"{site.url}{ARTICLE}?utm_source=x")[1]["Server"].startswith("nginx")
    assert ask(f"{site.url}{ARTICLE}?sort=newest")[2] != ask(site.url + ARTICLE)[2]
    assert ask(site.url + ARTICLE.rstrip("/"))[0] == 301
    assert ask(site.url + ARTICLE, "POST")[0] == ask(direct + ARTICLE, "POST", Host=site.url.split("//")[1])[0] == 403
    assert ask(f"{site.url}/{ARTICLE}")[0] in {301, 404}
    assert b"<feed" in ask(f"{site.url}/feed/")[2]


def test_files_are_no_pages(proxied):
    site, _, files = proxied
    put_there(site, files)
    for path in (f"{ARTICLE}index.html", f"{ARTICLE}index.html.gz", "/.subjects/site", "/../data/secret_key"):
        with pytest.raises(urllib.error.HTTPError):
            opener.open(site.url + path)
    assert os.path.exists(site.data / "secret_key")
