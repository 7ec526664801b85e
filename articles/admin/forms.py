"""The forms of the desk. An article's form edits its newest revision: it declares its own fields and saves no model."""

from __future__ import annotations

from django import forms
from django.contrib.auth import get_user_model
from django.urls import reverse_lazy
from django.utils import timezone

from articles import revisions, richtext, tagging
from articles.admin.widgets import BodyEditor, TagInput
from articles.checklist import address
from articles.images import BadImage, Prepared, prepare
from articles.models import Article, Image
from articles.slugs import LONGEST, SLUG, is_reserved
from site_config.lib.safe_html import TooDeep
from site_config.lib.text import is_blank, one_line

LANGUAGES = [
    ("en", "English"), ("ar", "العربية"), ("cs", "čeština"), ("da", "dansk"), ("de", "Deutsch"), ("el", "ελληνικά"),
    ("es", "español"), ("fa", "فارسی"), ("fi", "suomi"), ("fr", "français"), ("he", "עברית"), ("hi", "हिन्दी"),
    ("it", "italiano"), ("ja", "日本語"), ("ko", "한국어"), ("nl", "Nederlands"), ("no", "norsk"), ("pl", "polski"),
    ("pt", "português"), ("ro", "română"), ("ru", "русский"), ("sv", "svenska"), ("tr", "Türkçe"), ("uk", "українська"),
    ("ur", "اردو"), ("zh", "中文"),
]  # fmt: skip


class ArticleForm(forms.ModelForm):
    """What a revision holds. `data()` gives it to revisions.save()."""

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
    body = forms.CharField(required=False, widget=BodyEditor(picker_url=reverse_lazy("admin:articles_image_choose")))
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
        Image.objects.all(), required=False, label="Lead image", help_text="Stands above the text and on shared links."
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
    overwrite = forms.BooleanField(required=False, widget=forms.HiddenInput, label="Save mine all the same")

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

    @staticmethod
    def starting_from(article: Article) -> dict:
        data = revisions.newest_data(article)
        shown = Image.objects.pictures(richtext.image_ids(data["body"]))
        return {
            **data,
            "tags": ", ".join(data["tags"]),
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
        long = [name for name in names if len(name) > tagging.LONGEST]
        if long:
            raise forms.ValidationError(f"“{long[0][:40]}…” is too long: a tag has at most {tagging.LONGEST} characters.")
        if len(names) > 30:
            raise forms.ValidationError(f"These are {len(names)} tags; 30 is the most. Keep the ones readers look for.")
        return names

    def clean_body(self) -> str:
        try:
            return richtext.clean(self.cleaned_data["body"])
        except (richtext.BodyTooLong, TooDeep) as error:
            raise forms.ValidationError(f"{error} Split the article, or paste it in parts.") from error

    def clean(self) -> dict:
        cleaned = super().clean()
        article, based_on = self.instance, cleaned.get("based_on")
        if article.pk and based_on != article.newest_id and not cleaned.get("overwrite"):
            self.offer_overwriting(article)
        return cleaned

    def offer_overwriting(self, article: Article) -> None:
        """Says who saved meanwhile; what was typed stays in the form, and can be saved knowingly."""
        newest = article.newest
        when = timezone.localtime(newest.created_at).strftime("%H:%M on %d %B")
        self.fields["overwrite"].widget = forms.CheckboxInput()
        self.add_error(
            "overwrite",
            f"{newest.author or 'Somebody'} saved this article at {when}, after you opened it. Yours is not saved yet and "
            "nothing is lost. Below is what yours changes in theirs: tick this box and save to have yours instead, or first "
            "take over here what theirs has. Both stay in the history.",
        )

    def _post_clean(self) -> None:
        """Nothing of this form goes into the instance: readers see that one."""

    def data_to_save(self) -> dict:
        """The cleaned fields in the shape of revisions.FIELDS."""
        cleaned = self.cleaned_data
        image = cleaned.get("image")
        return {
            **{name: cleaned[name] for name in revisions.FIELDS if name in cleaned},
            "image": image.pk if image else None,
            "bylines": [user.pk for user in cleaned.get("bylines", [])],
        }

    def base(self) -> int | None:
        """The revision that was edited; None where the editor chose to overwrite."""
        return None if self.cleaned_data.get("overwrite") else self.cleaned_data.get("based_on")


class NewArticleForm(ArticleForm):
    kind = forms.ChoiceField(
        choices=Article.Kind,
        initial=Article.Kind.ARTICLE,
        help_text="A plain page has no date, tags or comments, and is in no list.",
    )


class PublishForm(forms.Form):
    """When and for whom. Empty time: now."""

    at = forms.DateTimeField(
        required=False,
        label="Publish at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    visibility = forms.ChoiceField(choices=Article.Visibility, label="Who finds it", widget=forms.RadioSelect)
    updated = forms.BooleanField(
        required=False,
        label="Tell readers it was updated",
        help_text="Shows ‘Updated’ with today’s date. Leave off for small corrections of spelling.",
    )

    def __init__(self, *args, article: Article, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["visibility"].initial = article.visibility
        if article.is_live:
            del self.fields["at"]
        else:
            del self.fields["updated"]
            if article.state == "scheduled":
                self.fields["at"].initial = timezone.localtime(article.published_at)
            self.fields[
                "at"
            ].help_text = f"Leave empty to publish now. The site’s time zone is {timezone.get_current_timezone_name()}."

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at and at <= timezone.now():
            raise forms.ValidationError("This time has passed. Choose a later one, or leave it empty to publish now.")
        return at


class ImageForm(forms.ModelForm):
    """A picture for the library. The file is given once; later only its words change."""

    file = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG, WebP, AVIF or GIF, up to 25 MB. Camera data such as places is removed.",
        error_messages={"required": "Choose a picture.", "empty": "This file is empty. Choose another one."},
    )

    class Meta:
        model = Image
        fields = ["title", "alt", "decorative", "credit"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = "To find it in the library. Left empty, the file’s name is used."
        if self.instance.pk:
            del self.fields["file"]
            self.fields["title"].required = True
            self.fields["title"].help_text = "To find it in the library."

    def clean_file(self):
        """The desk prepares the picture before it locks anything (ImageAdmin); other users of the form have it done here."""
        file = self.cleaned_data["file"]
        prepared = getattr(file, "prepared", None) or prepared_or_trouble(file)
        if isinstance(prepared, BadImage):
            raise forms.ValidationError(str(prepared)) from prepared
        file.prepared = prepared
        return file

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("decorative") and cleaned.get("alt"):
            self.add_error("decorative", "A picture with a text alternative is not decorative. Clear one of the two.")
        return cleaned


def prepared_or_trouble(file) -> Prepared | BadImage:
    try:
        return prepare(file)
    except BadImage as error:
        return error
