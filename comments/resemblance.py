"""Which comments belong together: by writer, by network, by a link or by nearly the same text."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from comments.models import Comment, Trace

WAYS = {
    "writer": "by this writer",
    "network": "from this network",
    "link": "with a link to the same site",
    "text": "with nearly this text",
}
KINDS = {"link": Trace.Kind.LINK, "text": Trace.Kind.TEXT}
OPEN = (Comment.State.HELD, Comment.State.VISIBLE)


def like(comment: Comment, way: str) -> QuerySet:
    """The comments like this one, itself among them, that can be decided about together: held ones and visible ones.

    None of staff. KeyError for a way that is none of WAYS.
    """
    found = Comment.objects.filter(state__in=OPEN, user=None)
    if way in KINDS:
        values = list(comment.traces.filter(kind=KINDS[way]).values_list("value", flat=True))
        same = Trace.objects.filter(kind=KINDS[way], value__in=values)
        return found.filter(pk__in=same.values("comment"))
    return found.filter({"writer": by_writer, "network": from_network}[way](comment))


def by_writer(comment: Comment) -> Q:
    """The same name from the same network, or the same e-mail address; never the name alone."""
    same = Q(pk=comment.pk)
    if comment.network:
        same |= Q(network=comment.network, folded=comment.folded)
    if comment.email:
        same |= Q(email=comment.email)
    return same


def from_network(comment: Comment) -> Q:
    return Q(network=comment.network) if comment.network else Q(pk=comment.pk)
