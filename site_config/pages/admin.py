"""Puts `changing()` round stock admin's own transactions."""

from __future__ import annotations

from site_config.pages.changes import changing


class ChangingAdmin:
    """Mixin for a ModelAdmin whose rows readers see: what it writes counts as a change of `page_subject`.

    A verb that is called inside marks its own subjects, and then `page_subject` is not marked.
    """

    page_subject: str | None = "site"

    def changeform_view(self, request, *args, **kwargs):
        return self._changing(super().changeform_view, request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        return self._changing(super().delete_view, request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        return self._changing(super().changelist_view, request, *args, **kwargs)

    def _changing(self, view, request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with changing(otherwise=self.page_subject):
            return view(request, *args, **kwargs)
