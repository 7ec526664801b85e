"""Form widgets of the desk. Both are plain fields that a script improves; no inline script or style."""

from __future__ import annotations

from django import forms
from django.forms import Script


class BodyEditor(forms.Textarea):
    """The body of an article, as HTML. Without script a textarea of HTML, with it the visual editor.

    `picker_url` answers GET ?q= with {"images": [{id, title, alt, decorative, credit, src, width, height}],
    "upload_url"}; it may be lazy. Give `lang` (and `dir`) of the article in `attrs`.
    """

    class Media:
        css = {"all": ["articles/desk/body-editor.css"]}
        js = [Script("articles/desk/body-editor.js", type="module")]

    def __init__(self, picker_url: str, attrs: dict[str, object] | None = None) -> None:
        self.picker_url = picker_url
        super().__init__({"rows": 30, "cols": 80, "data-body-editor": True, **(attrs or {})})

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-picker-url"] = str(self.picker_url)
        return context


class TagInput(forms.TextInput):
    """Names of tags parted by commas, with suggestions for the last of them.

    `suggest_url` answers GET ?q= with {"tags": [{"name": "AI", "count": 3}]}; it may be lazy.
    """

    class Media:
        css = {"all": ["articles/desk/tag-input.css"]}
        js = [Script("articles/desk/tag-input.js", type="module")]

    def __init__(self, suggest_url: str, attrs: dict[str, object] | None = None) -> None:
        self.suggest_url = suggest_url
        super().__init__({"data-tag-input": True, "class": "vTextField", **(attrs or {})})

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-suggest-url"] = str(self.suggest_url)
        return context
