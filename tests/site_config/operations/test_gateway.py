import asyncio

import pytest

from site_config.operations import gateway
from tests.site_config.operations.rsgi import Headers, Protocol, Scope


def read(*chunks, headers, most=100, kind=Protocol):
    async def reading():
        file, length = await gateway.read_body(kind(*chunks), headers, most)
        with file:
            return file.read(), length

    return asyncio.run(reading())


def declared(length):
    return Headers(("content-length", str(length)))


def test_it_works():
    assert read(b"name=", b"Ada", headers=declared(8)) == (b"name=Ada", 8)


def test_a_request_without_a_length_has_no_body():
    assert read(headers=Headers()) == (b"", 0)


def test_a_long_body_waits_on_disk():
    long = b"x" * (gateway.IN_MEMORY + 1)
    assert read(long, headers=declared(len(long)), most=10**6) == (long, len(long))


@pytest.mark.parametrize(
    ("chunks", "headers", "status"),
    [
        ((None,), declared(101), 413),
        ((b"half",), declared(8), 400),
        ((b"a=b",), Headers(("transfer-encoding", "chunked")), 411),
        ((b"half", None), declared(8), 408),
    ],
)
def test_it_refuses(monkeypatch, chunks, headers, status):
    monkeypatch.setattr(gateway, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(gateway, "DRAIN_SECONDS", 0.05)
    with pytest.raises(gateway.Refused) as refused:
        read(*chunks, headers=headers)
    assert refused.value.status == status


@pytest.mark.parametrize(("length", "is_drained"), [(101, True), (gateway.MOST_DRAINED + 1, False)])
def test_who_sends_too_much_may_finish_to_be_told_so(length, is_drained):
    taken = []

    class Watched(Protocol):
        async def __aiter__(self):
            for chunk in self.chunks:
                taken.append(chunk)
                yield chunk

    with pytest.raises(gateway.Refused):
        asyncio.run(gateway.read_body(Watched(b"one", b"two"), declared(length), 100))
    assert taken == ([b"one", b"two"] if is_drained else [])


def test_a_slow_body_that_keeps_coming_gets_more_time(monkeypatch):
    monkeypatch.setattr(gateway, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(gateway, "SLOWEST", 10)

    class Slow(Protocol):
        async def __aiter__(self):
            for chunk in self.chunks:
                await asyncio.sleep(0.03)
                yield chunk

    assert read(*[b"12345678"] * 4, headers=declared(32), kind=Slow) == (b"12345678" * 4, 32)


def environ(**scope):
    return gateway.environ(Scope(**scope), None, 3)


def test_an_environ_has_only_cgi_http_and_wsgi_keys(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    keys = environ(headers=Headers(("host", "example.org"), ("content-type", "text/plain"), ("content-length", "3")))
    assert keys["HTTP_HOST"] == "example.org"
    assert keys["CONTENT_TYPE"] == "text/plain"
    assert keys["CONTENT_LENGTH"] == "3"
    assert "DATABASE_URL" not in keys
    assert not [key for key in keys if key.startswith("HTTP_CONTENT")]


def test_repeated_headers_are_joined():
    headers = Headers(("cookie", "a=1"), ("cookie", "b=2"), ("accept", "text/html"), ("accept", "*/*"))
    keys = environ(headers=headers)
    assert keys["HTTP_COOKIE"] == "a=1; b=2"
    assert keys["HTTP_ACCEPT"] == "text/html,*/*"


def test_names_that_would_pass_for_others_are_dropped():
    headers = Headers(("x-forwarded-for", "192.0.2.1"), ("x_forwarded_for", "6.6.6.6"), ("proxy", "http://evil"))
    keys = environ(headers=headers)
    assert keys["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert "HTTP_PROXY" not in keys


def test_an_absolute_target_names_the_host():
    assert environ(authority="example.org:99", headers=Headers(("host", "other")))["HTTP_HOST"] == "example.org:99"


@pytest.mark.parametrize(("client", "address"), [("192.0.2.7:4711", "192.0.2.7"), ("[2001:db8::1]:4711", "2001:db8::1")])
def test_the_address_of_the_client(client, address):
    assert environ(client=client)["REMOTE_ADDR"] == address


def test_a_path_goes_in_as_bytes_of_utf8():
    assert environ(path="/café/")["PATH_INFO"].encode("latin-1").decode() == "/café/"
