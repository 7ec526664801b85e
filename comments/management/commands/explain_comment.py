"""`manage.py explain_comment ID`: why a comment appeared or was held."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from comments.models import Comment
from comments.spam import classifier
from comments.spam.bayes import SEEN_ENOUGH, Opinion
from comments.spam.draft import HELD_FROM, counted, signed

MOST_WORDS = 12


class Command(BaseCommand):
    help = "Prints what counted for and against a comment, and what was decided about it since."

    def add_arguments(self, parser) -> None:
        parser.add_argument("id", help="the number in the comment's address, /comments/ID/")

    def handle(self, *args, id: str, **options) -> None:
        comment = find(id)
        self.stdout.write("\n".join(explained(comment)))


def find(text: str) -> Comment:
    """Raises CommandError in a sentence."""
    if not (text.isascii() and text.isdigit()) or int(text) >= 2**63:
        raise CommandError(f"{text!r} is not the number of a comment. It is the one in the comment's address, /comments/ID/.")
    comment = Comment.objects.select_related("article").filter(pk=int(text)).first()
    if comment is None:
        raise CommandError(f"There is no comment {int(text)}. It may have been deleted with its article.")
    return comment


def explained(comment: Comment) -> Iterator[str]:
    yield f"Comment {comment.pk} by {comment.name} on “{comment.article}”, {moment(comment.created_at)}"
    yield f"State: {comment.get_state_display().lower()}"
    yield ""
    yield from table(comment)
    yield ""
    yield from words(comment)
    yield ""
    yield from decided(comment)


def table(comment: Comment) -> Iterator[str]:
    """The signals as they were when it was posted, their sum, and what that meant."""
    if not comment.reasons:
        yield "Nothing counted when it was posted." if not comment.user_id else "Staff wrote it: nothing is asked of them."
        return
    rows = counted(comment.reasons)
    together = f"Together (held from {HELD_FROM})"
    width = max(len(text) for text in [together, *(text for text, _ in rows)])
    for text, weight in rows:
        yield f"  {text:{width}}  {weight:>5}"
    yield f"  {'':─<{width}}  {'':─<5}"
    meaning = "held" if comment.held_because else "appeared at once"
    yield f"  {together:{width}}  {signed(comment.reasons_sum):>5}  {meaning}"


def words(comment: Comment) -> Iterator[str]:
    """What the classifier thinks of it by now, and by which words."""
    good, bad = next(iter(classifier.lessons()), (0, 0))
    if min(good, bad) < SEEN_ENOUGH:
        yield f"The words say nothing yet: {good} approved and {bad} removed comments are learned."
        yield f"It takes {SEEN_ENOUGH} of each."
        return
    opinion: Opinion = classifier.opinion_of(comment.name, comment.source)
    learned = f", and this one is among them as {comment.learned}" if comment.learned else ""
    yield f"The words now, after {good} approved and {bad} removed comments{learned}: {signed(opinion.weight)}"
    for clue in opinion.telling[:MOST_WORDS]:
        yield f"  {clue.shown:26}  {clue.weight:+.2f}".replace("-", "−")


def decided(comment: Comment) -> Iterator[str]:
    decisions = list(comment.decisions.order_by("pk"))
    yield "Decided since:" if decisions else "Nobody has decided about it since."
    for one in decisions:
        reason = f" ({one.told_reason})" if one.told_reason else ""
        undone = f", undone {moment(one.undone_at)}" if one.undone_at else ""
        yield f"  {moment(one.at)}: {one.line}, {one.before} → {one.after}{reason}{undone}"


def moment(when) -> str:
    return f"{timezone.localtime(when):%Y-%m-%d %H:%M}"
