"""The forms of the desk. An article's form edits its newest revision: it declares its own fields and saves no model."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib.auth import get_user_model
from django.urls import reverse_lazy
from django.utils import timezone

from articles import revisions, richtext, tagging
from articles.admin.widgets import BodyEditor, LeadPicture, TagInput
from articles.checklist import address
from articles.models import Article, Image, Revision
from articles.slugs import LONGEST, SLUG, is_reserved
from site_config.lib.plain_words import PlainWords
from site_config.lib.safe_html import TooDeep
from site_config.lib.text import is_blank, one_line

LANGUAGES = [
    ("en", "English"), ("ar", "العربية"), ("cs", "čeština"), ("da", "dansk"), ("de", "Deutsch"), ("el", "ελληνικά"),
    ("es", "español"), ("fa", "فارسی"), ("fi", "suomi"), ("fr", "français"), ("he", "עברית"), ("hi", "हिन्दी"),
    ("it", "italiano"), ("ja", "日本語"), ("ko", "한국어"), ("nl", "Nederlands"), ("no", "norsk"), ("pl", "polski"),
    ("pt", "português"), ("ro", "română"), ("ru", "русский"), ("sv", "svenska"), ("tr", "Türkçe"), ("uk", "українська"),
    ("ur", "اردو"), ("zh", "中文"),
]  # fmt: skip


KEEP_MINE = "_mine"
FARTHEST = timedelta(days=3653)
"""A publication further ahead is a slip in the year."""


class ArticleForm(PlainWords, forms.ModelForm):
    """What a revision holds. `data_to_save()` gives it to revisions.save()."""

    title = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vLargeTextField", "dir": "auto"}),
        error_messages={
            "required": "Write a title.",
            "max_length": "Shorten the title: it has %(show_value)d characters, and %(limit_value)d is the most.",
        },
    )
    subtitle = forms.CharField(
        max_length=300, required=False, widget=forms.TextInput(attrs={"class": "vLargeTextField", "dir": "auto"})
    )
    body = forms.CharField(
        required=False,
        widget=BodyEditor(
            picker_url=reverse_lazy("admin:articles_image_choose"),
            find_url=reverse_lazy("admin:articles_article_find"),
        ),
    )
    summary = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="A sentence or two for lists, search engines and shared links.",
    )
    tags = forms.CharField(
        required=False,
        widget=TagInput(suggest_url=reverse_lazy("admin:articles_tag_suggest")),
        help_text="Separated by commas.",
    )
    image = forms.ModelChoiceField(
        Image.objects.all(),
        required=False,
        label="Lead image",
        help_text="Stands above the text and on shared links.",
        widget=LeadPicture(picker_url=reverse_lazy("admin:articles_image_choose")),
    )
    bylines = forms.ModelMultipleChoiceField(
        get_user_model().objects.all(),
        required=False,
        help_text="Who is named as the author.",
        widget=forms.CheckboxSelectMultiple,
    )
    slug = forms.CharField(
        max_length=LONGEST,
        required=False,
        help_text="The last part of the address. Leave empty to have it made from the title. "
        "When it changes after publication, the old address leads to the new one.",
    )
    language = forms.ChoiceField(choices=LANGUAGES)
    canonical_url = forms.URLField(
        required=False,
        assume_scheme="https",
        label="Canonical address",
        help_text="Only if the article first appeared elsewhere.",
        error_messages={"invalid": "Write the whole address, like https://example.org/page."},
    )
    comment_policy = forms.ChoiceField(choices=Article.CommentPolicy, label="Comments")
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    session = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    is_autosave = False
    merged: dict | None = None
    viewer = None
    stale: Revision | None = None

    class Meta:
        model = Article
        fields: list[str] = []

    def __init__(self, *args, **kwargs) -> None:
        article = kwargs.get("instance")
        if article and article.pk:
            kwargs["initial"] = {**self.starting_from(article), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        code = (self.initial or {}).get("language")
        if code and code not in dict(LANGUAGES):
            self.fields["language"].choices = [*LANGUAGES, (code, code)]

    def starting_from(self, article: Article) -> dict:
        data = self.merged or revisions.newest_data(article)
        shown = Image.objects.pictures(richtext.image_ids(data["body"]))
        return {
            **data,
            "tags": ", ".join(tagging.current(data["tags"])),
            "body": richtext.for_editor(data["body"], shown),
            "based_on": article.newest_id,
        }

    def clean_title(self) -> str:
        title = one_line(self.cleaned_data["title"])
        if is_blank(title):
            raise forms.ValidationError("Write a title that readers can see: this one has only spaces or invisible characters.")
        return title

    def clean_slug(self) -> str:
        slug = one_line(self.cleaned_data["slug"]).strip("/").lower()
        if slug and not SLUG.match(slug):
            raise forms.ValidationError("Use only letters, digits, hyphens and underscores.")
        if slug and is_reserved(slug):
            raise forms.ValidationError(f"“{slug}” is kept for the site’s own pages. Choose another one.")
        problems = list(address(self.instance, {"slug": slug}))
        if problems:
            raise forms.ValidationError([problem.message for problem in problems])
        return slug

    def clean_tags(self) -> list[str]:
        names = tagging.parse(self.cleaned_data["tags"])
        if trouble := tagging.trouble(names):
            raise forms.ValidationError(trouble)
        return names

    def clean_body(self) -> str:
        try:
            return richtext.clean(self.cleaned_data["body"])
        except (richtext.BodyTooLong, TooDeep) as error:
            raise forms.ValidationError(f"{error} Split the article, or paste it in parts.") from error

    def clean(self) -> dict:
        """`stale` becomes the newest revision, if somebody saved it meanwhile and the writer was not shown it yet."""
        cleaned = super().clean()
        article = self.instance
        if not article.pk or self.is_autosave or article.newest_id in {None, self.base()}:
            return cleaned
        if not revisions.is_own(article.newest, cleaned.get("session", "")):
            self.stale = article.newest
            self.add_error(None, self.said_of_stale())
        return cleaned

    def said_of_stale(self) -> str:
        newest = self.stale
        when = timezone.localtime(newest.created_at).strftime("%H:%M on %d %B")
        return (
            f"{newest.told_to(self.viewer)} saved this article at {when}, after you opened it. Yours is not saved yet and "
            "nothing is lost. Below is what yours changes in theirs: keep yours, take theirs, or have both merged in the form."
        )

    def _post_clean(self) -> None:
        """Nothing of this form goes into the instance: readers see that one."""

    def data_to_save(self) -> dict:
        """The fields that are valid, in the shape of revisions.FIELDS."""
        cleaned = self.cleaned_data
        data = {name: cleaned[name] for name in revisions.FIELDS if name in cleaned}
        if "image" in data:
            data["image"] = data["image"].pk if data["image"] else None
        if "bylines" in data:
            data["bylines"] = [user.pk for user in data["bylines"]]
        return data

    def valid_data(self) -> dict:
        """The same, with what was saved last in place of what is not valid."""
        return {**(revisions.newest_data(self.instance) if self.instance.pk else {}), **self.data_to_save()}

    def base(self) -> int | None:
        """The revision that the editor started from, or was shown beside their own; 0 for a form that names none."""
        cleaned = self.cleaned_data
        return (cleaned.get("seen") if KEEP_MINE in self.data else None) or cleaned.get("based_on") or 0


class NewArticleForm(ArticleForm):
    kind = forms.ChoiceField(
        choices=Article.Kind,
        initial=Article.Kind.ARTICLE,
        help_text="A plain page has no date, tags or comments, and is in no list.",
    )


class LocalTimeField(forms.DateTimeField):
    """A time by the site's clocks."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            if getattr(error, "code", "") != "ambiguous_timezone":
                raise
            raise forms.ValidationError(
                "The clocks are changed at that time: it comes twice, or not at all. Choose one an hour earlier or later."
            ) from error


class PublishForm(PlainWords, forms.Form):
    """When and for whom. Empty time: now. `version` is the revision that the page showed."""

    at = LocalTimeField(
        required=False,
        label="Publish at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": "Write the time as 2025-03-08 08:00, or choose it from the calendar."},
    )
    visibility = forms.ChoiceField(choices=Article.Visibility, label="Who finds it", widget=forms.RadioSelect)
    updated = forms.BooleanField(
        required=False,
        label="Tell readers it was updated",
        help_text="Shows ‘Updated’ with today’s date. Leave off for small corrections of spelling.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, article: Article, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.article = article
        self.fields["visibility"].initial = article.visibility
        self.fields["version"].initial = article.newest_id
        now = "publish the change now" if article.is_live else "publish now"
        zone = timezone.get_current_timezone_name()
        self.fields["at"].help_text = f"Leave empty to {now}. The site’s time zone is {zone}."
        if article.is_live:
            self.fields["at"].label = "Publish the change at"
        else:
            del self.fields["updated"]
        planned = article.due_at or (article.published_at if article.state == "scheduled" else None)
        self.fields["at"].initial = planned and timezone.localtime(planned)

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at and at <= timezone.now():
            raise forms.ValidationError("This time has passed. Choose a later one, or leave it empty to publish now.")
        if at and at > timezone.now() + FARTHEST:
            raise forms.ValidationError("This is more than ten years ahead. Look at the year again.")
        return at

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.article.is_live and cleaned.get("at") and cleaned.get("visibility") != self.article.visibility:
            self.add_error("visibility", "Who finds it is changed at once only. Leave it as it is, or the time empty.")
        return cleaned
