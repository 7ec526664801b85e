"""The examples of README: its proxies before a real server, its unit before systemd. Taken out of README as they stand,
with other ports, folders, names and certificates put in by plain replacement."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.parse

import pytest

from tests.lacking import lacking
from tests.server import ROOT, free_port, run_site, stop

ARTICLE = "/the-power-struggle-in-ai/"
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/errors warn;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {example}
}}
"""
CADDY = "{{\n admin off\n http_port {http}\n storage file_system {folder}/caddy\n log {{\n output file {folder}/log\n }}\n}}\n{example}"


def example(language: str) -> str:
    [found] = re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    return found


def replaced(text: str, **changes: str) -> str:
    """Each old text must be there: an example that was changed is not tested as something else."""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


class Front:
    """A proxy with a certificate, and a site behind it."""

    def __init__(self, folder, kind: str) -> None:
        self.folder, self.kind = folder, kind
        self.http, self.https = free_port(), free_port()
        self.host = f"localhost:{self.https}"
        self.certify()
        settings = {"SITE_URL": f"https://{self.host}", "MASTHEAD_PROXIES": "1", "MASTHEAD_COMMENT_RATE": "3/10m"}
        self.site = run_site(folder / "data", MASTHEAD_COMMENT_MODERATION="open", **settings)
        self.direct = int(self.site.environment["PORT"])
        self.process = subprocess.Popen(getattr(self, kind)(), cwd=folder, stderr=subprocess.DEVNULL)
        self.wait()

    def certify(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "key", "-out", "cert",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
            cwd=self.folder, check=True, capture_output=True,
        )  # fmt: skip
        self.trust = ssl.create_default_context(cafile=self.folder / "cert")

    def nginx(self) -> list[str]:
        changes = {
            "127.0.0.1:8000": f"127.0.0.1:{self.direct}",
            "listen 80;": f"listen {self.http};",
            "listen 443 ": f"listen {self.https} ",
            "/etc/letsencrypt/live/example.org/fullchain.pem": f"{self.folder}/cert",
            "/etc/letsencrypt/live/example.org/privkey.pem": f"{self.folder}/key",
            "https://example.org$": f"https://{self.host}$",
            "server_name example.org": "server_name localhost",
        }
        path = self.folder / "nginx.conf"
        path.write_text(NGINX.format(folder=self.folder, example=replaced(example("nginx"), **changes)))
        return ["nginx", "-c", str(path), "-p", str(self.folder), "-e", str(self.folder / "start")]

    def caddy(self) -> list[str]:
        tls = f"{self.host} {{\n tls {self.folder}/cert {self.folder}/key"
        changes = {"127.0.0.1:8000": f"127.0.0.1:{self.direct}", "example.org {": tls}
        path = self.folder / "Caddyfile"
        words = replaced(example("caddyfile"), **changes)
        path.write_text(CADDY.format(folder=self.folder, http=self.http, example=words))
        return ["caddy", "run", "--config", str(path), "--adapter", "caddyfile"]

    def wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if self.ask("GET", "/health/live/")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"{self.kind} does not answer")

    def ask(self, method: str, path: str, body: bytes | None = None, *, where="https", source="127.0.0.1", **headers: str):
        """(status, headers, body), from this address and with these headers."""
        options = {"timeout": 30, "source_address": (source, 0)}
        if where == "https":
            connection = http.client.HTTPSConnection("localhost", self.https, context=self.trust, **options)
        else:
            connection = http.client.HTTPConnection("localhost", self.http if where == "http" else self.direct, **options)
        named = {"Host": self.host} if where == "direct" else {}
        try:
            connection.request(method, path, body, named | {key.replace("_", "-"): value for key, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def post(self, word: str, **options):
        """Posts a comment as the article's form does."""
        page = self.ask("GET", ARTICLE)[2].decode()
        fields = {"name": "Ada", "text": word, "token": re.search(r'name="token" value="([^"]+)"', page)[1]}
        form = urllib.parse.urlencode(fields).encode()
        address = re.search(r'action="(/comments/on/\d+/)', page)[1]
        return self.ask("POST", address, form, Content_Type="application/x-www-form-urlencoded", **options)[0]

    def send_too_much(self, path: str, size: int) -> int:
        """The status of the answer to a body of this size, of which no more is sent once that has come."""
        head = f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: {size}\r\n\r\n"
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=30)
        with self.trust.wrap_socket(plain, server_hostname="localhost") as connection:
            connection.sendall(head.encode())
            answer = b""
            with contextlib.suppress(OSError):
                while size > 0 and not answer:
                    size -= connection.send(bytes(min(size, 64_000)))
                    answer = already_there(connection)
            return int((answer or connection.recv(12))[9:12])

    def renewals(self) -> int:
        return sum("The web server was renewed" in line for line in self.site.lines)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        stop(self.site)


def already_there(connection: ssl.SSLSocket) -> bytes:
    """The beginning of an answer, if one has come. (The socket alone does not tell: TLS has messages of its own.)"""
    connection.settimeout(0)
    try:
        return connection.recv(12)
    except ssl.SSLWantReadError:
        return b""
    finally:
        connection.settimeout(30)


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def front(request, tmp_path_factory):
    for program in (request.param, "openssl"):
        if not shutil.which(program):
            lacking(f"No {program} on this machine")
    folder = tmp_path_factory.mktemp(request.param)
    for place in (folder, *folder.parents[:3]):
        place.chmod(0o755) if place.owner() == folder.owner() else None
    started = Front(folder, request.param)
    yield started
    started.end()


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_page_arrives_as_it_was_sent(front, coding):
    through = front.ask("GET", ARTICLE, Accept_Encoding=coding)
    direct = front.ask("GET", ARTICLE, where="direct", Accept_Encoding=coding, X_Forwarded_Proto="https")
    assert through[0] == direct[0] == 200
    assert through[2] == direct[2]
    for name in ("ETag", "Cache-Control", "Vary", "Content-Encoding", "Content-Security-Policy", "Strict-Transport-Security"):
        assert through[1][name] == direct[1][name], name
    assert front.ask("GET", ARTICLE, Accept_Encoding=coding, If_None_Match=through[1]["ETag"])[0] == 304


def test_style_sheets_and_pictures_arrive(front):
    page = front.ask("GET", ARTICLE)[2].decode()
    for address in (re.search(r'href="(/static/[^"]+\.css)"', page)[1], re.search(r'src="(/media/[^"]+)"', page)[1]):
        status, headers, body = front.ask("GET", address)
        assert status == 200
        assert "immutable" in headers["Cache-Control"]
        assert body


def test_http_leads_to_https_at_the_same_path(front):
    status, headers, _ = front.ask("GET", f"{ARTICLE}?sort=newest", where="http")
    assert status in {301, 308}
    assert headers["Location"] == f"https://{front.host}{ARTICLE}?sort=newest"


def test_browsers_are_told_to_come_by_https_and_cookies_stay_there(front):
    _, headers, _ = front.ask("GET", "/accounts/login/")
    assert "max-age=63072000" in headers["Strict-Transport-Security"]
    assert headers.get_all("Set-Cookie")
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in headers.get_all("Set-Cookie"))


def test_the_host_arrives_and_another_one_is_refused(front):
    assert front.ask("GET", "/accounts/password/reset")[1]["Location"] == "/accounts/password/reset/"
    page = front.ask("GET", ARTICLE)[2].decode()
    assert f'href="https://{front.host}{ARTICLE}"' in page
    assert front.ask("GET", "/", Host="evil.example")[2] != front.ask("GET", "/")[2]
    assert b"evil.example" not in front.ask("GET", "/", X_Forwarded_Host="evil.example")[2]


def test_a_form_is_taken_from_this_sites_pages_only(front):
    assert front.post("From here", source="127.0.1.1", Origin=f"https://{front.host}") == 303
    assert front.post("From elsewhere", source="127.0.1.1", Origin="https://evil.example") == 403
    assert front.post("By http", source="127.0.1.1", Origin=f"http://{front.host}") == 403


def test_comments_are_limited_by_the_clients_own_address(front):
    """Whatever it says of itself; and nobody else is limited for it."""
    said = [f"203.0.113.{number}" for number in range(5)]
    answers = [front.post(f"Number {number}", source="127.0.2.1", X_Forwarded_For=name) for number, name in enumerate(said)]
    assert answers == [303, 303, 303, 429, 429]
    assert front.post("Somebody else", source="127.0.2.2", X_Forwarded_For="127.0.2.1") == 303


@pytest.mark.parametrize(("path", "megabytes"), [("/accounts/login/", 10), ("/accounts/login/", 41), ("/admin/", 41)])
def test_a_body_that_is_too_large_is_refused_in_words(front, path, megabytes):
    """Before the server is asked, which would have to break off the connection over it."""
    assert front.send_too_much(path, megabytes * 1_000_000) == 413


def test_a_picture_may_be_sent_to_the_desk(front):
    """It goes the whole way: without a session, to the sign-in."""
    status, _, body = front.ask("POST", "/admin/login/", bytes(9_900_000), Origin=f"https://{front.host}")
    assert status in {302, 403}, (body[:300], front.site.lines[-30:], sorted(os.listdir(front.folder)))


def test_a_reload_is_not_seen_through_it(front):
    """`ExecReload` of the unit, while clients ask."""
    renewed = front.renewals()
    front.site.process.send_signal(signal.SIGHUP)
    seen = []
    deadline = time.monotonic() + 60
    while front.renewals() == renewed:
        seen.append(front.ask("GET", ARTICLE)[0])
        assert time.monotonic() < deadline
    seen += [front.ask("GET", ARTICLE)[0] for _ in range(100)]
    assert set(seen) == {200}


def test_systemd_understands_the_unit(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("No systemd on this machine.")
    unit = tmp_path / "masthead.service"
    unit.write_text(replaced(example("ini"), **{"/srv/masthead": str(ROOT)}))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "masthead" in line]
    assert (done.returncode, ours) == (0, [])


def test_the_unit_stops_and_reloads_as_the_supervisor_wants():
    unit = example("ini")
    assert "ExecReload=/bin/kill -HUP $MAINPID" in unit
    assert "KillMode=mixed" in unit
