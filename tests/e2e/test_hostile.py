"""Known ways to get something into a page that others will see, or past a server, over HTTP against a running site.

After each of them the page is what it was, and who asked got a sensible answer.
"""

import re
import socket
import time
from urllib.parse import urlsplit

import pytest

from tests.server import run_site, stop

ARTICLE = "/the-power-struggle-in-ai/"
MARK = "zzevilzz"
HEADERS = {
    "cache-control", "connection", "content-encoding", "content-length", "content-security-policy", "content-type",
    "cross-origin-opener-policy", "date", "etag", "last-modified", "link", "permissions-policy", "referrer-policy", "server", "vary",
    "x-content-type-options", "x-frame-options", "x-robots-tag",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = run_site(tmp_path_factory.mktemp("hostile") / "data", MASTHEAD_PROXIES="1", MASTHEAD_COMMENT_RATE="1000/m")
    deadline = time.monotonic() + 120
    while running.query("from site_config.jobs.models import Job; print(Job.objects.count())") != "0":
        assert time.monotonic() < deadline, "the pictures are not drawn"
        time.sleep(0.5)
    yield running
    stop(running)


@pytest.fixture(scope="module")
def clean(site):
    """The article as everybody gets it, kept and compressed well by now."""
    return page(site)


def send(site, raw: bytes, *, seconds: float = 5.0) -> bytes:
    """All that the server says to these bytes until it closes or falls silent."""
    address = urlsplit(site.url)
    said = b""
    with socket.create_connection((address.hostname, address.port), timeout=seconds) as connection:
        connection.sendall(raw)
        try:
            while part := connection.recv(65536):
                said += part
        except (TimeoutError, ConnectionResetError):
            pass
    return said


def request(site, line: str, *headers: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    host = () if any(header.lower().startswith("host") for header in headers) else (f"Host: {urlsplit(site.url).netloc}",)
    raw = "\r\n".join([line, *host, *headers, "Connection: close", "", ""]).encode("latin-1") + body
    return parsed(send(site, raw))


def parsed(said: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = said.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    if len(lines[0]) < 12:
        return 0, {}, b""
    fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return int(lines[0].split()[1]), fields, body


def page(site, path: str = ARTICLE) -> bytes:
    status, _, body = request(site, f"GET {path} HTTP/1.1")
    assert status == 200
    return body


def is_clean(site, clean) -> None:
    """Both workers give the page as it was."""
    for _ in range(3):
        assert page(site) == clean


def renew(site) -> None:
    """Has every page drawn anew at the next request, which then is the hostile one."""
    site.query("from site_config import pages\nwith pages.changing('site'): pass")


FORGED = {
    "X-Forwarded-Host": MARK, "X-Forwarded-Server": MARK, "X-Forwarded-Proto": "https", "X-Forwarded-Scheme": "nothttps",
    "X-Forwarded-Port": "1337", "X-Forwarded-Prefix": f"/{MARK}", "X-Forwarded-For": f"{MARK}, 1.2.3.4", "X-Real-IP": MARK,
    "Forwarded": f"for=1.2.3.4;host={MARK};proto=https", "X-Host": MARK, "X-HTTP-Host-Override": MARK,
    "X-Original-URL": f"/{MARK}", "X-Original-Host": MARK, "X-Rewrite-URL": "/admin/", "X-HTTP-Method-Override": "POST",
    "X-HTTP-Method": "DELETE", "X-Method-Override": "PUT", "X-Script-Name": f"/{MARK}", "Script-Name": f"/{MARK}",
    "Accept-Language": f"de, {MARK}", "User-Agent": f"<script>{MARK}</script>", "Referer": f"https://{MARK}/",
    "Origin": f"https://{MARK}", "Accept": f"application/{MARK}", "Cookie": f"messages={MARK}; csrftoken={MARK}; theme={MARK}",
    "X-Requested-With": "XMLHttpRequest", "Authorization": f"Basic {MARK}", "Purpose": "prefetch", "Via": MARK,
    "X-Forwarded-Host\t": MARK, "Proxy": MARK, "Accept-Charset": MARK, "X-Wap-Profile": f"http://{MARK}/", "True-Client-IP": MARK,
    "Sec-Fetch-Site": "cross-site", "Save-Data": "on", "DNT": "1", "Upgrade-Insecure-Requests": "1", "Expect": "100-continue",
}  # fmt: skip


def test_a_page_drawn_for_a_hostile_request_is_everybodys(site, clean):
    """All forged headers at once, and the request of each with them is the one that has the page drawn."""
    harmless = {name: value for name, value in FORGED.items() if name not in {"Expect", "X-Forwarded-Host\t"}}
    for path in (ARTICLE, "/", "/feed/", "/sitemap.xml", "/tag/", "/robots.txt"):
        before = page(site, path)
        renew(site)
        status, fields, body = request(
            site, f"GET {path}?{MARK}=1&utm_source={MARK} HTTP/1.1", *(f"{n}: {v}" for n, v in harmless.items())
        )
        assert status == 200, path
        assert MARK.encode() not in body, path
        assert set(fields) <= HEADERS | {"x-request-id"}, path
        assert MARK not in str(fields), path
        assert page(site, path) == body or path in {"/feed/", "/sitemap.xml"}, path
        assert MARK.encode() not in page(site, path), path
        assert len(page(site, path)) == len(before), path


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_header_changes_nothing(site, clean, name):
    status, _, body = request(site, f"GET {ARTICLE} HTTP/1.1", f"{name}: {FORGED[name]}")
    assert status in {200, 400}
    assert MARK.encode() not in body
    if status == 200:
        assert body == clean
    is_clean(site, clean)


@pytest.mark.parametrize(
    "headers",
    [
        [f"Host: {MARK}"],
        ["Host: "],
        [f"Host: 127.0.0.1@{MARK}"],
        [f"Host: 127.0.0.1:80{MARK}"],
        [f"Host: 127.0.0.1:1337#{MARK}"],
        [f"Host: {MARK}, 127.0.0.1"],
        [f"Host: {MARK}/127.0.0.1"],
        ["Host: 127.0.0.1", f"Host: {MARK}"],
        [f"Host: {MARK}", "Host: 127.0.0.1"],
        ["Host: 127.0.0.1", f"host : {MARK}"],
        ["Host: 127.0.0.1", f" Host: {MARK}"],
        ["Host: [::1"],
        ["Host: \xff\xfe"],
    ],
)
def test_a_host_that_is_not_ours_is_refused(site, clean, headers):
    status, _, body = request(site, f"GET {ARTICLE} HTTP/1.1", *headers)
    assert status in {0, 400, 421}
    assert MARK.encode() not in body
    is_clean(site, clean)


@pytest.mark.parametrize("host", ["LOCALHOST", "127.0.0.1.", "127.0.0.1:9", "localhost:80"])
def test_another_spelling_of_the_host_leaves_nothing(site, clean, host):
    status, _, body = request(site, f"GET {ARTICLE} HTTP/1.1", f"Host: {host}")
    assert status in {200, 400}
    assert host.encode() not in body
    is_clean(site, clean)


@pytest.mark.parametrize(
    "target",
    [
        f"http://{MARK}{ARTICLE}",
        f"https://{MARK}{ARTICLE}",
        f"//{MARK}{ARTICLE}",
        f"http://127.0.0.1@{MARK}/",
        f"{MARK}.example:80",
        "*",
        f"?{MARK}",
        f"{MARK}",
    ],
)
def test_a_target_that_is_no_path_of_ours(site, clean, target):
    status, _, body = request(site, f"GET {target} HTTP/1.1")
    assert status in {0, 400, 404, 421}
    assert MARK.encode() not in body
    is_clean(site, clean)


def test_an_absolute_target_of_ours_is_ours(site, clean):
    assert request(site, f"GET {site.url}{ARTICLE} HTTP/1.1")[0] in {200, 400}
    is_clean(site, clean)


@pytest.mark.parametrize(
    "path",
    [
        f"/{ARTICLE}", f"{ARTICLE}/", f"{ARTICLE}//", f"/.{ARTICLE}", f"/x/..{ARTICLE}", f"{ARTICLE}.", f"{ARTICLE}..", f"{ARTICLE}%2e",
        f"{ARTICLE}%2e%2e/", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/..%5c..%5c", "/static/../secret_key",
        "/static/%2e%2e/secret_key", "/media/..%2f..%2fsecret_key", f"/%252f{ARTICLE}", "/the-power-struggle-in-ai%2500/",
        "/the-power-struggle-in-ai%00/", "/the-power-struggle-in-ai%0d%0aX-Evil:%20zzevilzz/", "/the-power-struggle-in-ai\\",
        "/THE-POWER-STRUGGLE-IN-AI/", "/the-power-struggle-in-ai;jsessionid=zzevilzz/", "/the-power-struggle-in-ai/;zzevilzz",
        "/the-power-struggle-in-ai/zzevilzz.css", "/the-power-struggle-in-ai.json", "/the-power-struggle-in-ai/%3bzzevilzz.js",
        "/%c0%ae%c0%ae/", "/%c0%af", "/%e0%80%af", "/%f0%80%80%af", "/%ff", "/%ed%a0%80/", "/%u002e/", "/%", "/%zz/", "/%2",
        "/the-power-struggle-in-ai%20/", "/the-power-struggle-in-ai%09/", "/ the-power-struggle-in-ai/", "/\u00ad", "/%e2%80%8b/",
        "/the-power-struggle-in-ai%23zzevilzz", "/the-power-struggle-in-ai/%3fsort=newest", "/" + "a" * 8000 + "/", "/" + "a/" * 2000,
    ],
)  # fmt: skip
def test_another_spelling_of_a_path_is_no_page(site, clean, path):
    status, fields, body = request(site, f"GET {path} HTTP/1.1")
    assert status in {0, 301, 400, 404, 414, 431}
    assert "x-evil" not in fields
    if status == 301:
        assert fields["location"].startswith("/")
        assert not fields["location"].startswith("//")
    assert b"zzevilzz" not in body or b"&" in body
    assert b"root:" not in body
    is_clean(site, clean)


@pytest.mark.parametrize(
    "path", ["/%74he-power-struggle-in-ai/", "/the%2dpower-struggle-in-ai/", "/the-power-struggle-in-ai%2F"]
)
def test_an_encoded_spelling_is_the_same_page_or_none(site, clean, path):
    status, _, body = request(site, f"GET {path} HTTP/1.1")
    assert (status, body) == (200, clean) or status in {301, 404}
    is_clean(site, clean)


SAME = [
    "utm_source=zzevilzz", "fbclid=zzevilzz", "callback=zzevilzz", "_method=DELETE", "lang=de", "format=json", "next=//zzevilzz",
    "after[]=1", "after[0]=1", "AFTER=1", "%20after=1", "after%00=1"[:0] + "c=zzevilzz", "c=1:2:3", "c", "c=&c=", "%63=zzevilzz",
    "=zzevilzz", "&&&", ";after=1", "x=1;after=1", "x" * 6000, "&".join(f"a{n}=1" for n in range(900)), "x=%3Cscript%3E", "+", "=",
]  # fmt: skip


@pytest.mark.parametrize("query", SAME)
def test_a_parameter_that_is_not_known_changes_nothing(site, clean, query):
    status, _, body = request(site, f"GET {ARTICLE}?{query} HTTP/1.1")
    assert status == 200
    assert body == clean
    is_clean(site, clean)


@pytest.mark.parametrize(
    "query",
    [
        "after=1&after=2", "%61fter=1", "after=1%26sort=newest", "sort=zzevilzz", "sort=%22%3E%3Cscript%3Ezzevilzz", "after=zzevilzz",
        "after=-1", "after=99999999999999999999", "after=1e9", "after=%00", "after=%ff", "after=%c0%ae", "after=%ed%a0%80", "%", "%zz=1",
        "after=" + "9" * 5000, "sort=newest&" + "x=1&" * 500, "after=\xe9", "after=%0d%0aX-Evil:1",
    ],
)  # fmt: skip
def test_a_known_parameter_with_anything_in_it(site, clean, query):
    status, fields, body = request(site, f"GET {ARTICLE}?{query} HTTP/1.1")
    assert status in {0, 200, 301, 302, 400, 404, 414}
    assert "x-evil" not in fields
    assert b"<script>zzevilzz" not in body
    is_clean(site, clean)


def test_the_last_of_two_values_counts_for_the_store_and_the_view(site):
    """Else one could be kept under the other's name."""
    both, last = page(site, f"{ARTICLE}?sort=oldest&sort=newest"), page(site, f"{ARTICLE}?sort=newest")
    assert both == last


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "PURGE", "BAN", "zzevilzz", "OPTIONS"]
)
def test_other_methods_are_no_question(site, clean, method):
    status, _, body = request(site, f"{method} {ARTICLE} HTTP/1.1", "Content-Length: 0")
    assert status in {400, 403, 405, 501}
    assert b"zzevilzz" not in body
    is_clean(site, clean)


def test_a_method_in_small_letters_gets_nothing_else(site, clean):
    status, _, body = request(site, f"get {ARTICLE} HTTP/1.1")
    assert (status, body) == (200, clean) or status in {400, 405, 501}
    is_clean(site, clean)


SECOND = f"GET /{MARK}/ HTTP/1.1\r\nHost: {MARK}\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Content-Length: 4", "Transfer-Encoding: chunked"], f"0\r\n\r\n{SECOND}"),
        (["Transfer-Encoding: chunked", "Content-Length: 60"], f"0\r\n\r\n{SECOND}"),
        (["Content-Length: 0", f"Content-Length: {len(SECOND)}"], SECOND),
        (["Content-Length: 0, 5"], SECOND),
        (["Content-Length: +5"], "xxxxx"),
        (["Content-Length: 0x5"], "xxxxx"),
        (["Content-Length: -1"], ""),
        (["Content-Length: 99999999999999999999999"], ""),
        (["Transfer-Encoding : chunked"], f"0\r\n\r\n{SECOND}"),
        (["Transfer-Encoding: xchunked"], f"0\r\n\r\n{SECOND}"),
        (["Transfer-Encoding: chunked, identity"], f"0\r\n\r\n{SECOND}"),
        (["Transfer-Encoding:\x0bchunked"], f"0\r\n\r\n{SECOND}"),
        (["X: y\r\n Transfer-Encoding: chunked"], ""),
        (["X: y\nTransfer-Encoding: chunked"], f"0\r\n\r\n{SECOND}"),
        (["Transfer-Encoding: chunked"], f"0\r\n\r\n{SECOND}"),
        (["Transfer-Encoding: chunked"], "zz\r\nxx\r\n0\r\n\r\n"),
        (["Transfer-Encoding: chunked"], "ffffffffffffffff1\r\nx"),
        (["Transfer-Encoding: chunked", "Trailer: Host"], f"0\r\nHost: {MARK}\r\n\r\n"),
        (["Content-Length : 5"], "xxxxx"),
        (["Content_Length: 5"], ""),
        (["X-A: b\x00c"], ""),
        (["No colon here"], ""),
        ([": empty"], ""),
        (["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", "Connection: Upgrade, HTTP2-Settings"], ""),
        (["Expect: 100-continue", "Content-Length: 5"], "xxxxx"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_hidden_in_another_leaves_nothing(site, clean, method, headers, body):
    host = urlsplit(site.url).netloc
    raw = "\r\n".join([f"{method} {ARTICLE} HTTP/1.1", f"Host: {host}", *headers, "Connection: close", "", ""]) + body
    said = send(site, raw.encode("latin-1"), seconds=2.0)
    statuses = re.findall(rb"HTTP/1\.1 (\d\d\d)", said)
    assert not [status for status in statuses if status >= b"500"], said[:300]
    assert MARK.encode() not in said
    is_clean(site, clean)


@pytest.mark.parametrize("raw", [b"\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"\x00" * 100, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET " + b"/" * 100_000 + b" HTTP/1.1\r\n\r\n"])  # fmt: skip
def test_what_is_no_request(site, clean, raw):
    assert b" 500 " not in send(site, raw, seconds=2.0)[:20]
    is_clean(site, clean)


@pytest.mark.parametrize(
    "cookie",
    [
        "sessionid=", "sessionid", "sessionid=;sessionid=", "sessionid=" + "a" * 40, "sessionid=" + "\xe9" * 40, 'sessionid="', "=;=;=",
        "sessionid=" + "a" * 24 + "0" * 16, "sessionid=../../etc/passwd", "sessionid=" + "a" * 9000, "a=b; " * 500, '$Version=1; sessionid="x"',
        "sessionid=%00", "__Host-sessionid=" + "a" * 40, "SESSIONID=x", "csrftoken=x; messages=W10:zzevilzz",
    ],
)  # fmt: skip
def test_odd_and_forged_cookies_change_nothing(site, clean, cookie):
    status, fields, body = request(site, f"GET {ARTICLE} HTTP/1.1", f"Cookie: {cookie}")
    assert (status, body) == (200, clean)
    assert "set-cookie" not in fields
    is_clean(site, clean)


@pytest.mark.parametrize(
    "accept",
    [
        "", "*", "*;q=0", "identity;q=0", "identity;q=0, *;q=0", "gzip;q=0", "gzip;q=2", "gzip;q=-1", "gzip;q=x", "GZIP", "x-gzip", ",,,",
        "br;q=0.0001", "zzevilzz", "gzip, deflate, br, zstd", "gzip," * 3000, "gzip;q=1;q=0", "gzip\tbr", "br;Q=0", "compress, br;q=0, gzip;q=0",
    ],
)  # fmt: skip
def test_whatever_coding_is_asked_for_the_words_are_the_same(site, clean, accept):
    import brotli

    decode = {None: bytes, "br": brotli.decompress, "gzip": __import__("gzip").decompress}
    status, fields, body = request(site, f"GET {ARTICLE} HTTP/1.1", f"Accept-Encoding: {accept}")
    assert status == 200
    assert fields["vary"] == "accept-encoding"
    assert decode[fields.get("content-encoding")](body) == clean
    is_clean(site, clean)


@pytest.mark.parametrize("header", ["Range: bytes=0-9", "Range: bytes=0-,0-,0-,0-", "Range: bytes=-1", "Range: zz", "If-Range: \"x\"\r\nRange: bytes=5-"])  # fmt: skip
def test_a_part_is_given_whole(site, clean, header):
    status, fields, body = request(site, f"GET {ARTICLE} HTTP/1.1", *header.split("\r\n"))
    assert (status, body) == (200, clean)
    assert "content-range" not in fields


def test_who_has_a_page_is_told_so(site):
    for coding in ("", "gzip", "br"):
        accept = f"Accept-Encoding: {coding}"
        tag = settled_tag(site, accept)
        for had in (tag, f"W/{tag}", f'"a", W/"b" , {tag}', "*", f"{tag},"):
            status, fields, body = request(site, f"GET {ARTICLE} HTTP/1.1", accept, f"If-None-Match: {had}")
            assert (status, body, fields["etag"]) == (304, b"", tag), had
        for had in ("", '"', "W/", f'"{MARK}"', tag.strip('"'), f'"{tag}"', '"a",' * 3000):
            assert request(site, f"GET {ARTICLE} HTTP/1.1", accept, f"If-None-Match: {had}")[0] == 200, had


def settled_tag(site, accept: str) -> str:
    """The tag that all give: a page that is kept is compressed better a second after it was drawn, and then has another."""
    is_kept = not site.environment.get("DATABASE_URL")
    deadline = time.monotonic() + 10
    while True:
        tags = {request(site, f"GET {ARTICLE} HTTP/1.1", accept)[1]["etag"] for _ in range(8)}
        if len(tags) == 1 and not (is_kept and '-1"' in str(tags)):
            return tags.pop()
        assert time.monotonic() < deadline, tags
        time.sleep(0.2)


def test_head_says_what_get_says(site):
    for path in (ARTICLE, "/", "/feed/", "/nowhere/", f"{ARTICLE}?sort=newest", "/robots.txt", "/static/nothing.css"):
        for accept in ("", "gzip", "br"):
            deadline = time.monotonic() + 10
            while (head := told(site, "HEAD", path, accept)) != (got := told(site, "GET", path, accept)):
                assert time.monotonic() < deadline, (path, head, got)  # a page is compressed better a second after it is drawn


def told(site, method: str, path: str, accept: str) -> tuple:
    """Status and headers."""
    status, fields, body = request(site, f"{method} {path} HTTP/1.1", f"Accept-Encoding: {accept}")
    assert method == "GET" or body == b"", path
    return status, {name: value for name, value in fields.items() if name not in {"date", "x-request-id"}}


def test_another_version_of_the_protocol(site, clean):
    status, _, body = request(site, f"GET {ARTICLE} HTTP/1.0")
    assert (status, body) == (200, clean)


def test_two_requests_at_once_get_two_answers(site, clean):
    host = urlsplit(site.url).netloc
    one = f"GET {ARTICLE} HTTP/1.1\r\nHost: {host}\r\n".encode()
    said = send(site, (one + b"\r\n") * 2 + one + b"Connection: close\r\n\r\n")
    assert said.count(b"HTTP/1.1 200") == 3
    assert said.count(clean) == 3


def test_in_the_end_nothing_went_wrong_inside(site):
    assert not [line for line in site.lines if "Traceback" in line or "could not answer" in line]
