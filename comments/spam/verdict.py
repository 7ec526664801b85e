"""Whether a comment appears at once or is held: the sum of what counts for and against it.

Each signal (see `spam.signals`) that finds something gives a sentence and a weight. From HELD_FROM on a moderator reads the
comment before readers do. A hold never deletes, and nothing is refused here.
"""

from __future__ import annotations

from django.utils import timezone

from comments.models import Comment
from comments.spam import trust
from comments.spam.draft import Draft, Reason, Verdict, weight_of
from comments.spam.past import Past
from comments.spam.signals import AGAINST, FOR, policy, record

__all__ = ["again", "verdict_on"]


def verdict_on(draft: Draft) -> Verdict:
    """Three queries for an ordinary comment: what is like it, its network's record, how much was learned.

    One more for each of these: texts that seem alike, a classifier that has learned enough. Trust: three at most.
    """
    past = Past(draft)
    reasons = [reason for signal in AGAINST if (reason := signal(draft, past))]
    if any(reason.weight > 0 for reason in reasons):
        reasons += [reason for signal in FOR if (reason := signal(draft, past))]
    return Verdict(reasons)


def again(comment: Comment) -> Verdict:
    """The verdict on a stored comment now that its writer has shown that its e-mail address is theirs.

    What trust lifts goes, and trust counts; everything else stays as it was found. It decides nothing: only a comment that
    waits for this alone, that nobody has decided about or reported, may be let appear by it.
    """
    reasons = [Reason(row["code"], row["text"], weight_of(row), tuple(row.get("ids", ()))) for row in comment.reasons]
    if not comment.email or not trust.is_trusted(draft_again(comment)):
        return Verdict(reasons)
    known = record.TRUSTED
    kept = [reason for reason in reasons if reason.code not in policy.LIFTED_BY_TRUST | {known.code}]
    return Verdict([*kept, known] if kept else [])


def draft_again(comment: Comment) -> Draft:
    """What trust asks of a comment, with its e-mail address taken as proven."""
    networks = (comment.network,) if comment.network else ()
    now = timezone.now()
    return Draft(comment.folded, comment.source, networks, False, None, now, comment.name, comment.email, "", comment.pk, True)
