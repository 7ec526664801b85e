import gzip

import brotli
import pytest

from site_config.pages import encoding


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip ; q=0.1", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("identity", ""),
        ("identity;q=1, *;q=0", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0, gzip", "gzip"),
        ("identity;q=0, *", "br"),
        ("identity;q=0", ""),
        ("deflate, zstd", ""),
        ("brotli, x-gzip", ""),
        (",,;q=1,", ""),
    ],
)
def test_the_coding_that_the_reader_likes_best(accept, coding):
    assert encoding.choose(accept) == coding


@pytest.mark.parametrize(("coding", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)])
def test_a_body_comes_back(coding, decode):
    body = "Żółw — ".encode() * 100
    assert decode(encoding.encode(body, coding)) == body


@pytest.mark.parametrize("coding", ["br", "gzip", ""])
def test_the_same_body_has_the_same_bytes(coding, frozen):
    first = encoding.encode(b"text" * 50, coding)
    frozen.shift(3600)
    assert encoding.encode(b"text" * 50, coding) == first


def test_each_coding_and_each_body_has_its_own_tag():
    tags = {encoding.entity_tag(body, coding) for body in (b"one", b"two") for coding in ("br", "gzip", "")}
    assert len(tags) == 6
    assert all(tag[0] == tag[-1] == '"' for tag in tags)


@pytest.mark.parametrize("header", ['"a"', 'W/"a"', '"b", "a"', '"b",W/"a"', "*", ' "a" '])
def test_tags_that_match(header):
    assert encoding.matching(header, '"a"')


@pytest.mark.parametrize("header", ["", '"b"', "a", '"a-br"', '"A"', 'w/"a"'])
def test_tags_that_do_not(header):
    assert not encoding.matching(header, '"a"')
