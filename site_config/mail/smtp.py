"""One conversation with a mail server, step by step, so that it is known what it has taken (RFC 5321).

Until the dot that ends a message nothing was delivered, whatever happens; after the server's yes everything was. Between
the two nobody can know: the caller is told just before it begins.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import punycode

LAST_ANSWER = 60
"""Seconds for the server's answer to the dot: RFC 5321 asks for patience here, since who leaves sends twice."""
FULL_MAILBOX = 552
"""RFC 5321 4.5.3.1.10: to be tried again, though it begins with a 5."""


def is_on() -> bool:
    """Whether there is a mail server: without one nothing is queued and readers are offered nothing that needs it."""
    return bool(settings.EMAIL_HOST)


class Away(Exception):
    """There is no talking to the server now: no letter was given to it. The text is a sentence for the owner."""


class Refused(Exception):
    """The server said no to this letter; `is_final`: for good. The text is a sentence for the owner."""

    def __init__(self, sentence: str, *, is_final: bool) -> None:
        super().__init__(sentence)
        self.is_final = is_final


class Unknown(Exception):
    """The connection ended after the dot and before the answer."""


def connect() -> smtplib.SMTP:
    """A greeted, encrypted and signed-in connection, as the settings say. Raises Away."""
    kind: Any = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    name = punycode(urlsplit(settings.SITE_URL).hostname or "localhost")
    options = {"context": ssl.create_default_context()} if settings.EMAIL_USE_SSL else {}
    try:
        server = kind(settings.EMAIL_HOST, settings.EMAIL_PORT, name, timeout=settings.EMAIL_TIMEOUT, **options)
        try:
            begin(server)
        except BaseException:
            server.close()
            raise
    except smtplib.SMTPAuthenticationError as error:
        raise Away(f"The mail server refused the user name or the password ({said(error)}).") from error
    except smtplib.SMTPNotSupportedError as error:
        raise Away(f"The mail server cannot do what the settings ask for ({error}).") from error
    except smtplib.SMTPResponseException as error:
        raise Away(f"The mail server does not want to talk now ({said(error)}).") from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise Away(f"The mail server cannot be reached ({words(error)}).") from error
    return server


def begin(server: smtplib.SMTP) -> None:
    server.ehlo_or_helo_if_needed()
    if settings.EMAIL_USE_TLS and not settings.EMAIL_USE_SSL:
        server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
    if settings.EMAIL_HOST_USER:
        server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)


def hand_over(server: smtplib.SMTP, *, sender: str, to: str, raw: bytes, before_the_dot: Callable[[], None]) -> None:
    """Gives one message to the server. `before_the_dot` is called in the last moment in which nothing was delivered.

    Raises Away or Refused (nothing was delivered), or Unknown. What `before_the_dot` raises ends the conversation there.
    """
    try:
        options = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
        expect(server.mail(sender, options), 250, of_the_recipient=False)
        expect(server.rcpt(to), 250, 251, of_the_recipient=True)
        expect(server.docmd("DATA"), 354, of_the_recipient=False)
        server.send(stuffed(raw))
    except (smtplib.SMTPException, OSError) as error:
        server.close()
        raise Away(f"The mail server ended the conversation ({words(error)}).") from error
    except Refused:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.rset()
        raise
    try:
        before_the_dot()
    except BaseException:
        server.close()
        raise
    answer = answer_to_the_dot(server)
    expect(answer, 250, of_the_recipient=True)


def say_goodbye(server: smtplib.SMTP) -> None:
    with contextlib.suppress(smtplib.SMTPException, OSError):
        server.quit()


def answer_to_the_dot(server: smtplib.SMTP) -> tuple[int, bytes]:
    try:
        if server.sock:
            server.sock.settimeout(max(LAST_ANSWER, settings.EMAIL_TIMEOUT))
        server.send(b".\r\n")
        answer = server.getreply()
        if server.sock:
            server.sock.settimeout(settings.EMAIL_TIMEOUT)
    except (smtplib.SMTPException, OSError) as error:
        server.close()
        raise Unknown(words(error)) from error
    return answer


def expect(answer: tuple[int, bytes], *codes: int, of_the_recipient: bool) -> None:
    """Only what is said of the recipient or the message can be final: a refused sender is a wrong setting."""
    code, text = answer
    if code not in codes:
        is_final = of_the_recipient and 500 <= code < 600 and code != FULL_MAILBOX
        raise Refused(f"The mail server said {code} {as_text(text)}".strip(), is_final=is_final)


def stuffed(raw: bytes) -> bytes:
    """The message as it goes over the line: CRLF ends each line, and a line that begins with a dot has one more."""
    lines = re.sub(rb"\r?\n|\r", b"\r\n", raw)
    return re.sub(rb"(?m)^\.", b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def as_text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300]


def said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {as_text(error.smtp_error)}"


def words(error: Exception) -> str:
    return as_text(getattr(error, "strerror", None) or str(error) or type(error).__name__)
