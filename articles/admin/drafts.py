"""Draft links and the notes of their readers on the desk."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from articles import drafts
from articles.admin import publication
from articles.models import Article, DraftLink, Note
from articles.models.draft_link import LONGEST_NOTE
from site_config.lib.moments import by_the_clock
from site_config.lib.plain_words import PlainWords


class LinkForm(PlainWords, forms.Form):
    reader = forms.CharField(max_length=100, required=False, label="For whom", help_text="Only the desk sees this.")
    days = forms.TypedChoiceField(
        choices=[(days, f"{days} days") for days in drafts.DAYS], coerce=int, initial=drafts.DAYS[1], label="Good for"
    )
    takes_notes = forms.BooleanField(required=False, initial=True, label="May leave notes")


def drafts_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The links to an article's draft, and the form for another."""
    article = article_for(model_admin, request, pk)
    form = LinkForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        link = drafts.make_link(article, by=request.user, **form.cleaned_data)
        until = by_the_clock(link.expires_at, "j F")
        messages.success(request, f"The link is made. It leads to what was saved by hand last, until {until}.")
        return HttpResponseRedirect(request.path)
    links = list(article.draft_links.select_related("created_by"))
    for link in links:
        link.address = drafts.address(link)
    context = {"title": f"Draft links of “{article}”", "form": form, "links": links}
    return publication.page(request, article, "admin/articles/drafts.html", context)


def revoke_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int, link: int) -> HttpResponse:
    article = article_for(model_admin, request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    drafts.revoke(get_object_or_404(DraftLink, pk=link, article=article), by=request.user)
    messages.success(request, "The link leads nowhere any more. Its notes are kept.")
    return HttpResponseRedirect(reverse("admin:articles_article_drafts", args=[article.pk]))


def notes_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """All notes on an article, the open ones first."""
    article = article_for(model_admin, request, pk)
    notes = article.notes.select_related("link", "answered_by", "revision__author").defer("revision__packed")
    notes = sorted(notes, key=lambda note: note.closed_at is not None)
    context = {"title": f"Notes on “{article}”", "notes": notes}
    return publication.page(request, article, "admin/articles/notes.html", context)


def settle_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Answers a note, closes it, opens it again: by a form, or by the script beside the text, which wants JSON."""
    article = article_for(model_admin, request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found = get_object_or_404(Note, pk=note, article=article)
    answer = request.POST.get("answer", "")
    wants_json = request.headers.get("Accept") == "application/json"
    if len(answer) > LONGEST_NOTE:
        words = f"Shorten the answer: it has {len(answer):,} characters, and {LONGEST_NOTE:,} is the most."
        if wants_json:
            return JsonResponse({"error": words}, status=400)
        messages.error(request, words)
    else:
        closed = {"close": True, "open": False}.get(request.POST.get("act", ""))
        found = drafts.settle_note(found, by=request.user, answer=answer, is_closed=closed)
    if wants_json:
        return JsonResponse({"answer": found.answer, "is_closed": found.closed_at is not None})
    return HttpResponseRedirect(f"{reverse('admin:articles_article_notes', args=[article.pk])}#note-{found.pk}")


def article_for(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> Article:
    article = get_object_or_404(Article.objects.summaries(), pk=pk)
    if not model_admin.has_change_permission(request, article):
        raise PermissionDenied("Showing a draft to others needs the permission to change the article.")
    return article
