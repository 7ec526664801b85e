"""Comments, what is decided about them, what is reported of them, by what they resemble each other, and who is told."""

from comments.models.clue import Clue, Lessons
from comments.models.comment import DEEPEST, Comment
from comments.models.decision import Decision
from comments.models.feed_key import FeedKey
from comments.models.notice import Address, Following, Notice, Pace, Rounds
from comments.models.report import Report
from comments.models.trace import Trace

__all__ = [
    "DEEPEST", "Address", "Clue", "Comment", "Decision", "FeedKey", "Following", "Lessons", "Notice", "Pace", "Report",
    "Rounds", "Trace",
]  # fmt: skip
