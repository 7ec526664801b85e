import pytest

from articles.comparison import LABELS, differences
from articles.revisions import FIELDS
from tests.factories import make_image, make_user

pytestmark = pytest.mark.django_db


def shown(found) -> list[str]:
    """Each line as it is read, with what is gone in [-…-] and what is new in {+…+}."""
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return [
        str(line) if isinstance(line, int) else "".join(marks[piece.kind].format(piece.text) for piece in line.pieces)
        for line in found.lines
    ]


def test_it_works():
    found = differences({"title": "Old news", "tags": ["AI"]}, {"title": "New news", "tags": ["AI", "law"]})
    assert [(each.label, shown(each)) for each in found] == [
        ("Title", ["[-Old-]{+New+} news"]),
        ("Tags", ["AI{+, law+}"]),
    ]


def test_every_field_has_a_name():
    assert set(LABELS) == set(FIELDS)


def test_versions_that_say_the_same_do_not_differ(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert differences({"title": "One"}, {"title": "One", "subtitle": ""}) == []


def test_unchanged_paragraphs_are_counted_and_not_shown():
    paragraphs = [f"<p>Paragraph {number} stays.</p>" for number in range(20)]
    before, after = list(paragraphs), list(paragraphs)
    after[10] = "<p>Paragraph 10 goes.</p>"
    (found,) = differences({"body": "".join(before)}, {"body": "".join(after)})
    assert shown(found) == [
        "9", "Paragraph 9 stays.", "Paragraph 10 [-stays-]{+goes+}.", "Paragraph 11 stays.", "8",
    ]  # fmt: skip


def test_people_and_pictures_are_named(django_assert_num_queries):
    ada, image = make_user(display_name="Ada"), make_image(title="A chart")
    with django_assert_num_queries(3):
        found = differences({"bylines": [ada.pk], "image": None}, {"bylines": [], "image": image.pk})
    assert [shown(each) for each in found] == [["[-none-]", "{+A chart+}"], ["[-Ada-]"]]


def test_what_is_gone_since_is_said():
    found = differences({"image": 999, "bylines": [999]}, {"image": None, "bylines": []})
    assert "a picture that is gone" in shown(found[0])[0]
    assert "somebody who is gone" in shown(found[1])[0]


def test_a_change_that_no_line_shows_is_still_a_difference():
    (found,) = differences({"body": "<p>a</p>"}, {"body": "<p>a </p>"})
    assert found.lines == []
