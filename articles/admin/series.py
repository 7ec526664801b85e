"""Series on the desk: what each is called, and its articles in their order, by numbers that anybody can type."""

from __future__ import annotations

from urllib.parse import unquote

from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles import series as verbs
from articles.models import Article, Redirect, Series
from articles.slugs import LONGEST, SLUG
from site_config.lib.plain_words import PlainWords, say_plainly
from site_config.lib.refusing import RefusingAdmin
from site_config.lib.text import is_blank, one_line
from site_config.pages.admin import ChangingAdmin

OFFERED = 200
"""The newest articles of no series, which the field suggests."""


class SeriesForm(PlainWords, forms.ModelForm):
    """Beside the fields of the series, `place-ID` and `remove-ID` for each article that is in it."""

    title = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
        error_messages={"required": "Write a title."},
    )
    slug = forms.CharField(
        max_length=LONGEST,
        required=False,
        help_text="The last part of the address. Leave empty to have it made from the title. When it changes, the old address "
        "leads to the new one.",
    )
    description = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="Readers see it on the page of the series.",
    )
    add = forms.CharField(
        required=False,
        label="Add an article",
        widget=forms.TextInput(attrs={"class": "vTextField", "list": "offered", "autocomplete": "off"}),
        help_text="Its title or its address. It comes last; give it another number afterwards, if you like.",
    )

    class Meta:
        model = Series
        fields = ["title", "slug", "description"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(self.instance.articles.summaries().order_by("series_place", "pk")) if self.instance.pk else []
        for number, article in enumerate(self.members, start=1):
            self.fields[f"place-{article.pk}"] = forms.IntegerField(
                initial=number, min_value=1, max_value=9999, label=f"Place of “{article}”",
                error_messages={"required": "Write a number."},
            )  # fmt: skip
            self.fields[f"remove-{article.pk}"] = forms.BooleanField(required=False, label=f"Take “{article}” out")
        say_plainly(self)

    def rows(self) -> list[tuple]:
        """Each article with its two fields."""
        return [(article, self[f"place-{article.pk}"], self[f"remove-{article.pk}"]) for article in self.members]

    def offered(self) -> list[Article]:
        free = Article.objects.summaries().filter(kind=Article.Kind.ARTICLE, series=None)
        return list(free.order_by("-created_at", "-pk")[:OFFERED])

    def clean_title(self) -> str:
        title = one_line(self.cleaned_data["title"])
        if is_blank(title):
            raise forms.ValidationError("Write a title that readers can see.")
        return title

    def clean_slug(self) -> str:
        slug = one_line(self.cleaned_data["slug"]).strip("/").lower()
        if slug and not SLUG.match(slug):
            raise forms.ValidationError("Use only letters, digits, hyphens and underscores.")
        if slug and Series.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"Another series has the address /series/{slug}/. Choose another slug.")
        old = Redirect.objects.filter(path=f"/series/{slug}/").exclude(series=self.instance.pk).select_related("series").first()
        if slug and old:
            raise forms.ValidationError(f"/series/{slug}/ is the old address of “{old.target}”. Choose another slug.")
        return slug

    def clean_add(self) -> Article | None:
        given = one_line(self.cleaned_data["add"])
        if not given:
            return None
        article = found(given)
        if article is None:
            raise forms.ValidationError(f"No article has the title or the address “{given}”. Copy it from the article’s page.")
        if article.kind != Article.Kind.ARTICLE:
            raise forms.ValidationError(f"“{article}” is a plain page; a series has articles.")
        if article.series and article.series_id != self.instance.pk:
            raise forms.ValidationError(f"“{article}” is part of the series “{article.series}”. Take it out there first.")
        if len(self.members) >= verbs.MOST:
            raise forms.ValidationError(f"A series has {verbs.MOST} articles at most. Begin another one.")
        return article

    def _post_clean(self) -> None:
        """Nothing of this form goes into the instance: the verb needs to see what it was."""

    def order(self) -> list[int]:
        """The ids of the articles as the numbers say. One that was given the number of another comes to stand there."""
        cleaned, staying = self.cleaned_data, []
        for before, article in enumerate(self.members, start=1):
            now = cleaned[f"place-{article.pk}"]
            if not cleaned.get(f"remove-{article.pk}"):
                staying.append((now, (now > before) - (now < before), before, article.pk))
        added = [cleaned["add"].pk] if cleaned.get("add") else []
        return [pk for *_, pk in sorted(staying)] + added


def found(given: str) -> Article | None:
    """The article of this title (if only one has it), slug, path or whole address."""
    slug = unquote(given.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2])
    rows = Article.objects.summaries().select_related("series")
    of_title = list(rows.filter(working_title__iexact=given)[:2])
    return rows.filter(slug=slug).first() or (of_title[0] if len(of_title) == 1 else None)


@admin.register(Series)
class SeriesAdmin(RefusingAdmin, ChangingAdmin, admin.ModelAdmin):
    page_subject = "lists"
    list_display = ["title", "count", "description"]
    search_fields = ["title", "slug"]
    change_form_template = "admin/articles/change_series.html"

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).annotate(members=Count("articles"))

    @admin.display(description="articles", ordering="members")
    def count(self, series: Series) -> int:
        return series.members

    def get_form(self, request: HttpRequest, obj: Series | None = None, **kwargs):
        return SeriesForm if self.has_change_permission(request, obj) else super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Series | None = None) -> list[str]:
        own = ["title", "slug", "description"]
        return [*own, "add"] if self.has_change_permission(request, obj) else own

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever makes a series changes articles' pages with it."""
        return super().has_add_permission(request) and request.user.has_perm(verbs.PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        """One by one, on a page that asks."""
        allowed = super().has_delete_permission(request, obj) and request.user.has_perm(verbs.PERMISSION)
        return allowed and obj is not None

    def save_model(self, request: HttpRequest, obj: Series, form: SeriesForm, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in ("title", "slug", "description")}
        saved = verbs.save(obj if change else None, **given, articles=form.order(), by=request.user)
        obj.pk = saved.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Series) -> None:
        verbs.delete(obj, by=request.user)

    def response_add(self, request: HttpRequest, obj: Series, post_url_continue=None) -> HttpResponse:
        """Stays there: articles are added one after another."""
        self.message_user(request, f"“{obj}” is made. Add its articles one after another.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_series_change", args=[obj.pk]))
