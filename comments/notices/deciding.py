"""Deciding about a comment from a mail: the link opens a page that asks, and its button decides as the moderator whose
link it is, without a session. Signed for one comment in the state that the mail told of."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse

from comments import moderation
from comments.models import Comment
from comments.notices import tokens
from comments.notices.forms import DecideForm
from comments.notices.views import ELSEWHERE, from_a_mail, page
from site_config.lib.origin import is_foreign

State = Comment.State
VERBS = {
    State.HELD: (("approve", "Approve"), ("reject", "Reject")),
    State.VISIBLE: (("approve", "Keep it"), ("remove", "Remove")),
}
"""By the state that the mail told of: what can be decided about it from there."""
DONE = {
    "approve": "Approved: readers see it.",
    "keep": "Kept: readers go on seeing it.",
    "reject": "Rejected: readers will not see it.",
    "remove": "Removed: readers do not see it any more.",
}


@from_a_mail
def decide(request: HttpRequest, token: str) -> HttpResponse:
    try:
        link = tokens.decided(token)
    except tokens.Expired:
        return page(request, "decide", trouble="late", status=410)
    if link is None:
        return page(request, "decide", trouble="broken", status=404)
    user = moderator_of(link)
    if user is None:
        return page(request, "decide", trouble="not yours", status=403)
    comment = Comment.objects.select_related("article", "parent").filter(pk=link.comment).first()
    if comment is None:
        return page(request, "decide", trouble="gone", status=410)
    if comment.state != link.seen or (comment.state == State.VISIBLE and not comment.reported):
        return overtaken(request, comment, user)
    return ask(request, comment, user) if request.method != "POST" else act(request, comment, user)


def moderator_of(link: tokens.Decide):
    """Whose link it is, if they may still decide and have not changed their password since."""
    user = get_user_model().objects.filter(pk=link.user, is_active=True).first()
    if user is None or tokens.proof_of(user) != link.proof or not user.has_perm(moderation.PERMISSION):
        return None
    return user


def ask(request: HttpRequest, comment: Comment, user, *, form: DecideForm | None = None, error="", status=200) -> HttpResponse:
    reports = comment.reports.filter(settled_at=None)[:20] if comment.reported else []
    context = {"comment": comment, "user_name": str(user), "reports": reports, "verbs": VERBS.get(comment.state, ())}
    return page(request, "decide", form=form or DecideForm(), error=error, status=status, **context)


def act(request: HttpRequest, comment: Comment, user) -> HttpResponse:
    form, verb = DecideForm(request.POST), request.POST.get("do", "")
    if is_foreign(request):
        return ask(request, comment, user, form=form, error=ELSEWHERE, status=403)
    if not form.is_valid() or verb not in dict(VERBS.get(comment.state, ())):
        return ask(request, comment, user, form=form, error="Nothing was decided yet.", status=400)
    done = DONE["keep" if verb == "approve" and comment.state == State.VISIBLE else verb]
    try:
        carry_out(comment, verb, by=user, reason=form.cleaned_data["reason"])
    except moderation.AlreadyDecided:
        comment.refresh_from_db()
        return overtaken(request, comment, user)
    comment.refresh_from_db()
    return page(request, "decide", comment=comment, done=done)


def overtaken(request: HttpRequest, comment: Comment, user) -> HttpResponse:
    """Says who decided; a link that was used is opened again by the one who used it, too."""
    last = moderation.last_decision(comment)
    is_own = last is not None and last.by_id == user.pk
    return page(request, "decide", comment=comment, is_own=is_own, overtaken=moderation.already(comment, last), status=409)


def carry_out(comment: Comment, verb: str, *, by, reason: str) -> None:
    if verb == "approve":
        moderation.approve(comment, by=by)
    else:
        getattr(moderation, verb)(comment, by=by, reason=reason)
