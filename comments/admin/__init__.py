"""The desk's pages for comments."""

from comments.admin.comment import CommentAdmin
from comments.admin.decision import DecisionAdmin
from comments.admin.rounds import RoundsAdmin

__all__ = ["CommentAdmin", "DecisionAdmin", "RoundsAdmin"]
