"""The forms of following, and of deciding from a mail."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from comments.fields import NUL, UNREADABLE, TrapField
from comments.models import Pace, Rounds
from site_config.mail.queueing import envelope

BEFORE_THE_AT = "Our mail server takes plain letters only before the @. Give an address like name@example.org."
NO_ADDRESS = "Write the e-mail address like name@example.org."


def mailable(value: str) -> str:
    """The address as it was typed, if a mail can be sent to it. Raises ValidationError with a sentence."""
    if not value:
        return value
    if not value.rpartition("@")[0].isascii():
        raise forms.ValidationError(BEFORE_THE_AT)
    try:
        envelope(value)
    except ValueError as error:
        raise forms.ValidationError(NO_ADDRESS) from error
    return value


class AddressField(forms.EmailField):
    """A mail address that a mail can be sent to. What is wrong is said by what is wrong."""

    def __init__(self, **kwargs) -> None:
        messages = {
            "required": "Write the e-mail address to which we shall write.",
            "invalid": NO_ADDRESS,
            "max_length": "Shorten the e-mail address: %(limit_value)d characters is the most.",
            NUL: UNREADABLE,
        }
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        super().__init__(max_length=254, label="E-mail", widget=widget, error_messages=messages, **kwargs)

    def run_validators(self, value: str) -> None:
        """Where stock Django only knows that something is wrong, what it is comes first."""
        if value and "@" in value and not value.rpartition("@")[0].isascii():
            raise forms.ValidationError(BEFORE_THE_AT)
        super().run_validators(value)

    def clean(self, value) -> str:
        return mailable(super().clean(value))


class PaceField(forms.ChoiceField):
    def __init__(self, choices=Pace.choices, **kwargs) -> None:
        wrong = {"invalid_choice": "Choose one of the four."}
        super().__init__(
            choices=choices,
            widget=forms.RadioSelect,
            label="How often",
            error_messages={"required": "Choose one.", **wrong},
            **kwargs,
        )


class FollowForm(forms.Form):
    """Following without a word: an address and a pace."""

    email = AddressField(help_text="Never shown. First comes a mail that asks whether it was you.")
    pace = PaceField(initial=Pace.EACH)
    website = TrapField()

    def __init__(self, *args, action: str, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.helper = plain_form(action, Submit("follow", "Ask me to confirm"))


class PaceForm(forms.Form):
    pace = PaceField()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


class RoundsForm(forms.Form):
    pace = PaceField(choices=Rounds.Pace.choices)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


class DecideForm(forms.Form):
    reason = forms.CharField(
        required=False,
        max_length=300,
        label="Reason, for the log",
        error_messages={"max_length": "Shorten the reason: %(limit_value)d characters is the most.", NUL: UNREADABLE},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


def plain_form(action: str, *buttons: Submit) -> FormHelper:
    made = FormHelper()
    made.form_action = action
    made.form_class = "form"
    made.attrs = {"novalidate": True}
    made.disable_csrf = True
    made.errors_apart = True
    for button in buttons:
        made.add_input(button)
    return made
