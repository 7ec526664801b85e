"""The part of the comment form that says which passage a comment is about: three hidden fields, and the words to be seen."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from comments import passages
from comments.anchors import LONGEST, Quote

PARTS = Quote._fields
ABOUT = "about"
"""The box that is ticked; without it a comment is about the whole article, whatever the hidden fields say."""


def parts_in(data: Mapping[str, str]) -> dict[str, str] | None:
    """What a form that was sent says of a passage; None for nothing."""
    return {part: data.get(part, "") for part in PARTS} if data.get(ABOUT) and data.get("exact") else None


class PassageWidget(forms.Widget):
    """Drawn empty and hidden too, so that a script can fill it in."""

    template_name = "comments/_passage.html"
    input_type = "hidden"

    def value_from_datadict(self, data, files, name: str) -> dict[str, str] | None:
        return parts_in(data)

    def get_context(self, name: str, value, attrs) -> dict:
        parts = value._asdict() if isinstance(value, Quote) else value or {}
        return {"quote": {part: parts.get(part, "") for part in PARTS}, "most": LONGEST}


class PassageField(forms.Field):
    """Gives a Quote, or None for a comment on the whole article."""

    widget = PassageWidget

    def __init__(self) -> None:
        super().__init__(required=False, label="Passage")

    def to_python(self, value) -> Quote | None:
        return passages.read(value) if value else None
