"""Lookups that crafted input cannot break."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField
from django.db.models.lookups import In

MOST = 2**63


class InRange(In):
    """`__in` of whole numbers: one that no column can hold is equal to none, as `exact` has it.

    Without it SQLite raises OverflowError for a number of more than 64 bits, as it may come from a form of the desk.
    """

    def get_prep_lookup(self) -> Any:
        values = super().get_prep_lookup()
        return [value for value in values if is_held(value)] if isinstance(values, list) else values


def is_held(value: Any) -> bool:
    return not isinstance(value, int) or -MOST <= value < MOST


def install() -> None:
    IntegerField.register_lookup(InRange)
