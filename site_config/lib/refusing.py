"""Honest answers from stock admin."""

from __future__ import annotations


class RefusingAdmin:
    """Mixin for a ModelAdmin: a form that comes back with its errors is answered with 400, not with 200."""

    def render_change_form(self, request, context, *args, **kwargs):
        answer = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        if request.method == "POST":
            answer.status_code = 400
        return answer
