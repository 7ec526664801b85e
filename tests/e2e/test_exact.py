"""The page store over HTTP: whoever asks after an answer was acknowledged sees what it acknowledged."""

import re
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.server import run_site, stop

ARTICLE = "/the-power-struggle-in-ai/"
READERS = 4
COMMENTS = 60


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


opener = urllib.request.build_opener(NoRedirect)


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()


def post(url: str, **fields: str) -> str:
    try:
        opener.open(url, urllib.parse.urlencode(fields).encode(), timeout=30)
    except urllib.error.HTTPError as answer:
        assert answer.code == 303, answer.read()
        return answer.headers["Location"]
    raise AssertionError("no redirect")


@pytest.fixture(scope="module")
def busy_site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exact") / "data"
    running = run_site(folder, MASTHEAD_COMMENT_RATE="100000/m", MASTHEAD_COMMENT_MODERATION="open")
    yield running
    stop(running)


def test_every_reader_sees_every_acknowledged_comment(busy_site):
    """One writer, four readers without pause, two workers: no read misses a comment that was acknowledged before it began."""
    form = get(busy_site.url + ARTICLE)
    address = re.search(r'action="(/comments/on/\d+/)', form)[1]
    token = re.search(r'name="token" value="([^"]+)"', form)[1]
    acknowledged: list[str] = []
    stale: list[str] = []
    reads = [0] * READERS
    done = threading.Event()

    def read(number: int) -> None:
        while not done.is_set():
            expected = list(acknowledged)
            page = get(busy_site.url + ARTICLE)
            stale.extend(word for word in expected if word not in page)
            reads[number] += 1

    readers = [threading.Thread(target=read, args=[number]) for number in range(READERS)]
    for reader in readers:
        reader.start()
    for number in range(COMMENTS):
        word = f"unmistakable-{number}-words"
        post(busy_site.url + address, name="Ada", text=word, token=token)
        acknowledged.append(word)
    done.set()
    for reader in readers:
        reader.join()
    assert stale == []
    assert sum(reads) > COMMENTS
    assert f"{COMMENTS} comments" in get(busy_site.url + ARTICLE)


def test_what_is_published_and_withdrawn_shows_at_once(busy_site):
    slug = "exactly"
    code = (
        "from tests.factories import make_article; from articles import publishing; "
        f"make_article(title='Exactly', slug='{slug}')"
    )
    assert "/exactly/" not in get(busy_site.url + "/")
    busy_site.query(code)
    assert "/exactly/" in get(busy_site.url + "/")
    assert "Exactly" in get(f"{busy_site.url}/{slug}/")
    busy_site.query(
        "from articles.models import Article; from articles import publishing; "
        f"publishing.withdraw(Article.objects.get(slug='{slug}'), by=None)"
    )
    with pytest.raises(urllib.error.HTTPError, match="410"):
        get(f"{busy_site.url}/{slug}/")
    assert "/exactly/" not in get(busy_site.url + "/")


def ask(url: str, method: str = "GET", **headers: str):
    """(status, headers, body) whatever the status."""
    request = urllib.request.Request(
        url, headers={name.replace("_", "-"): value for name, value in headers.items()}, method=method
    )
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_Host": "evil.example"},
        {"X_Forwarded_Proto": "https"},
        {"X_Forwarded_For": "1.2.3.4"},
        {"X_Original_URL": "/admin/"},
        {"X_Rewrite_URL": "/admin/"},
        {"X_HTTP_Method_Override": "DELETE"},
        {"Forwarded": "host=evil.example"},
        {"Accept_Language": "de"},
        {"User_Agent": "<script>alert(1)</script>"},
        {"Referer": "https://evil.example/"},
        {"Cookie": "theme=evil"},
        {"Cookie": "sessionid=forged"},
    ],
)
def test_nothing_of_a_request_gets_into_a_page(busy_site, headers):
    clean = ask(busy_site.url + ARTICLE)
    for _ in range(4):
        assert ask(busy_site.url + ARTICLE, **headers)[2] == clean[2]
        assert ask(busy_site.url + ARTICLE)[2] == clean[2]
    assert b"evil" not in clean[2]


@pytest.mark.parametrize("query", ["utm_source=evil", "x=1", "x=2&x=3", "callback=evil", "after=", "sort=oldest"])
def test_queries_make_no_copies_of_a_page(busy_site, query):
    tags = {ask(f"{busy_site.url}/?{query}")[1]["ETag"] for _ in range(4)}
    assert tags == {ask(busy_site.url + "/")[1]["ETag"]}


def test_another_host_is_refused_and_leaves_nothing(busy_site):
    clean = ask(busy_site.url + "/")
    for _ in range(4):
        assert ask(busy_site.url + "/", Host="evil.example")[0] == 400
    assert ask(busy_site.url + "/")[2] == clean[2]


@pytest.mark.parametrize("query", ["c=1:forged:token", "c=", "c=1&c=2"])
def test_a_forged_token_gets_the_page_that_everybody_gets(busy_site, query):
    clean = ask(busy_site.url + ARTICLE)
    for _ in range(4):
        status, headers, body = ask(f"{busy_site.url}{ARTICLE}?{query}")
        assert (status, headers["ETag"].split("-")[0], body) == (200, clean[1]["ETag"].split("-")[0], clean[2])


def test_a_forged_session_gets_the_page_that_everybody_gets(busy_site):
    assert ask(busy_site.url + ARTICLE, Cookie="sessionid=" + "a" * 40)[1]["Cache-Control"].startswith("public")


@pytest.mark.parametrize("path", ["//", "/./", "/%2e/", "/THE-POWER-STRUGGLE-IN-AI/", f"{ARTICLE}/", f"/x/..{ARTICLE}"])
def test_other_spellings_of_a_path_are_no_page(busy_site, path):
    assert ask(busy_site.url + path)[0] in {301, 404}
