"""What a reader is told where a comment is not to be seen."""

from __future__ import annotations

from typing import NamedTuple

from comments.models import Comment


class Absence(NamedTuple):
    status: int
    heading: str
    sentence: str


NOWHERE = Absence(404, "There is no conversation here", "The article is not public, or it cannot be commented on.")
NEVER_THERE = Absence(404, "There is no such comment", "No comment has this address. Perhaps it was not copied to its end.")
NOT_PUBLIC = Absence(410, "This comment is not here", "Its article, or the conversation on it, is no longer public.")
ABSENCES = {
    Comment.State.HELD: Absence(
        404,
        "This comment waits for a moderator",
        "A moderator reads it before others can. If it is shown then, it will be at this address.",
    ),
    Comment.State.REJECTED: Absence(410, "This comment is not shown", "A moderator read it and decided not to show it."),
    Comment.State.REMOVED: Absence(410, "This comment was removed", "A moderator took it down."),
    Comment.State.WITHDRAWN: Absence(410, "This comment was taken back", "Its writer took it back."),
}


def absence_of(comment: Comment | None, *, is_public: bool) -> Absence:
    """Why a comment is not to be seen; `is_public` is whether its article's conversation is."""
    if comment is None:
        return NEVER_THERE
    return ABSENCES.get(Comment.State(comment.state), NOT_PUBLIC) if is_public else NOT_PUBLIC
