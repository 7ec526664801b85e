"""Corrections on the desk: one is made on a page of its article, and can be reworded or taken back by who may publish."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from articles import corrections
from articles.admin import publication
from articles.checklist import problems_of
from articles.comparison import Difference, differences
from articles.models import Article, Correction, Revision
from articles.models.article import LONG_OF_ARTICLE
from articles.publishing import PERMISSION, NotReady, WrongState
from articles.revisions import StaleRevision
from articles.richtext.references import is_number
from site_config.lib.moments import by_the_clock
from site_config.lib.refusing import RefusingAdmin
from site_config.lib.text import shorten
from site_config.pages.admin import ChangingAdmin

TEXT = {
    "label": "What readers are told",
    "max_length": corrections.LONGEST,
    "widget": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    "help_text": "Say what was wrong and what is right, as in: An earlier version gave the year as 2024. It was 2025.",
    "error_messages": {
        "required": "Write what was wrong and what is right.",
        "max_length": "Shorten it: it has %(show_value)d characters, and %(limit_value)d is the most.",
    },
}
SHOW = {"label": "Show readers the words that changed", "required": False}


class WordsMixin:
    """A form with `text` and `show_changes`, of which the second is there only where there is something to show."""

    def offer(self, versions: corrections.Versions) -> None:
        try:
            self.words = corrections.shown(versions)
        except corrections.BadCorrection as error:
            self.words, self.fields["show_changes"].help_text = [], str(error)
            self.fields["show_changes"].disabled = True
            return
        if not self.words:
            del self.fields["show_changes"]

    def clean_text(self) -> str:
        try:
            return corrections.tidy(self.cleaned_data["text"])
        except corrections.BadCorrection as error:
            raise forms.ValidationError(str(error)) from error


class CorrectForm(WordsMixin, forms.Form):
    """`stale` becomes the newest revision, if it was saved after the page was opened."""

    stale: Revision | None = None
    text = forms.CharField(**TEXT)
    show_changes = forms.BooleanField(**SHOW)

    def __init__(self, *args, versions: corrections.Versions, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.offer(versions)


class RewordForm(WordsMixin, forms.ModelForm):
    text = forms.CharField(**TEXT)
    show_changes = forms.BooleanField(**SHOW)

    class Meta:
        model = Correction
        fields = ["text"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["show_changes"] = bool(self.instance.changes)
        self.offer(corrections.Versions(self.instance.before, self.instance.after))

    def _post_clean(self) -> None:
        """Nothing of this form goes into the instance: the verb does it."""


def correct_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what a correction would publish, asks for the sentence, and makes it."""
    article = publication.article_for(request, pk)
    if not article.is_live:
        messages.error(request, "Only what readers can see now can be corrected. Change this one and publish it.")
        return publication.back(article)
    versions = corrections.versions_of(article)
    form = CorrectForm(request.POST or None, versions=versions)
    if request.method == "POST" and form.is_valid() and made(request, article, form):
        return publication.back(article)
    if form.stale:
        article = publication.article_for(request, pk)
        versions = corrections.versions_of(article)
    problems = [problem for problem in problems_of(article, article.newest.data) if problem.blocks]
    context = {
        "title": f"Correct “{article}”",
        "form": form,
        "problems": problems,
        "ahead": article.has_unpublished_changes,
        "differences": what_changed(versions),
        "seen": article.newest_id,
    }
    return publication.page(request, article, "admin/articles/correct.html", context)


def made(request: HttpRequest, article: Article, form: CorrectForm) -> bool:
    """Whether the correction was made; if not, the form says why."""
    seen = request.POST.get("seen")
    choices = {"show_changes": form.cleaned_data.get("show_changes", False), "seen": int(seen) if is_number(seen) else None}
    try:
        corrections.correct(article, form.cleaned_data["text"], by=request.user, **choices)
    except StaleRevision as error:
        form.stale = error.newest
        saved = f"{error.newest.who} saved the article at {by_the_clock(error.newest.created_at)}, after you opened this page."
        form.add_error(None, f"{saved} Below is what goes live with it now.")
    except (corrections.BadCorrection, NotReady, WrongState) as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, "Corrected. Readers are told in the article, on the page of corrections and in the feed.")
        return True
    return False


def what_changed(versions: corrections.Versions) -> list[Difference]:
    if versions.before is None or versions.after is None:
        return []
    return differences(versions.before.data, versions.after.data)


@admin.register(Correction)
class CorrectionAdmin(RefusingAdmin, ChangingAdmin, admin.ModelAdmin):
    page_subject = "lists"
    form = RewordForm
    fields = ["text", "show_changes"]
    list_display = ["article", "text_", "made_at", "made_by"]
    search_fields = ["text", "article__working_title"]
    list_select_related = ["made_by"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("article").defer(*LONG_OF_ARTICLE)

    @admin.display(description="what readers are told")
    def text_(self, correction: Correction) -> str:
        return shorten(correction.text, 120)

    def get_fields(self, request: HttpRequest, obj: Correction | None = None) -> list[str]:
        form = RewordForm(instance=obj) if obj else None
        return [name for name in self.fields if form is None or name in form.fields]

    def save_model(self, request: HttpRequest, obj: Correction, form: RewordForm, change: bool) -> None:
        cleaned = form.cleaned_data
        corrections.reword(obj, cleaned["text"], by=request.user, show_changes=cleaned.get("show_changes", False))

    def delete_model(self, request: HttpRequest, obj: Correction) -> None:
        corrections.take_back(obj, by=request.user)

    def view_on_site(self, correction: Correction) -> str | None:
        return f"{correction.article.get_absolute_url()}#corrections" if correction.article.is_live else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One is made on a page of its article."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        return request.user.has_perm(PERMISSION)

    has_change_permission = has_delete_permission = has_view_permission
