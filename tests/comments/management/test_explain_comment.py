from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from comments import moderation
from comments.models import Lessons
from tests.comments.making import make_comment
from tests.factories import make_article

pytestmark = pytest.mark.django_db
LINKS = "See https://a.example/ and https://b.example/"


def explain(pk) -> str:
    out = StringIO()
    call_command("explain_comment", str(pk), stdout=out)
    return out.getvalue()


def test_it_prints_the_sum_line_by_line(frozen):
    comment = make_comment(make_article(title="On charts"), text=LINKS, name="Ines", seconds=1)
    told = explain(comment.pk)
    assert told.startswith(f"Comment {comment.pk} by Ines on “On charts”, 2025-02-15 12:00\nState: held\n")
    lines = [line.rsplit(None, 1) for line in told.splitlines() if line.startswith("  ")]
    assert ["  Written in 1 second", "+3.0"] in [[text.rstrip(), weight] for text, weight in lines]
    assert "Together (held from 2.0)" in told
    assert "+7.4  held" in told
    assert "Nobody has decided about it since." in told


def test_it_tells_what_was_decided_since_and_what_was_undone(editor, frozen):
    comment = make_comment(make_article(), text=LINKS)
    rejected = moderation.reject(comment, by=editor, reason="selling")
    frozen.shift(timedelta(minutes=5))
    moderation.restore(rejected, by=editor)
    told = explain(comment.pk)
    by = f"the comment by {comment.name}"
    assert f"2025-02-15 12:00: Editor rejected {by}, held → rejected (selling), undone 2025-02-15 12:05" in told
    assert f"Editor undid a decision about {by}, rejected → held" in told


def test_it_tells_of_comments_for_which_nothing_counted(editor):
    article = make_article()
    assert "Nothing counted when it was posted." in explain(make_comment(article).pk)
    assert "Staff wrote it" in explain(make_comment(article, user=editor).pk)


def test_it_tells_how_much_was_learned():
    comment = make_comment(make_article())
    assert "0 approved and 0 removed comments are learned.\nIt takes 20 of each." in explain(comment.pk)
    Lessons.objects.create(pk=1, good=30, bad=20)
    assert "The words now, after 30 approved and 20 removed comments: 0.0" in explain(comment.pk)


def test_reasons_from_before_there_were_weights():
    comment = make_comment(make_article())
    comment.reasons = [{"code": "fast", "text": "Written in 1 second"}]
    comment.save(update_fields=["reasons"])
    assert "+2.0  held" in explain(comment.pk)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("999", "There is no comment 999."),
        ("abc", "'abc' is not the number of a comment."),
        ("-1", "'-1' is not the number"),
        ("", "'' is not the number"),
        ("9" * 40, "is not the number of a comment"),
        ("٣", "is not the number of a comment"),
    ],
)
def test_what_is_no_comment_is_told_in_a_sentence(given, sentence):
    with pytest.raises(CommandError, match=sentence.replace(".", r"\.")):
        call_command("explain_comment", "--", given)
