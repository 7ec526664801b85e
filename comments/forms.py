"""The form in which readers write, drawn by crispy with the site's own pack."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from comments import names
from comments.fields import NUL, UNREADABLE, TokenField, TrapField
from comments.markup import LONGEST, problem, tidy, trim_marks
from comments.notices.forms import mailable
from comments.passage_field import PassageField
from comments.tokens import seconds_since
from site_config.lib.text import INVISIBLE, is_blank, one_line
from site_config.mail.smtp import is_on

BOXES = ("tell_replies", "tell_all")
WITH_MAIL = (
    "Never shown. For what you tick below, after a mail that asks whether it was you, and for questions of the moderators."
)
NOWHERE = "Write the address to which the mails shall go, or untick the boxes below it."


class CommentForm(forms.Form):
    """Name and text are all it asks. `kind` is 'comment' or 'reply', for the words. A reply is about a comment, so it has
    no passage of its own."""

    passage = PassageField()
    name = forms.CharField(
        max_length=60,
        label="Name",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": "Write a name. Any name will do.",
            "max_length": "Shorten the name: it has %(show_value)d characters, and %(limit_value)d is the most.",
            NUL: UNREADABLE,
        },
    )
    text = forms.CharField(
        label="Comment",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST, "data-count": LONGEST}),
        help_text=f"Up to {LONGEST:,} characters. *emphasis*, > quote, `code` and links work.",
        error_messages={"required": "Write something: the comment is empty.", NUL: UNREADABLE},
    )
    email = forms.EmailField(
        required=False,
        max_length=254,
        label="E-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="Never shown. Only the moderators see it, should they need to ask you something.",
        error_messages={
            "invalid": "Write the e-mail address like name@example.org, or leave it empty.",
            "max_length": "Shorten the e-mail address: %(limit_value)d characters is the most.",
            NUL: UNREADABLE,
        },
    )
    tell_replies = forms.BooleanField(required=False, label="Tell me by mail of replies to this")
    tell_all = forms.BooleanField(required=False, label="Tell me by mail of everything said here")
    website = TrapField()
    token = TokenField()
    fresh = TokenField(**{"data-fresh": True})

    def __init__(self, *args, action: str, kind: str = "comment", staff=None, level: int = 3, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["text"].label = kind.capitalize()
        if staff:
            for name in ("name", "email"):
                del self.fields[name]
        if kind == "reply":
            del self.fields["passage"]
        if staff or not is_on():
            for name in BOXES:
                del self.fields[name]
        else:
            self.fields["email"].help_text = WITH_MAIL
        self.helper = helper(action, kind, staff, level)

    def clean_name(self) -> str:
        name = one_line(trim_marks(INVISIBLE.sub("", self.cleaned_data["name"])))
        if is_blank(name):
            raise forms.ValidationError("Write a name that readers can see.")
        if trouble := names.trouble(name):
            raise forms.ValidationError(trouble)
        return name

    def clean_email(self) -> str:
        return mailable(self.cleaned_data["email"])

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if any(cleaned.get(name) for name in BOXES) and not (cleaned.get("email") or "email" in self.errors):
            self.add_error("email", NOWHERE)
        return cleaned

    def clean_text(self) -> str:
        text = tidy(self.cleaned_data["text"])
        if is_blank(text):
            raise forms.ValidationError("Write something: there is nothing here that a reader could see.")
        if trouble := problem(text):
            raise forms.ValidationError(trouble)
        return text

    def renew(self) -> None:
        """Makes a form that goes back to its writer one that can be sent: its token, and when its writing began."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data["token"] = self.initial["token"]
            if seconds_since(self.data.get("fresh", "")) is None:
                self.data["fresh"] = self.initial["fresh"]


class EditForm(CommentForm):
    """The words of a comment that is there, for its writer; `c` is the token that says whose it is."""

    c = TokenField()

    def __init__(self, *args, action: str, staff=None, **kwargs) -> None:
        super().__init__(*args, action=action, staff=staff, level=2, **kwargs)
        for name in set(self.fields) - {"text", "c"}:
            del self.fields[name]
        self.helper.heading = "Your comment"
        self.helper.inputs = []
        self.helper.add_input(Submit("save", "Save changes"))
        self.helper.add_input(Submit("preview", "Preview", css_class="plain"))


def helper(action: str, kind: str, staff, level: int) -> FormHelper:
    made = FormHelper()
    made.form_action = action
    made.form_class = "form"
    made.attrs = {"aria-labelledby": "write", "data-talk": True, "novalidate": True}
    made.disable_csrf = not staff
    made.heading = "Add a comment" if kind == "comment" and level > 2 else f"Your {kind}"
    made.heading_level = level
    made.errors_apart = True
    made.add_input(Submit("post", f"Post {kind}"))
    made.add_input(Submit("preview", "Preview", css_class="plain"))
    return made
