"""What may stand in an address, as the URL configuration names it."""

from functools import cache

from django.urls import register_converter


class Slug:
    """Letters of any script, digits, hyphens and underscores."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Year:
    regex = r"[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class Format:
    """Of a feed; Atom is the one without a name in its address."""

    regex = "rss|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@cache
def register() -> None:
    """Makes them known, once: what writes an address with one calls this first."""
    register_converter(Slug, "name")
    register_converter(Year, "year")
    register_converter(Format, "format")
