"""A draft as somebody outside sees it, and their notes. Nothing of it is kept, listed or indexed."""

from __future__ import annotations

from django import forms
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import drafts, tagging
from articles.models import Article, DraftLink, Revision
from articles.models.draft_link import LONGEST_NOTE
from articles.reading import Subject
from articles.revisions import FIELDS
from articles.views import render_article
from site_config.lib.answers import SeeOther
from site_config.lib.origin import is_foreign
from site_config.lib.text import is_blank

ELSEWHERE = "This form was sent from another site’s page. Look at what you wrote, and send it from here."


class NoteForm(forms.Form):
    """What a reader says of a passage, or of the whole where the passage is empty."""

    exact = forms.CharField(
        required=False,
        label="The words it is about",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
        max_length=1000,
        help_text="Select them in the text above, or copy them here. Leave empty for a note on the whole.",
        error_messages={"max_length": "Quote fewer words: 1,000 characters are the most."},
    )
    prefix = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    suffix = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Your note",
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_NOTE}),
        max_length=LONGEST_NOTE,
        error_messages={
            "required": "Write your note.",
            "max_length": "Shorten the note: it has %(show_value)d characters, and %(limit_value)d is the most.",
        },
    )
    name = forms.CharField(required=False, max_length=80, label="Your name")

    def clean_text(self) -> str:
        if is_blank(self.cleaned_data["text"]):
            raise forms.ValidationError("Write your note: this one has only spaces or invisible characters.")
        return self.cleaned_data["text"]


@csrf_exempt  # the token is the proof, and no session gives a reader any right
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, token: str) -> HttpResponse:
    """The version that is to be read now, with this link's notes and the form for another."""
    link = drafts.link_of(token)
    version = drafts.version_for_readers(link.article) if link else None
    if link is None or version is None or not link.is_open:
        return private(render(request, "articles/draft_gone.html", {"link": link}, status=410 if link else 404))
    form = NoteForm(request.POST or None, initial={"version": version.pk}, label_suffix="")
    if request.method == "POST" and answers(request, link, form):
        note = leave(link, form)
        if note is not None:
            return private(SeeOther(f"{request.path}#note-{note.pk}"))
    return private(page(request, link, version, form))


def answers(request: HttpRequest, link: DraftLink, form: NoteForm) -> bool:
    """Whether the note may be kept; else the form says why not."""
    if is_foreign(request):
        form.add_error(None, ELSEWHERE)
    elif not link.takes_notes:
        form.add_error(None, "This link takes no notes. Write to who sent it to you.")
    return form.is_valid()


def leave(link: DraftLink, form: NoteForm):
    cleaned = form.cleaned_data
    quote = {name: cleaned[name] for name in ("exact", "prefix", "suffix")}
    try:
        return drafts.leave_note(link, text=cleaned["text"], name=cleaned["name"], quote=quote, version=cleaned["version"])
    except drafts.TooManyNotes as error:
        form.add_error(None, str(error))
        return None


def page(request: HttpRequest, link: DraftLink, version: Revision, form: NoteForm) -> HttpResponse:
    more = {"link": link, "version": version, "form": form, "notes": link.notes.select_related("answered_by")}
    options = {"template": "articles/draft.html", "more": more, "is_shared": False}
    response = drawn(request, link.article, {**FIELDS, **version.data}, **options)
    response.status_code = 400 if form.errors else 200
    return response


def drawn(request: HttpRequest, article: Article, data: dict, **options) -> HttpResponse:
    """The article's page as publishing `data` (see revisions.FIELDS) would make it; `options` as render_article() has them."""
    people = get_user_model().objects.in_bulk(data["bylines"])
    return render_article(
        request,
        drafts.as_published(article, data),
        tags=[Subject(name, "") for name in tagging.current(data["tags"])],
        authors=[people[pk] for pk in data["bylines"] if pk in people],
        preview=True,
        **options,
    )


def private(response: HttpResponse) -> HttpResponse:
    """Out of every index, store and referrer."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
