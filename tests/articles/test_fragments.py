import pytest

from articles import fragments
from articles.reading import Subject
from articles.share import Shared

SHARED = Shared("https://example.org/one/", "One & two", "", "A summary.")


def entry(name: str, *inner: dict) -> dict:
    return {"id": name.lower(), "text": name, "inner": list(inner)}


def test_the_end_names_tags_and_share_links():
    html = fragments.end(SHARED, (Subject("AI & law", "/tag/ai/"), Subject("New", "")), ("email",))
    assert '<a href="/tag/ai/" rel="tag">AI &amp; law</a>' in html
    assert "<li>New</li>" in html
    assert 'data-title="One &amp; two" data-url="https://example.org/one/"' in html
    assert html.count("noopener") == 1


@pytest.mark.parametrize(
    "other",
    [
        (SHARED._replace(title="Other"), (), ("email",)),
        (SHARED, (Subject("AI", "/tag/ai/"),), ("email",)),
        (SHARED, (), ("email", "x")),
    ],
    ids=["title", "tags", "services"],
)
def test_each_value_makes_a_fragment_of_its_own(other):
    assert fragments.end(SHARED, (), ("email",)) != fragments.end(*other)


def test_the_same_is_drawn_once():
    fragments.end.cache_clear()
    for _ in range(3):
        fragments.end(SHARED, (), ("x",))
    assert fragments.end.cache_info().misses == 1


def test_the_contents_nest():
    html = fragments.contents([entry("A", entry("B<")), entry("C"), entry("D")])
    assert '<li><a href="#a">A</a><ol><li><a href="#b&lt;">B&lt;</a></li></ol></li>' in html
    assert html.count("<ol>") == 2


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_parts_need_no_contents(count):
    assert fragments.contents([entry("A")] * count) == ""
