"""The three tokens of the conversation, all signed with the site's key.

*form* binds a form to its article and parent and never ages, so that it can stand in a kept page. *fresh* says when
a form began to be written. *own* shows its holder one comment, held or not, for a day.
"""

from __future__ import annotations

import time

from django.core.signing import BadSignature, Signer, TimestampSigner, b62_decode

OWN_LASTS = 24 * 3600
FRESH_LASTS = 24 * 3600


def form_token(article: int, parent: int | None) -> str:
    return Signer(salt="comments.form").signature(f"{article}:{parent or 0}")


def is_form_token(token: str, article: int, parent: int | None) -> bool:
    try:
        Signer(salt="comments.form").unsign(f"{article}:{parent or 0}:{token}")
    except (BadSignature, ValueError):
        return False
    return True


def fresh_token() -> str:
    return TimestampSigner(salt="comments.fresh").sign("fresh")


def seconds_since(token: str) -> float | None:
    """Seconds since a fresh token was made; None if it is none, is too old, or comes from the future."""
    signer = TimestampSigner(salt="comments.fresh")
    try:
        signer.unsign(token, max_age=FRESH_LASTS)
        made = b62_decode(token.split(":")[1])
    except (BadSignature, ValueError, IndexError):
        return None
    passed = time.time() - made
    return passed if passed >= 0 else None


def own_token(comment: int) -> str:
    return TimestampSigner(salt="comments.own").sign(str(comment))


def owned(token: str) -> int | None:
    """The id of the comment that an own token shows, or None."""
    try:
        return int(TimestampSigner(salt="comments.own").unsign(token, max_age=OWN_LASTS))
    except (BadSignature, ValueError):
        return None
