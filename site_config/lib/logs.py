"""The one format of every line that any process of the site logs, and what such a line never says.

A line has a time, a level, a logger, a message and, where a request is being answered, its id. It has no network address,
browser, e-mail address, query or token in it, and for a path the name of its route: Django's own loggers print paths, and
errors quote what people typed. Standard library only, since the supervisor and granian's parent process write by it too.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import logging
import re
import time
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from site_config.lib.environment import Environment

FORMS = ("text", "json")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FACTS = ("method", "route", "status", "milliseconds")
"""What a record may bring along as `extra`, and no other names."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that this thread answers, '' outside of one."""

LONGEST = 2000
DEEPEST = 40
MAIL = re.compile(r"[^\s@<>()\"',;:/=]{1,100}@[^\s@<>()\"',;:/]{1,255}")
FOUR = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
SIX = re.compile(r"(?<![\w:.])[0-9A-Fa-f:.]{3,45}(?![\w:.])")
QUERY = re.compile(r"(?<=[\w/])\?[^\s\"']+")
TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}")
QUOTED = re.compile(r"(?<!\w)'[^']*'|\"[^\"]*\"|\u201c[^\u201d]*\u201d")
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def discreet(words: str) -> str:
    """The words on one line, with `…` for mail and network addresses, queries and tokens. Time grows with their length."""
    words = CONTROL.sub(" ", words[:LONGEST])
    words = TOKEN.sub("…", QUERY.sub("?…", MAIL.sub("…", words)))
    return SIX.sub(lambda found: "…" if is_address(found[0]) else found[0], FOUR.sub("…", words))


def is_address(word: str) -> bool:
    for candidate in (word, word.rstrip(".:")):
        with contextlib.suppress(ValueError):
            return bool(ipaddress.ip_address(candidate))
    return False


def route_of(request: Any) -> str:
    """What the path of a Django request stands for, as the URL configuration names it; '-' where it names nothing."""
    match = getattr(request, "resolver_match", None)
    return "-" if match is None else match.view_name or f"/{match.route}"


def message_of(record: logging.LogRecord) -> str:
    """The message, from which a request's path and all that security errors quote are left out."""
    if getattr(record, "own_words", False):
        return record.getMessage()
    request: Any = getattr(record, "request", None)
    if record.name.startswith("django.security"):
        words = f"{record.name.rpartition('.')[2]} refused"
        return f"{words}: {request.method} {route_of(request)}" if hasattr(request, "META") else words
    if not hasattr(request, "META"):
        return discreet(record.getMessage())
    args = record.args if isinstance(record.args, tuple) else ()
    paths = {request.path, request.path_info, request.get_full_path()}
    hidden = tuple(f"{request.method} {route_of(request)}" if arg in paths else arg for arg in args)
    return discreet(str(record.msg) % hidden if hidden else str(record.msg))


def trace_of(error: BaseException | None, trace: TracebackType | None) -> Iterator[str]:
    """The lines of a traceback. Of each error's own words only the first line, with what it quotes left out."""
    if error is None:
        return
    links = list(chain_of(error))
    for link in reversed(links):
        yield "Traceback (most recent call last):"
        for frame in traceback.extract_tb(link.__traceback__ if link is not error else trace, limit=-DEEPEST):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
            if frame.line:
                yield f"    {frame.line}"
        yield f"{type(link).__qualname__}: {told_by(link)}".rstrip(": ")


def told_by(error: BaseException) -> str:
    try:
        first = (str(error).splitlines() or [""])[0]
    except Exception:  # a line of the log must not fail over an error that cannot speak
        return ""
    return discreet(QUOTED.sub("…", first[:LONGEST]))


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """The error and those that led to it, the last one first."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What a line says, in order: time (UTC), level, logger, message, request, the FACTS it brought, trace."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    fields: dict[str, Any] = {
        "time": f"{moment}.{int(record.msecs):03d}Z",
        "level": record.levelname,
        "logger": record.name,
        "message": message_of(record),
    }
    if request := request_id.get():
        fields["request"] = request
    fields |= {name: value for name in FACTS if (value := getattr(record, name, None)) is not None}
    if record.exc_info:
        fields["trace"] = list(trace_of(record.exc_info[1], record.exc_info[2]))
    return fields


class Text(logging.Formatter):
    """For people: one line, facts as `name=value`; a traceback follows, moved in, so that each event begins a line."""

    def format(self, record: logging.LogRecord) -> str:
        fields = fields_of(record)
        words = [fields["time"], fields["level"], f"{fields['logger']}:", fields["message"]]
        words += [f"{name}={fields[name]}" for name in ("request", *FACTS) if name in fields]
        return "\n  ".join([" ".join(words), *fields.get("trace", ())])


class Json(logging.Formatter):
    """For programs: an object a line, with the traceback in `trace` as a list of lines."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields_of(record), ensure_ascii=False, default=str)


def formatter(form: str = "") -> logging.Formatter:
    """The formatter of one of FORMS, or of what MASTHEAD_LOG says."""
    form = form or Environment().choice("MASTHEAD_LOG", FORMS[0], FORMS)
    return Json() if form == "json" else Text()


def line(logger: str, level: int, words: str) -> str:
    """A line of the log, for a process that has no logging set up. The words are its own, and stay as they are."""
    record = logging.LogRecord(logger, level, "", 0, words, None, None)
    record.own_words = True
    return formatter().format(record)


def config(form: str, level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig` (Django's LOGGING): all that is logged goes to stderr in one format.

    At INFO a calm site is silent: what a client did wrong and was told is logged at DEBUG only, so that no scanner fills
    the log.
    """
    told = level == "DEBUG"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.formatter", "form": form}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.security": {"level": "DEBUG" if told else "CRITICAL"},
            "django.request": {"level": "DEBUG" if told else "ERROR"},
            # These print what is in the database, and errors that templates expect.
            "django.db.backends": {"level": "INFO"},
            "django.template": {"level": "INFO"},
        },
    }
