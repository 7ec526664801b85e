"""The one way to write into the audit log."""

from __future__ import annotations

from django.db import models

from site_config.audit.models import Entry


def record(verb: str, thing: models.Model, *, by: models.Model | None, **details: object) -> Entry:
    """Notes that `by` (None: the site itself) did `verb` to `thing`; call it in the verb's transaction.

    `details` must be JSON: ids, old and new values; never a network address or a text. Cost: one INSERT.
    """
    return Entry.objects.create(
        actor=by,
        actor_name=str(by) if by else "",
        verb=verb,
        object_type=thing._meta.label_lower,
        object_id=str(thing.pk),
        object_name=str(thing)[:200],
        details=details,
    )
