"""Several comments at once: a page that shows what will be taken, before anything is."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from comments import bulk
from comments.admin.queue import PHRASES, REASONS, number_in, refuse_others
from comments.models import Comment
from comments.queue.cases import as_seen, seen
from comments.resemblance import OPEN, WAYS, like
from comments.spam.traces import foreign_hosts
from site_config.lib.text import shorten

BUTTONS = (
    ("approve", "Approve those that wait"),
    ("reject", "Reject those that wait"),
    ("remove", "Remove all that are ticked"),
)


class Group(NamedTuple):
    """Comments that are decided together: those that can be, what they have in common, what a page sends to mean them."""

    alike: QuerySet
    how: str
    fields: list[tuple[str, str]]
    is_close: bool = True
    """Whether those that readers see are ticked from the start as well."""
    like: Comment | None = None


class SeveralPages:
    """The preview of a decision about several comments, for the comments' admin."""

    admin_site: Any

    def several_urls(self) -> list:
        return [path("queue/several/", self.admin_site.admin_view(self.several), name="comments_comment_several")]

    def several(self, request: HttpRequest) -> HttpResponse:
        """GET lists the `chosen` comments, or what is like one (`like`) in one way (`by`); POST decides about those ticked,
        as they were seen."""
        refuse_others(request)
        group = group_of(request.POST if request.method == "POST" else request.GET)
        return self.decide_several(request, group) if request.method == "POST" else self.preview(request, group)

    def preview(self, request: HttpRequest, group: Group, trouble: str = "", status: int = 200) -> HttpResponse:
        """Three queries for any number of comments. What was ticked when it was sent is ticked again."""
        alike = group.alike.select_related("article").only(*COLUMNS).order_by("-created_at", "-pk")
        found = list(alike[: bulk.MOST + 1])
        taken = {value.partition(" ")[0] for value in request.POST.getlist("take")}
        rows = [
            {
                "comment": one,
                "seen": f"{one.pk} {seen(one)}",
                "excerpt": shorten(one.source, 160),
                "is_ticked": str(one.pk) in taken if request.POST else group.is_close or one.state == Comment.State.HELD,
            }
            for one in found[: bulk.MOST]
        ]
        held = sum(one.state == Comment.State.HELD for one in found[: bulk.MOST])
        context = self.admin_site.each_context(request) | {
            "title": f"Comments {group.how}",
            "opts": Comment._meta,
            "group": group,
            "rows": rows,
            "held": held,
            "visible": len(rows) - held,
            "most": bulk.MOST if len(found) > bulk.MOST else 0,
            "buttons": BUTTONS,
            "reasons": REASONS,
            "phrases": PHRASES,
            "trouble": trouble,
            "sent": request.POST,
        }
        return render(request, "admin/comments/several.html", context, status=status)

    def decide_several(self, request: HttpRequest, group: Group) -> HttpResponse:
        """What waits is approved or rejected; to remove takes what readers see as well. The rest of the ticked is left."""
        verb, ticked = request.POST.get("do", ""), ticked_in(request)
        if verb not in bulk.VERBS:
            return self.preview(request, group, "Choose what to do with them.", 400)
        fits = [one for one in ticked if verb == "remove" or one.state == Comment.State.HELD]
        if not fits:
            missing = "None of the ticked comments waits." if ticked else "Tick at least one comment."
            return self.preview(request, group, f"{missing} Nothing was changed.", 400)
        words = {"reason": request.POST.get("reason", "").strip(), "tell": request.POST.get("note", "").strip()}
        try:
            done = bulk.decide_all(fits, verb, by=request.user, **words)
        except bulk.TooMany as error:
            return self.preview(request, group, f"{error} Nothing was changed.", 400)
        if not done.done:
            return self.preview(request, group, done.refused[0], 409)
        last = done.done[-1].decision.pk
        left = f"&left={len(done.refused)}" if done.refused else ""
        return HttpResponseRedirect(f"{reverse('admin:comments_comment_queue')}?done={last}{left}")


def group_of(asked: QueryDict) -> Group:
    """Raises Http404 for a comment or a way that there is not."""
    if chosen := [number for value in asked.getlist("chosen") if (number := number_in(value))]:
        alike = Comment.objects.filter(pk__in=chosen[: bulk.MOST + 1], state__in=OPEN)
        return Group(alike, "that you chose", [("chosen", str(pk)) for pk in chosen])
    comment = get_object_or_404(Comment, pk=number_in(asked.get("like")) or 0)
    way = asked.get("by", "")
    if way not in WAYS:
        raise Http404("Comments belong together by writer, network, link or text.")
    sites = ", ".join(foreign_hosts(comment.source)) if way == "link" else ""
    how = f"with a link to {sites}" if sites else WAYS[way]
    return Group(like(comment, way), how, [("like", str(comment.pk)), ("by", way)], way != "link", comment)


COLUMNS = ("article__title", "article__slug", "article__kind", "name", "source", "state", "created_at", "decided_at", "shown")


def ticked_in(request: HttpRequest) -> list[Comment]:
    """The comments whose boxes are ticked, each in the state in which the page showed it. One query."""
    values = {}
    for value in request.POST.getlist("take")[: bulk.MOST + 1]:
        number, _, state = value.partition(" ")
        if pk := number_in(number):
            values[pk] = state
    found = Comment.objects.in_bulk(values)
    return [as_seen(found[pk], state) for pk, state in values.items() if pk in found]
