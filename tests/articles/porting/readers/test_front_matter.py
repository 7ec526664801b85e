import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from articles.porting.readers import front_matter as matter
from articles.porting.records import BadRecord


def split(front: str, rest: str = "Body\n") -> tuple[dict, str]:
    return matter.split(f"---\n{front}\n---\n{rest}", "one.md")


def test_it_works():
    assert split("title: One\ntags: [a, b]") == ({"title": "One", "tags": ["a", "b"]}, "Body\n")


@pytest.mark.parametrize(
    "text", ["---\ntitle: One\n---", "\ufeff---\ntitle: One\n---\n", "---  \ntitle: One\n--- \t\n", "---\ntitle: One\n---\n"]
)
def test_forms_of_the_two_lines(text):
    assert matter.split(text, "one.md") == ({"title": "One"}, "")


def test_a_rule_in_the_text_is_no_end():
    assert split("title: One", "a\n\n---\n\nb\n---\n")[1] == "a\n\n---\n\nb\n---\n"


@pytest.mark.parametrize(
    "text",
    ["", "Body", "title: One\n---\nBody", "---\ntitle: One\nBody", " ---\ntitle: One\n---\n", "----\ntitle: One\n----\n"],
)
def test_a_file_without_front_matter_is_told_how_to_begin(text):
    with pytest.raises(BadRecord, match=r"^one\.md: no front matter\. Begin the file"):
        matter.split(text, "one.md")


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("title: a: b", 2),
        ("title: One\nsummary: [a, b", 3),
        ("title: One\nsubtitle: 'open\nslug: x", 4),
        ("title: One\n\tslug: x", 3),
        ("title: One\nslug: @x", 3),
        ("title: !!python/object/apply:os.system ['true']", 2),
        ("title: One\nsummary: !!python/name:os.system", 3),
        ("title: &a One\nsummary: *a", 3),
        ("title: *none", 2),
    ],
)
def test_what_is_not_yaml_is_told_with_its_line_in_the_file(front, line):
    with pytest.raises(BadRecord, match=rf"^one\.md: line {line} of the front matter is not YAML \(.+\)\.$"):
        split(front)


@pytest.mark.parametrize(
    "front", ["date: 2025-02-30", "date: 2025-13-01", "title: a\x07b", "tags: " + "[" * 5000, "? [a]\n: b"]
)
def test_other_things_that_yaml_cannot_read(front):
    with pytest.raises(BadRecord, match=r"^one\.md: .*the front matter is not YAML"):
        split(front)


@pytest.mark.parametrize(
    "front",
    [
        "tags: &a [x, x]\nbyline: [*a, *a]",
        "\n".join(["title: &l0 {x: 1}", *(f"slug: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}]}}" for n in range(1, 10))]),
        "\n".join(["title: &l0 [x]", *(f"slug: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10))]),
    ],
)
def test_aliases_never_explode(front):
    with pytest.raises(BadRecord, match="aliases are not read"):
        split(front)


def test_front_matter_has_a_largest_size():
    with pytest.raises(BadRecord, match="longer than 50,000 characters"):
        split("title: " + "x" * 50_000)


@pytest.mark.parametrize("front", ["- a\n- b", "just words", "3", "2025-01-01"])
def test_front_matter_is_keys_with_values(front):
    with pytest.raises(BadRecord, match="must be keys with values"):
        split(front)


def test_an_unknown_key_is_named_beside_the_known_ones():
    with pytest.raises(BadRecord, match=r"^one\.md: unknown key 'titel'\. Known are .*title"):
        split("titel: One")


@pytest.mark.parametrize(
    ("value", "text"),
    [("One", "One"), (" One ", "One"), (1984, "1984"), (1.5, "1.5"), (date(2025, 1, 2), "2025-01-02"), (None, "")],
)
def test_texts(value, text):
    assert matter.text_of({"title": value}, "title", "one.md") == text


@pytest.mark.parametrize("value", [["a"], {"a": 1}, True, False])
def test_what_is_no_text(value):
    with pytest.raises(BadRecord, match=r"^one\.md: title must be a text\. Put it in quotation marks\.$"):
        matter.text_of({"title": value}, "title", "one.md")


@pytest.mark.parametrize("key", ["title", "subtitle", "summary", "slug", "canonical_url", "image_alt", "image_credit"])
def test_a_text_has_a_longest(key):
    longest = matter.LONGEST[key]
    assert matter.text_of({key: "x" * longest}, key, "one.md")
    with pytest.raises(BadRecord, match=rf"^one\.md: {key} has {longest + 1} characters; {longest} is the most"):
        matter.text_of({key: "x" * (longest + 1)}, key, "one.md")


def test_a_tag_and_a_name_have_a_longest():
    with pytest.raises(BadRecord, match="60 is the most"):
        matter.names_of(["a", "x" * 61], "one.md", "tags")
    with pytest.raises(BadRecord, match="100 is the most"):
        matter.names_of("x" * 101, "one.md", "byline")


@pytest.mark.parametrize("code", ["en", "pt-BR", "zh-Hant-TW", "gsw"])
def test_languages(code):
    assert matter.language_of({"language": code}, "one.md") == code


@pytest.mark.parametrize("code", ["english please", 'en" onclick="x', "e", "-", False, "en_GB"])
def test_what_is_no_language(code):
    """False is what YAML makes of no, the code of Norwegian."""
    with pytest.raises(BadRecord, match="language"):
        matter.language_of({"language": code}, "one.md")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//example.org", "example.org", "https://", "https:///x", "ftp://x"]
)
def test_a_canonical_address_is_a_web_address(address):
    with pytest.raises(BadRecord, match="begins with https"):
        matter.address_of({"canonical_url": address}, "canonical_url", "one.md")
    assert matter.address_of({"canonical_url": "https://example.org/a?b"}, "canonical_url", "one.md")


@pytest.mark.parametrize(
    ("front", "draft"),
    [("draft: true", True), ("draft: yes", True), ("draft: no", False), ("draft:", False), ("title: x", False)],
)
def test_drafts(front, draft):
    assert matter.flag(split(front)[0], "draft", "one.md") is draft


@pytest.mark.parametrize("front", ['draft: "true"', "draft: 1", "draft: maybe", "draft: [true]"])
def test_a_draft_is_never_published_by_a_slip(front):
    with pytest.raises(BadRecord, match=r"^one\.md: draft is .*; write true or false\.$"):
        matter.flag(split(front)[0], "draft", "one.md")


def test_a_kind_is_one_of_those_there_are():
    assert matter.choice({}, "kind", "one.md", ("article", "page")) == "article"
    assert matter.choice({"kind": "page"}, "kind", "one.md", ("article", "page")) == "page"
    with pytest.raises(BadRecord, match="kind is 'post'; write article or page"):
        matter.choice({"kind": "post"}, "kind", "one.md", ("article", "page"))


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (None, ()),
        ("One", ("One",)),
        ("One, Two ,", ("One", "Two")),
        (["One, with a comma", " Two ", "", 3], ("One, with a comma", "Two", "3")),
        ([], ()),
    ],
)
def test_names(value, names):
    assert matter.names_of(value, "one.md", "byline") == names


@pytest.mark.parametrize("value", [3, {"a": 1}, [["a"]], [{"a": 1}], [None], [False], True])
def test_what_are_no_names(value):
    with pytest.raises(BadRecord, match=r"must be names, such as"):
        matter.names_of(value, "one.md", "tags")


@pytest.mark.parametrize(
    ("front", "when"),
    [
        ("date: 2025-02-11", datetime(2025, 2, 11, tzinfo=UTC)),
        ("date: 2025-02-11T08:00:00Z", datetime(2025, 2, 11, 8, tzinfo=UTC)),
        ("date: 2025-02-11 08:00:00", datetime(2025, 2, 11, 8, tzinfo=UTC)),
        ("date: 2025-02-11T08:00:00+02:00", datetime(2025, 2, 11, 8, tzinfo=timezone(timedelta(hours=2)))),
        ("date: '2025-02-11'", datetime(2025, 2, 11, tzinfo=UTC)),
        ("date: '2025-02-11T08:00'", datetime(2025, 2, 11, 8, tzinfo=UTC)),
        ("date:", None),
    ],
)
def test_dates(front, when):
    assert matter.moment(split(front)[0]["date"], "one.md") == when


@pytest.mark.parametrize(
    "value", ["yesterday", "11.2.2025", 2025, 1739232000, ["2025-02-11"], True, date(1, 1, 1), "9999-12-31T23:00:00-12:00", ""]
)
def test_what_is_no_date(value):
    with pytest.raises(BadRecord, match=r"^one\.md: date is .*; write it like 2025-02-11"):
        matter.moment(value, "one.md")


def test_corrections_are_a_list_of_dates_and_texts():
    front, _ = split(
        "corrections:\n  - date: 2025-02-12\n    text: It was so.\n  - {date: 2025-02-13T09:00:00Z, text: And so.}"
    )
    assert [(found.date.isoformat(), found.text) for found in matter.corrections_of(front, "one.md")] == [
        ("2025-02-12T00:00:00+00:00", "It was so."),
        ("2025-02-13T09:00:00+00:00", "And so."),
    ]
    assert matter.corrections_of({}, "one.md") == ()


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("corrections: It was so.", "must be a list"),
        ("corrections: [It was so.]", "must be a list"),
        ("corrections: {date: 2025-02-12, text: a}", "must be a list"),
        ("corrections: [{date: 2025-02-12}]", "must be a list"),
        ("corrections: [{date: 2025-02-12, text: a, by: me}]", "must be a list"),
        ("corrections: [{date: 2025-02-12, text: ''}]", "one has no text"),
        ("corrections: [{date: , text: a}]", "one has no date"),
        ("corrections: [{date: soon, text: a}]", "date is 'soon'"),
        ("corrections: [{date: 2999-01-01, text: a}]", "yet to come"),
        ("corrections: [{date: 2025-02-12, text: a}, {date: 2025-02-12T00:00:00Z, text: b}]", "same date"),
        (f"corrections: [{{date: 2025-02-12, text: {'x' * 2001}}}]", "2000 is the most"),
    ],
)
def test_corrections_that_cannot_be_read_are_explained(front, words):
    with pytest.raises(BadRecord, match=rf"^one\.md: .*{re.escape(words)}"):
        matter.corrections_of(split(front)[0], "one.md")
