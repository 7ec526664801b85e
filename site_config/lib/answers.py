"""Answers that views give alike."""

from __future__ import annotations

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """303: what was sent is done, and its outcome is at this address (RFC 9110, 15.4.4)."""

    status_code = 303
