"""The forms of the picture library: a new picture, what is said of one, and another file in its place."""

from __future__ import annotations

from django import forms
from django.conf import settings

from articles.images import BadImage, Prepared, prepare, title_from
from articles.models import Image
from site_config.lib.plain_words import PlainWords

KINDS = "image/jpeg,image/png,image/webp,image/avif,image/gif"
WORDS = ["title", "alt", "decorative", "credit"]
FOCAL = ["focal_x", "focal_y"]


class PictureFile(forms.FileField):
    """An upload that is a picture: `prepared` on the cleaned file says what its row will.

    Who opens a transaction round the form calls prepare_file() before; otherwise it is done here.
    """

    widget = forms.FileInput(attrs={"accept": KINDS})

    def __init__(self, **options) -> None:
        errors = {"required": "Choose a picture.", "empty": "This file is empty. Choose another one."}
        most = settings.IMAGE_MAX_BYTES // 1_000_000
        words = f"JPEG, PNG, WebP, AVIF or GIF, up to {most} MB. Camera data such as places is removed."
        super().__init__(**{"label": "Picture", "help_text": words, "error_messages": errors, **options})

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        prepared = getattr(file, "prepared", None) or prepared_or_trouble(file)
        if isinstance(prepared, BadImage):
            raise forms.ValidationError(str(prepared)) from prepared
        file.prepared = prepared
        return file


def prepare_file(file) -> None:
    """Draws the picture, or notes what is wrong with it, while nobody waits for a lock."""
    if file:
        file.prepared = prepared_or_trouble(file)


def prepared_or_trouble(file) -> Prepared | BadImage:
    try:
        return prepare(file)
    except BadImage as error:
        return error


class EitherWords:
    """Mixin: a text alternative, or the word that none is needed."""

    def clean(self) -> dict:
        cleaned = super().clean()  # type: ignore[misc]
        if cleaned.get("decorative") and cleaned.get("alt"):
            self.add_error("decorative", "A picture with a text alternative is not decorative. Clear one of the two.")  # type: ignore[attr-defined]
        return cleaned


class ImageForm(EitherWords, PlainWords, forms.ModelForm):
    """A picture for the library; of one that is there, its words and what matters in it."""

    file = PictureFile()

    class Meta:
        model = Image
        fields = [*WORDS, *FOCAL]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("file", None)
            for name, label in zip(FOCAL, ("From the left", "From the top"), strict=True):
                if name in self.fields:
                    self.fields[name].label = label
            return
        self.fields["title"].required = False
        self.fields["title"].help_text = "To find it in the library. Left empty, the file’s name is used."
        for name in FOCAL:
            self.fields.pop(name, None)

    def clean_title(self) -> str:
        title, file = self.cleaned_data["title"], self.files.get("file")
        return title or (title_from(file.name) if file else "")


class ReplaceForm(EitherWords, PlainWords, forms.Form):
    """Another file for a picture, and the words that fit it."""

    file = PictureFile(label="New file")
    alt = forms.CharField(
        max_length=500,
        required=False,
        label="Text alternative",
        help_text="What the new picture shows. The words of the old one stand here: change them if they do not fit any more.",
    )
    decorative = forms.BooleanField(required=False, help_text="The picture says nothing that the text does not.")
