"""The queue: one page on which everything that waits is decided, by keyboard or by plain forms."""

from __future__ import annotations

import time
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from comments import bulk, moderation
from comments.models import Comment, Decision
from comments.moderation import PERMISSION, UNDO_WITHIN, AlreadyDecided
from comments.posting import Refused
from comments.queue import cases, feed, piles
from comments.queue.statistics import HIGH, WIDE, figures
from site_config.lib.moments import by_the_clock, how_long

REASONS = ("Advertising", "Insult or attack", "Off topic", "Private details", "Repeats another comment", "Against the law")
PHRASES = (
    "Thank you for writing. Your point is welcome; please make it again without the remark about the other person.",
    "This goes away from the subject of the article. It would be welcome under one that is about it.",
    "We do not show links that sell something. What you wrote can stand without the link.",
    "Please leave out what is private about somebody else, and send it again.",
    "The same was said further up in the conversation. An answer there would be read.",
)
GONE_BY = "This comment is not there any more. Nothing was changed."


class Done(NamedTuple):
    """What came of an act: a sentence, the comment as it is now, and the decision that can be undone, if any."""

    said: str
    comment: Comment
    decision: Decision | None


class QueuePages:
    """The pages of the queue, for the comments' admin."""

    admin_site: Any

    def queue_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("queue/", wrap(self.queue), name="comments_comment_queue"),
            path("queue/decide/", wrap(self.queue_decide), name="comments_comment_queue_decide"),
            path("queue/undo/", wrap(self.queue_undo), name="comments_comment_queue_undo"),
            path("queue/feed/", wrap(self.queue_feed), name="comments_comment_queue_feed"),
            path("statistics/", wrap(self.statistics), name="comments_comment_statistics"),
        ]

    def queue(self, request: HttpRequest, trouble: dict | None = None) -> HttpResponse:
        """A page of one pile. `trouble` is what was sent and could not be done: {comment, said, text, reason, note}.

        About twenty queries, whatever the number of cases.
        """
        refuse_others(request)
        pile, after = request.GET.get("pile", "held"), number_in(request.GET.get("after"))
        if pile not in piles.NAMES:
            raise Http404("There is no such pile.")
        alone = number_in(request.GET.get("case"))
        context = self.admin_site.each_context(request) | {"title": "Comment queue", "opts": Comment._meta, "pile": pile}
        if pile == "decided":
            context["decisions"], more = piles.page_of_decisions(after)
            last = context["decisions"][-1].decision.pk if more else None
        else:
            numbers, more = ([alone], False) if alone else piles.page_of(pile, after)
            last = numbers[-1] if more else None
            context["cases"] = cases.cases(numbers)
            if trouble:
                trouble["is_at_case"] = trouble["comment"] in numbers
        now = piles.standing()
        context |= {
            "tabs": tabs(now),
            "longest": how_long(now.longest) if now.longest else "",
            "after": after,
            "alone": alone,
            "more": last,
            "undo": undo_of(request),
            "left": number_in(request.GET.get("left")),
            "reasons": REASONS,
            "phrases": PHRASES,
            "feed": feed.address_for(request.user),
            "trouble": trouble or {},
        }
        return render(request, "admin/comments/queue.html", context, status=trouble["status"] if trouble else 200)

    def queue_decide(self, request: HttpRequest) -> HttpResponse:
        """POST: does what the button says to one comment, as the page showed it."""
        refuse_others(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        comment = Comment.objects.filter(pk=number_in(request.POST.get("comment")) or 0).first()
        if comment is None:
            return self.not_done(request, GONE_BY, 409)
        cases.as_seen(comment, request.POST.get("seen", ""))
        try:
            done = act(comment, request.POST, by=request.user)
        except (AlreadyDecided, Refused) as error:
            is_decided = isinstance(error, AlreadyDecided)
            return self.not_done(request, str(error), 409 if is_decided else error.status, is_decided=is_decided)
        return self.answer_with(request, done)

    def answer_with(self, request: HttpRequest, done: Done) -> HttpResponse:
        if not wants_json(request):
            return HttpResponseRedirect(place_of(request, done.decision))
        told = {"said": done.said, "comment": done.comment.pk, "seen": cases.seen(done.comment), **standing()}
        if done.decision:
            until = by_the_clock(done.decision.at + UNDO_WITHIN)
            told |= {"decision": done.decision.pk, "until": f"Can be undone until tomorrow, {until}."}
        return JsonResponse(told)

    def not_done(self, request: HttpRequest, said: str, status: int, *, is_decided: bool = False) -> HttpResponse:
        """The sentence where it happened, and all that was typed. `is_decided`: by somebody else, so it waits no more."""
        if wants_json(request):
            return JsonResponse({"error": said, "decided": is_decided, **standing()}, status=status)
        fields = ("comment", "text", "reason", "note")
        trouble: dict = {name: request.POST.get(name, "") for name in fields} | {"said": said, "status": status}
        trouble["comment"] = number_in(trouble["comment"])
        request.GET = request.GET.copy()
        request.GET.update({name: request.POST[name] for name in ("pile", "after", "case") if request.POST.get(name)})
        return self.queue(request, trouble)

    def queue_undo(self, request: HttpRequest) -> HttpResponse:
        """POST: undoes one decision, with all that was decided in the same act."""
        refuse_others(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        decision = get_object_or_404(Decision.objects.select_related("comment"), pk=number_in(request.POST.get("undo")) or 0)
        is_alone = bool(request.POST.get("alone")) or not decision.batch
        try:
            if is_alone:
                changed, refused = [moderation.undo(decision, by=request.user)], []
            else:
                _, changed, refused = bulk.undo_all(decision.batch, by=request.user)
        except AlreadyDecided as error:
            return self.not_done(request, str(error), 409)
        said = undone_in_words(changed, decision)
        if wants_json(request):
            return JsonResponse({"said": said, "comment": changed[-1].pk, "seen": cases.seen(changed[-1]), **standing()})
        messages.success(request, said)
        for sentence in refused[:5]:
            messages.warning(request, sentence)
        return HttpResponseRedirect(place_of(request, None, at=decision.comment_id))

    def queue_feed(self, request: HttpRequest) -> HttpResponse:
        """POST: gives this person a new private address, which revokes the one before."""
        refuse_others(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        feed.make_address(request.user)
        messages.success(request, "Your feed has a new address. One that you had before shows nothing any more.")
        return HttpResponseRedirect(reverse("admin:comments_comment_queue") + "#feed")

    def statistics(self, request: HttpRequest) -> HttpResponse:
        refuse_others(request)
        context = self.admin_site.each_context(request) | {"title": "Moderation by week", "opts": Comment._meta}
        context |= {"figures": figures(), "wide": WIDE, "high": HIGH}
        return render(request, "admin/comments/statistics.html", context)


def refuse_others(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied("The queue needs the permission to moderate.")


def number_in(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def act(comment: Comment, sent, *, by) -> Done:
    """Raises AlreadyDecided and Refused."""
    verb, text = sent.get("do", ""), sent.get("text", "")
    words = {"reason": sent.get("reason", "").strip(), "tell": sent.get("note", "").strip()}
    if verb == "reply":
        return reply(comment, text, by=by)
    if verb == "pick" and comment.state == Comment.State.HELD:
        now = bulk.approve_and_pick(comment, by=by, **words)
    elif verb in {"pick", "unpick"}:
        now = moderation.pick(comment, by=by, picked=verb == "pick", **words)
    elif verb in bulk.VERBS:
        now = getattr(moderation, verb)(comment, by=by, **words)
    else:
        raise AlreadyDecided("Choose what to do with the comment. Nothing was changed.")
    return Done(in_words(now.decision, now.name), now, now.decision)


def reply(comment: Comment, text: str, *, by) -> Done:
    batch = bulk.new_batch()
    moderation.reply_as_staff(comment, by=by, text=text, batch=batch)
    now = Comment.objects.get(pk=comment.pk)
    approved = Decision.objects.filter(batch=batch).first()
    also = f"Approved the comment by {comment.name}. " if approved else ""
    return Done(f"{also}Your reply is published.", now, approved)


def in_words(decision: Decision, name: str) -> str:
    return f"{decision.done.capitalize()} the comment by {name}."


def undone_in_words(changed: list[Comment], decision: Decision) -> str:
    numbers = {comment.pk for comment in changed}
    if len(numbers) > 1:
        return f"Undone for {len(numbers)} comments."
    return f"Undone: the comment by {decision.comment.name} is {changed[-1].state} again."


def place_of(request: HttpRequest, decision: Decision | None, at: int | None = None) -> str:
    """The same pile and place, for a page without script; with the sentence about what was just decided."""
    query = {name: request.POST[name] for name in ("pile", "after") if request.POST.get(name)}
    query |= {"done": str(decision.pk)} if decision else {}
    following = number_in(request.POST.get("next")) if decision else at
    place = f"#c-{following}" if following else ""
    return f"{reverse('admin:comments_comment_queue')}?{urlencode(query)}{place}"


def undo_of(request: HttpRequest) -> dict | None:
    """What was just decided, if the address says so and it can be undone. One query."""
    pk = number_in(request.GET.get("done"))
    decision = Decision.objects.filter(pk=pk, undone_at=None).select_related("comment").first() if pk else None
    if decision is None:
        return None
    several = Decision.objects.filter(batch=decision.batch).values("comment").distinct().count() if decision.batch else 1
    said = in_words(decision, decision.comment.name)
    if several > 1:
        said = f"{decision.done.capitalize()} {several} comments."
    return {"said": said, "decision": decision, "until": by_the_clock(decision.at + UNDO_WITHIN)}


def standing() -> dict:
    """What every answer tells of the piles. `at` (seconds) lets the page leave out what an answer that was overtaken says."""
    at = time.time()
    now = piles.standing()
    return {"at": at, "counts": now.counts, "longest": how_long(now.longest) if now.longest else ""}


def tabs(now: piles.Standing) -> list[dict]:
    return [{"name": name, "words": words, "count": now.counts[name]} for name, words in piles.NAMES.items()]
