"""Mails become rows in the transaction of who wants them sent."""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.utils.encoding import punycode

from site_config.jobs.backend import enqueue_once
from site_config.lib.text import one_line
from site_config.mail.delivery import deliver
from site_config.mail.models import Letter
from site_config.mail.smtp import is_on

LINE_END = re.compile(rb"\r\n|\r|\n")
BROKEN_AT_ONCE = re.compile(rb"^([A-Za-z-]+): *\r\n[ \t]+", re.M)


def post(
    *, to: str, subject: str, text: str, html: str = "", headers: Mapping[str, str] | None = None, key: str | None = None
) -> Letter | None:
    """Queues a mail of the site's own; None without a mail server, or if the event of this `key` has its letter already.

    Call it in the verb's transaction. What people typed may stand in the subject: it is made one line. Two queries.
    """
    if not is_on():
        return None
    whole = {"Auto-Submitted": "auto-generated", **(headers or {})}
    message = EmailMultiAlternatives(one_line(subject), text, sender(), [to], headers=whole)
    if html:
        message.attach_alternative(html, "text/html")
    made = queue(message, key=key)
    return made[0] if made else None


def sender() -> str:
    """The site's address, under the site's name unless the settings give another."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or one_line(settings.SITE_NAME), address))


def queue(message: EmailMessage, *, key: str | None = None) -> list[Letter]:
    """Queues a message, as a letter for each of its recipients, and wakes the job runner; the letters that are new.

    The Message-ID is the same for all letters of an event. Raises ValueError for a recipient or header that could not be
    written into a mail (Django's BadHeaderError is one).
    """
    message_id = message_id_of(key)
    message.extra_headers = {**message.extra_headers, "Message-ID": message_id}
    recipients = list(dict.fromkeys(message.recipients()))
    raw = written(message)
    common = {"sender": envelope(message.from_email), "subject": one_line(message.subject)[:300], "raw": raw}
    with transaction.atomic():
        letters = [put(message_id, envelope(to), key_of(key, place), common) for place, to in enumerate(recipients)]
        if any(letters):
            enqueue_once(deliver, key="mail")
    return [letter for letter in letters if letter]


def written(message: EmailMessage) -> bytes:
    """The message as it is sent, with the line ends of SMTP. Python breaks a long header before its first word, which mail
    programs show as a space or do not understand: there the first two lines are one."""
    whole = LINE_END.sub(b"\r\n", message.message().as_bytes())
    head, end, body = whole.partition(b"\r\n\r\n")
    return BROKEN_AT_ONCE.sub(rb"\1: ", head) + end + body


def put(message_id: str, to: str, key: str | None, fields: dict) -> Letter | None:
    """None if the event has its letter already."""
    if key is None:
        return Letter.objects.create(message_id=message_id, to=to, **fields)
    letter, is_new = Letter.objects.get_or_create(key=key, defaults={"message_id": message_id, "to": to, **fields})
    return letter if is_new else None


def key_of(key: str | None, place: int) -> str | None:
    return key if key is None or not place else f"{key}:{place}"


def message_id_of(key: str | None) -> str:
    """Derived from the event, so that a mail of the same event always has the same."""
    secret = f"message-id:{settings.SECRET_KEY}".encode()
    local = hmac.new(secret, key.encode(), hashlib.sha256).hexdigest()[:32] if key else uuid.uuid4().hex
    return f"<{local}@{punycode(urlsplit(settings.SITE_URL).hostname or 'localhost')}>"


def envelope(address: str) -> str:
    """The bare address as SMTP takes it, its domain in ASCII; ValueError where there is none, or where a server would need
    SMTPUTF8 for the part before the @, which few have."""
    bare = parseaddr(address)[1]
    local, at, domain = bare.rpartition("@")
    try:
        made = f"{local}@{punycode(domain)}"
        made.encode("ascii")
    except UnicodeError as error:
        raise ValueError("The part of a mail address before the @ must be of plain letters.") from error
    if not (local and at and domain) or not made.isprintable() or " " in made or len(made) > 320:
        raise ValueError("This is no mail address.")
    return made
