"""What Django's forms say when something does not fit, in the words of this site."""

from __future__ import annotations

from django import forms

FITTING = {
    "max_length": "Shorten this: it has %(show_value)d characters, and %(limit_value)d is the most.",
    "min_value": "Write %(limit_value)s or more.",
    "max_value": "Write %(limit_value)s or less.",
}
STOCK: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "Fill this in."},
    forms.IntegerField: {"invalid": "Write a whole number."},
    forms.ChoiceField: {"invalid_choice": "Choose one of the list."},
}


class PlainWords:
    """Mixin, put before the form's class. What somebody pastes is not cut at its longest without a word either: browsers do
    that where `maxlength` stands, so that it is left out, and the sentence says what there is too much of.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)  # type: ignore[arg-type]


def say_plainly(form: forms.BaseForm) -> None:
    """Puts our words in the place of Django's own, and leaves those that a field has of its own."""
    for field in form.fields.values():
        field.error_messages = {**FITTING, **field.error_messages}
        for kind, words in STOCK.items():
            if isinstance(field, kind):
                own = {code for code in words if field.error_messages.get(code) != kind.default_error_messages.get(code)}
                field.error_messages |= {code: sentence for code, sentence in words.items() if code not in own}
        field.widget.attrs.pop("maxlength", None)
