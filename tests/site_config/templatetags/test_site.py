from datetime import UTC, datetime

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

from site_config.templatetags import site

WHEN = datetime(2025, 2, 12, 23, 14, 5, tzinfo=UTC)


def drawn(text: str, **context) -> str:
    return Template("{% load site %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("{% address 'front' %}", "/"),
        ("{% address 'article' 'about' %}", "/about/"),
        ("{% asset 'site/site.css' %}", "/static/site/site.css"),
    ],
)
def test_addresses(tag, words):
    assert drawn(tag) == words


@pytest.mark.parametrize("tag", ["{% address %}", "{% address front %}", "{% address 'article' slug %}", "{% asset name %}"])
def test_what_is_not_constant_is_refused(tag):
    with pytest.raises(TemplateSyntaxError, match="quoted words only"):
        drawn(tag)


def test_moments_are_the_sites(settings):
    assert drawn("{{ when|day }}, {{ when|iso_day }}, {{ when|instant }}", when=WHEN) == (
        "12 February 2025, 2025-02-12, 2025-02-12T23:14:05+00:00"
    )
    settings.TIME_ZONE = "Asia/Tokyo"
    timezone.deactivate()
    assert drawn("{{ when|day }}, {{ when|iso_day }}, {{ when|instant }}", when=WHEN) == (
        "13 February 2025, 2025-02-13, 2025-02-13T08:14:05+09:00"
    )


def test_days_speak_the_sites_language(settings):
    assert site.day(WHEN) == "12 February 2025"
    settings.LANGUAGE_CODE = "de"
    assert site.day(WHEN) == "12 Februar 2025"


@pytest.mark.parametrize("name", ["day", "iso_day", "instant"])
def test_no_moment_is_nothing(name):
    assert drawn("{{ when|" + name + " }}", when=None) == ""


@pytest.mark.parametrize(("number", "words"), [(0, "0"), (1234567, "1234567"), (None, "")])
def test_digits(number, words):
    assert drawn("{{ number|digits }}", number=number) == words


@pytest.mark.parametrize(("count", "words"), [(0, "no comments yet"), (1, "1 comment"), (2, "2 comments")])
def test_comments(count, words):
    assert drawn("{{ count|comments }}", count=count) == words
