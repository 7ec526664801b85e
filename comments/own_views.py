"""Where writers change or delete a comment of theirs. A GET only asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments import editing, markup, origin, tokens
from comments.forms import EditForm
from comments.models import Comment
from comments.outage import keeps_text
from comments.posting import Refused
from comments.render import safe
from comments.views import ELSEWHERE, see_own
from site_config.lib.answers import SeeOther
from site_config.lib.moments import by_the_clock
from site_config.lib.network import client_address
from site_config.pages.views import staff_of

FINAL = {403, 409}
"""Refusals after which sending it again changes nothing."""


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words for a comment: guard, form, verb, answer; whatever goes wrong, the words come back."""
    comment, staff = own(request, pk)
    if comment is None:
        return lost(request)
    if request.method != "POST":
        return ask(request, "edit", comment, staff)
    form = form_for(request, comment, staff)
    if origin.is_foreign(request):
        form.add_error(None, ELSEWHERE)
        return edit_page(request, comment, form, status=403)
    if not form.is_valid():
        return edit_page(request, comment, form, status=400)
    if "preview" in request.POST:
        return edit_page(request, comment, form, preview=markup.to_html(form.cleaned_data["text"]))
    try:
        changed = editing.edit(comment, text=form.cleaned_data["text"], address=client_address(request), user=staff)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return edit_page(request, comment, form, status=refusal.status, is_over=refusal.status in FINAL)
    return see_own(changed)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a comment back."""
    comment, staff = own(request, pk)
    if comment is None:
        return lost(request)
    if request.method != "POST" or comment.state == Comment.State.WITHDRAWN:
        return ask(request, "delete", comment, staff)
    if origin.is_foreign(request):
        return delete_page(request, comment, staff, refusal=ELSEWHERE, status=403)
    try:
        editing.withdraw(comment, address=client_address(request), user=staff)
    except Refused as refusal:
        return delete_page(request, comment, staff, refusal=str(refusal), status=refusal.status)
    return SeeOther(f"{request.path}?c={tokens.own_token(comment.pk)}#main")


def own(request: HttpRequest, pk: int) -> tuple[Comment | None, object]:
    """The comment, if the request brings its writer's token or is that of the member of staff who wrote it; and who that is."""
    staff = origin.proven_staff(request) if request.method == "POST" else staff_of(request)
    token = request.POST.get("c") or request.GET.get("c") or ""
    comment = Comment.objects.select_related("article").filter(pk=pk).first() if pk < 2**63 else None
    if comment is None:
        return None, None
    wrote = staff is not None and staff.pk == comment.user_id
    return (comment if wrote or tokens.owned(token) == pk else None), (staff if wrote else None)


def ask(request: HttpRequest, what: str, comment: Comment, staff) -> HttpResponse:
    """The page on which one changes or deletes, or why that cannot be. Changes nothing."""
    is_gone = comment.state == Comment.State.WITHDRAWN
    refusal = "" if is_gone else editing.why_not(comment, address=client_address(request), user=staff, to_edit=what == "edit")
    if what == "delete" or is_gone:
        return delete_page(request, comment, staff, refusal=refusal)
    return edit_page(request, comment, form_for(request, comment, staff), refusal=refusal)


def form_for(request: HttpRequest, comment: Comment, staff) -> EditForm:
    initial = {"text": comment.source, "c": request.GET.get("c", "")}
    data = request.POST if request.method == "POST" else None
    return EditForm(data, action=f"{reverse('comment_edit', args=[comment.pk])}#main", staff=staff, initial=initial)


def edit_page(
    request: HttpRequest,
    comment: Comment,
    form: EditForm,
    *,
    status: int = 200,
    preview: str = "",
    refusal: str = "",
    is_over: bool = False,
) -> HttpResponse:
    """The form with errors or preview; with `refusal` the sentence alone, `is_over` the words to be copied."""
    context = {
        "comment": comment,
        "article": comment.article,
        "form": form,
        "preview": safe(preview),
        "refusal": refusal,
        "is_over": is_over,
        "until": by_the_clock(editing.ends_at(comment)),
    }
    return render(request, "comments/edit.html", context, status=status)


def delete_page(request: HttpRequest, comment: Comment, staff, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "comment": comment,
        "article": comment.article,
        "refusal": refusal,
        "is_done": comment.state == Comment.State.WITHDRAWN,
        "staff": staff,
        "token": request.POST.get("c") or request.GET.get("c") or "",
    }
    return render(request, "comments/delete.html", context, status=status)


def lost(request: HttpRequest) -> HttpResponse:
    """For a link that is too old or not whole; gives back what was typed."""
    return render(request, "comments/lost.html", {"kept": request.POST.get("text", "")}, status=404)
