"""Several comments at once: a page that shows what will be taken, before anything is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from comments import bulk
from comments.admin.queue import PHRASES, REASONS, number_in, refuse_others
from comments.models import Comment
from comments.queue.cases import as_seen, seen
from comments.resemblance import WAYS, like
from site_config.lib.text import shorten

BUTTONS = (
    ("approve", "Approve those that wait"),
    ("reject", "Reject those that wait"),
    ("remove", "Remove all that are ticked"),
)


class SeveralPages:
    """The preview of a decision about several comments, for the comments' admin."""

    admin_site: Any

    def several_urls(self) -> list:
        return [path("queue/several/", self.admin_site.admin_view(self.several), name="comments_comment_several")]

    def several(self, request: HttpRequest) -> HttpResponse:
        """GET lists what is like one comment (`like`) in one way (`by`); POST decides about the ticked ones as seen."""
        refuse_others(request)
        asked = request.POST if request.method == "POST" else request.GET
        comment = get_object_or_404(Comment, pk=number_in(asked.get("like")) or 0)
        way = asked.get("by", "")
        if way not in WAYS:
            raise Http404("Comments belong together by writer, network, link or text.")
        if request.method == "POST":
            return self.decide_several(request, comment, way)
        return self.preview(request, comment, way)

    def preview(self, request: HttpRequest, comment: Comment, way: str, trouble: str = "", status: int = 200) -> HttpResponse:
        """Three queries for any number of comments."""
        alike = like(comment, way).select_related("article").only(*COLUMNS).order_by("-created_at", "-pk")
        found = list(alike[: bulk.MOST + 1])
        rows = [
            {"comment": one, "seen": f"{one.pk} {seen(one)}", "excerpt": shorten(one.source, 160)} for one in found[: bulk.MOST]
        ]
        held = sum(one.state == Comment.State.HELD for one in found[: bulk.MOST])
        context = self.admin_site.each_context(request) | {
            "title": f"Comments {WAYS[way]}",
            "opts": Comment._meta,
            "like": comment,
            "way": way,
            "how": WAYS[way],
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

    def decide_several(self, request: HttpRequest, comment: Comment, way: str) -> HttpResponse:
        """What waits is approved or rejected; to remove takes what readers see as well. The rest of the ticked is left."""
        verb, ticked = request.POST.get("do", ""), ticked_in(request)
        if verb not in bulk.VERBS:
            return self.preview(request, comment, way, "Choose what to do with them.", 400)
        fits = [one for one in ticked if verb == "remove" or one.state == Comment.State.HELD]
        if not fits:
            missing = "None of the ticked comments waits." if ticked else "Tick at least one comment."
            return self.preview(request, comment, way, f"{missing} Nothing was changed.", 400)
        words = {"reason": request.POST.get("reason", "").strip(), "tell": request.POST.get("note", "").strip()}
        try:
            done = bulk.decide_all(fits, verb, by=request.user, **words)
        except bulk.TooMany as error:
            return self.preview(request, comment, way, f"{error} Nothing was changed.", 400)
        if not done.done:
            return self.preview(request, comment, way, done.refused[0], 409)
        last = done.done[-1].decision.pk
        left = f"&left={len(done.refused)}" if done.refused else ""
        return HttpResponseRedirect(f"{reverse('admin:comments_comment_queue')}?done={last}{left}")


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
