"""Form widgets of the desk. All are plain fields that a script improves; no inline script or style."""

from __future__ import annotations

from django import forms
from django.forms import Script

from articles.models import Image
from articles.richtext import picture


class BodyEditor(forms.Textarea):
    """The body of an article, as HTML. Without script a textarea of HTML, with it the visual editor.

    `picker_url` answers GET ?q= with {"images": [{id, title, alt, decorative, credit, src, width, height}],
    "upload_url"}, `find_url` GET ?q= or ?id= with {"articles": [{id, title, address, state}]}; both may be
    lazy. Give `lang` (and `dir`) of the article in `attrs`.
    """

    class Media:
        css = {"all": ["articles/desk/combobox.css", "articles/desk/body-editor.css"]}
        js = [Script("articles/desk/body-editor.js", type="module")]

    def __init__(self, picker_url: str, find_url: str = "", attrs: dict[str, object] | None = None) -> None:
        self.picker_url, self.find_url = picker_url, find_url
        super().__init__({"rows": 30, "cols": 80, "data-body-editor": True, **(attrs or {})})

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        addresses = {"data-picker-url": str(self.picker_url), "data-find-url": str(self.find_url)}
        context["widget"]["attrs"].update(addresses)
        return context


class TagInput(forms.TextInput):
    """Names of tags parted by commas, with suggestions for the last of them.

    `suggest_url` answers GET ?q= with {"tags": [{"name": "AI", "count": 3}]}; it may be lazy.
    """

    class Media:
        css = {"all": ["articles/desk/combobox.css"]}
        js = [Script("articles/desk/tag-input.js", type="module")]

    def __init__(self, suggest_url: str, attrs: dict[str, object] | None = None) -> None:
        self.suggest_url = suggest_url
        super().__init__({"data-tag-input": True, "class": "vTextField", **(attrs or {})})

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-suggest-url"] = str(self.suggest_url)
        return context


class LeadPicture(forms.Select):
    """The lead image. Without script a list of the newest pictures and the chosen one, with it the body editor's picker.

    `picker_url` as for BodyEditor. Two queries, whatever the number of pictures.
    """

    NEWEST = 200

    class Media:
        css = {"all": ["articles/desk/body-editor.css", "articles/desk/lead.css"]}
        js = [Script("articles/desk/lead.js", type="module")]

    def __init__(self, picker_url: str, attrs: dict[str, object] | None = None) -> None:
        self.picker_url = picker_url
        super().__init__(attrs)

    def get_context(self, name, value, attrs):
        newest = list(Image.objects.values_list("pk", "title")[: self.NEWEST])
        chosen = Image.objects.filter(pk=value).prefetch_related("renditions").first() if str(value or "").isdecimal() else None
        if chosen and (chosen.pk, chosen.title) not in newest:
            newest.append((chosen.pk, chosen.title))
        self.choices = [("", "No picture"), *newest]
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-lead"] = str(self.picker_url)
        if chosen:
            context["widget"]["attrs"]["data-src"] = picture(chosen).small
        return context
