"""What the forms of readers have in common: a field that only programs fill in, hidden tokens, and what is said of damage."""

from __future__ import annotations

from django import forms

TRAP = "website"
NUL = "null_characters_not_allowed"
UNREADABLE = "This has a character in it that no page can show. Type the words again where it may stand."
DAMAGED = "This form arrived damaged. Look at what you wrote, and post it from here."


class TrapField(forms.CharField):
    """No person sees it. The template pack hides what says `trap`."""

    trap = True

    def __init__(self) -> None:
        super().__init__(
            required=False,
            label="Leave this empty",
            widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
            error_messages={NUL: DAMAGED},
        )


class TokenField(forms.CharField):
    """A token of the page's own, whatever the browser made of it; `attrs` are those of its element."""

    def __init__(self, **attrs: object) -> None:
        super().__init__(required=False, widget=forms.HiddenInput(attrs=attrs), error_messages={NUL: DAMAGED})
