"""A typed reader of the process environment.

Every problem is collected, so that an owner sees all of them at once, each naming its variable.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
RATE = re.compile(r"^\s*(\d+)\s*/\s*(\d*)\s*([smhd])\s*$")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Environment:
    """Reads variables by type. `problems` holds a sentence for each that could not be read."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = os.environ if values is None else values
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """The variable, or the content of the file that NAME_FILE names; blank counts as unset."""
        file = self.values.get(f"{name}_FILE", "")
        if file:
            try:
                return Path(file).read_text(encoding="utf-8").strip() or default
            except (OSError, UnicodeDecodeError) as error:
                why = getattr(error, "strerror", None) or "it is not UTF-8"
                self._problem(f"{name}_FILE", f"names a file that cannot be read ({why})")
                return default
        return self.values.get(name, "").strip() or default

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).lower()
        if value in TRUE | FALSE:
            return value in TRUE
        if value:
            self._problem(name, f"is {value!r}; write true or false")
        return default

    def number(self, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"-?\d{1,12}", value) or not least <= int(value) <= most:
            self._problem(name, f"is {value!r}; write a whole number from {least} to {most}")
            return default
        return int(value)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in choices:
            self._problem(name, f"is {value!r}; write one of {', '.join(choices)}")
            return default
        return value

    def items(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        """A comma-separated list, spaces round each item dropped."""
        value = self.text(name)
        return [item.strip() for item in value.split(",") if item.strip()] if value else list(default)

    def path(self, name: str, default: Path) -> Path:
        value = self.text(name)
        try:
            return Path(value).expanduser().resolve() if value else default
        except RuntimeError:
            self._problem(name, f"is {value!r}; nobody of that name has a home here. Write the whole path")
            return default

    def rate(self, name: str, default: str) -> tuple[int, int]:
        """`5/m` or `20/10m` as (how many, seconds); `0/m` refuses everything."""
        value = self.text(name, default)
        match = RATE.match(value)
        if not match:
            self._problem(name, f"is {value!r}; write a number per time, such as 5/m, 20/10m or 100/d")
            match = RATE.match(default)
        count, times, unit = match.groups()  # type: ignore[union-attr]
        return int(count), max(1, int(times or 1)) * SECONDS[unit]

    def site_url(self, name: str, default: str) -> str:
        """An absolute http or https address without path, trailing slash dropped."""
        value = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(value)
            good = (
                parts.scheme in {"http", "https"} and parts.hostname and not re.search(r"[\s/?#\\]", value.partition("://")[2])
            )
            parts.port  # noqa: B018 (raises for a port that is not a number)
        except ValueError:
            good = False
        if not good:
            self._problem(name, f"is {value!r}; write it like https://example.org")
            return default
        return value

    def database(self, name: str, default: Path) -> dict:
        """`sqlite:///path` or `postgres://user:password@host:port/name?option=value`."""
        value = self.text(name)
        if not value:
            return {"ENGINE": "site_config.lib.sqlite", "NAME": str(default)}
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme in {"sqlite", "sqlite3"} and parts.path.strip("/"):
            return {"ENGINE": "site_config.lib.sqlite", "NAME": unquote(parts.path[1:])}
        if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
            self._problem(name, "must look like postgres://user:password@host:5432/name or sqlite:///path")
            return {"ENGINE": "site_config.lib.sqlite", "NAME": str(default)}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
        }

    def _problem(self, name: str, sentence: str) -> None:
        self.problems.append(f"The environment variable {name} {sentence}.")
