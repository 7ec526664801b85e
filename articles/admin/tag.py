"""Tags on the desk: named anew, merged, described. They are made by publishing an article with them, never here."""

from __future__ import annotations

from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse, reverse_lazy
from django.utils.html import format_html

from articles import tagging, vocabulary
from articles.admin.widgets import TagInput
from articles.models import Article, Tag, TagAlias
from site_config.lib.plain_words import PlainWords
from site_config.lib.refusing import RefusingAdmin
from site_config.lib.text import fold, one_line
from site_config.pages.admin import ChangingAdmin

MOST_SUGGESTIONS = 10
MOST_ROWS = 50


class TagForm(PlainWords, forms.ModelForm):
    """Name and description; what is saved goes through `articles.vocabulary`."""

    name = forms.CharField(
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
        help_text="A new name gives a new address. The old address leads there, and the old name goes on meaning this tag.",
        error_messages={"required": "Write a name."},
    )
    description = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="Readers see it on the tag’s page, and search engines beside its address.",
    )

    class Meta:
        model = Tag
        fields = ["name", "description"]

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        try:
            if name != self.instance.name:
                vocabulary.refuse_name(self.instance, name)
        except vocabulary.Taken as error:
            address = reverse("admin:articles_tag_merge", args=[self.instance.pk])
            offer = format_html(
                '{} <a href="{}?into={}">Merge it into “{}”…</a>', error, address, quote(str(error.other)), error.other
            )
            raise forms.ValidationError(offer) from error
        except vocabulary.BadTag as error:
            raise forms.ValidationError(str(error)) from error
        return name

    def _post_clean(self) -> None:
        """Nothing of this form goes into the instance: the verbs need to see what it was."""


class MergeForm(PlainWords, forms.Form):
    """The tag that is to stay, by its name."""

    into = forms.CharField(
        label="Merge it into",
        widget=TagInput(suggest_url=reverse_lazy("admin:articles_tag_suggest")),
        help_text="The name of the tag that stays. Nothing happens yet: the next page says what will.",
        error_messages={"required": "Write the name of the tag that stays."},
    )

    def __init__(self, *args, tag: Tag, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.tag = tag

    def clean_into(self) -> Tag:
        names = tagging.parse(self.cleaned_data["into"])
        if len(names) > 1:
            raise forms.ValidationError("Write one name: a tag is merged into one other.")
        found = next(iter(tagging.known(tagging.key(name) for name in names).values()), None)
        if found is None:
            raise forms.ValidationError("There is no tag of this name. Choose one of those that are there.")
        if found == self.tag:
            raise forms.ValidationError(f"That is “{self.tag}” itself. Choose another tag.")
        return found


@admin.register(Tag)
class TagAdmin(RefusingAdmin, ChangingAdmin, admin.ModelAdmin):
    page_subject = "lists"
    form = TagForm
    fields = ["name", "description"]
    list_display = ["name", "uses", "description"]
    search_fields = ["folded"]
    change_form_template = "admin/articles/change_tag.html"

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).annotate(used=Count("items"))

    @admin.display(description="articles", ordering="used")
    def uses(self, tag: Tag) -> int:
        return tag.used

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        """Only what nothing names can be deleted; the rest is merged."""
        return super().has_delete_permission(request, obj) and obj is not None and not vocabulary.is_used(obj)

    def save_model(self, request: HttpRequest, obj: Tag, form: TagForm, change: bool) -> None:
        vocabulary.rename(obj, form.cleaned_data["name"], by=request.user)
        vocabulary.describe(obj, form.cleaned_data["description"], by=request.user)
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        vocabulary.delete(obj, by=request.user)

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None) -> HttpResponse:
        tag = self.get_object(request, object_id)
        return super().change_view(request, object_id, form_url, {**(uses_of(tag) if tag else {}), **(extra_context or {})})

    # --- pages beside the form ---------------------------------------------------------------------------------

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("suggest/", wrap(self.suggest), name="articles_tag_suggest"),
            path("<int:pk>/merge/", wrap(self.merge), name="articles_tag_merge"),
            path("<int:pk>/names/<int:alias>/", wrap(self.drop), name="articles_tag_drop"),
            *super().get_urls(),
        ]

    def suggest(self, request: HttpRequest) -> HttpResponse:
        """Tags whose folded name begins with `q`, then those that contain it, the most used first."""
        words = fold(request.GET.get("q", ""))[:60]
        found = Tag.objects.filter(folded__contains=words).annotate(used=Count("items")).order_by("-used", "folded")[:50]
        ranked = sorted(found, key=lambda tag: not tag.folded.startswith(words))[:MOST_SUGGESTIONS]
        return JsonResponse({"tags": [{"name": tag.name, "count": tag.used} for tag in ranked]})

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the tag that stays, says what will happen, and on the answer does it."""
        tag = self.tag_for(request, pk)
        asked = request.POST if request.method == "POST" else request.GET
        form = MergeForm(asked if "into" in asked else None, tag=tag)
        into = form.cleaned_data["into"] if form.is_valid() else None
        if into and request.method == "POST":
            try:
                vocabulary.merge(tag, into, by=request.user)
            except vocabulary.BadTag as error:
                messages.error(request, str(error))
            else:
                messages.success(request, f"“{tag.name}” was merged into “{into}”. Its name and its address lead here now.")
            return HttpResponseRedirect(reverse("admin:articles_tag_change", args=[into.pk]))
        context = {"form": form, "into": into, "title": f"Merge “{tag}”{f' into “{into}”?' if into else ''}"}
        return self.page(request, tag, "admin/articles/merge_tag.html", {**context, **(overlap(tag, into) if into else {})})

    def drop(self, request: HttpRequest, pk: int, alias: int) -> HttpResponse:
        """Asks, then frees a former name."""
        tag = self.tag_for(request, pk)
        found = get_object_or_404(TagAlias, pk=alias, tag=tag)
        if request.method == "POST":
            vocabulary.drop(found, by=request.user)
            messages.success(request, f"“{found}” is no name of this tag any more.")
            return HttpResponseRedirect(reverse("admin:articles_tag_change", args=[tag.pk]))
        context = {"alias": found, "title": f"Drop the former name “{found}”?"}
        return self.page(request, tag, "admin/articles/drop_name.html", context)

    def tag_for(self, request: HttpRequest, pk: int) -> Tag:
        """The tag, for somebody who may change tags; anyone else is refused before anything is looked up."""
        if not request.user.has_perm(vocabulary.PERMISSION):
            raise PermissionDenied("Changing tags needs the permission to change tags.")
        return get_object_or_404(Tag, pk=pk)

    def page(self, request: HttpRequest, tag: Tag, template: str, context: dict) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "tag": tag, "opts": Tag._meta, **context}
        is_wrong = bool("form" in context and context["form"].errors)
        return render(request, template, whole, status=400 if is_wrong else 200)


def uses_of(tag: Tag) -> dict:
    """Where the tag is named, for its page on the desk."""
    found = Article.objects.summaries().filter(tagged__tag=tag).order_by("-published_at", "-pk")
    having = set(tag.items.values_list("content_object", flat=True))
    copies = [article for article in vocabulary.working_copies(tag) if article.pk not in having]
    return {
        "found": found[:MOST_ROWS],
        "copies": copies[:MOST_ROWS],
        "more": max(0, tag.used - MOST_ROWS) + max(0, len(copies) - MOST_ROWS),
        "aliases": tag.aliases.all(),
    }


def overlap(tag: Tag, into: Tag) -> dict:
    """How many articles a merge touches, and how many of them have both tags."""
    with_both = tag.items.filter(content_object__in=Article.objects.filter(tagged__tag=into))
    return {
        "touched": tag.items.count(),
        "with_both": with_both.count(),
        "takes_over": tag.description and not into.description,
    }
