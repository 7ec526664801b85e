"""What a writer gets while the database is away: their text, and the word that it was not saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from comments.forms import CommentForm, EditForm
from comments.passage_field import parts_in
from site_config.context import site

KEPT = ("name", "text", "email", "tell_replies", "tell_all", "token", "fresh", "c")


def keeps_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers 503 with the form as it was sent, if the database fails while a view takes a form."""

    @wraps(view)
    def kept(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            if request.method != "POST":
                raise
            return away(request)

    return kept


def away(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database."""
    initial: dict = {name: request.POST.get(name, "") for name in KEPT}
    if "c" in request.POST:
        form = EditForm(action=request.path, initial=initial)
    else:
        initial["passage"] = parts_in(request.POST)
        form = CommentForm(action=request.path, initial=initial, level=2)
    form.helper.heading = "What you wrote"
    page = render_to_string("comments/away.html", {**site(request), "form": form})
    return HttpResponse(page, status=503, headers={"Retry-After": "60"})
