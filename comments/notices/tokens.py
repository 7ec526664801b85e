"""The tokens of links in mails, all signed with the site's key.

*confirm* proves that a request was read in the mailbox it was made for, for a week. *stop* names the followings that a mail
was about, and never ages: who holds it may stop them, and nobody else's. *decide* is one moderator's for one comment in the
state in which they were told of it, for a week, and dies with their password.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.utils.crypto import salted_hmac

LASTS = 7 * 24 * 3600
MOST_NAMED = 20


class Expired(Exception):
    """The token was genuine once. `value` is what it said."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class Stop(NamedTuple):
    address: int
    followings: tuple[int, ...]
    """Empty: all of the address."""


class Decide(NamedTuple):
    comment: int
    user: int
    seen: str
    proof: str


def confirm_token(following: int) -> str:
    return TimestampSigner(salt="comments.confirm").sign(str(following))


def confirmed(token: str) -> int | None:
    """The number of the following, or None. Raises Expired with it after a week."""
    found = read(token, "comments.confirm")
    return int(found) if found else None


def stop_token(address: int, followings: Iterable[int] = ()) -> str:
    """Of many followings it names none: then it is about all there are."""
    named = sorted(set(followings))
    listed = ".".join(map(str, named)) if len(named) <= MOST_NAMED else ""
    return Signer(salt="comments.stop").sign(f"{address}-{listed}")


def stopped(token: str) -> Stop | None:
    try:
        address, _, listed = Signer(salt="comments.stop").unsign(token).partition("-")
        return Stop(int(address), tuple(int(number) for number in listed.split(".") if number))
    except (BadSignature, ValueError):
        return None


def decide_token(comment: int, seen: str, user) -> str:
    return TimestampSigner(salt="comments.decide").sign(f"{comment}-{user.pk}-{seen}-{proof_of(user)}")


def decided(token: str) -> Decide | None:
    """Raises Expired after a week. Whether `proof` is still the user's is for the caller to see."""
    found = read(token, "comments.decide")
    return parted(found) if found else None


def parted(value: str) -> Decide:
    comment, user, seen, proof = value.split("-")
    return Decide(int(comment), int(user), seen, proof)


def proof_of(user) -> str:
    """Changes with the password, so that who took over a mailbox is shut out by a new one."""
    return salted_hmac("comments.decide", user.password, algorithm="sha256").hexdigest()[:16]


def read(token: str, salt: str) -> str | None:
    signer = TimestampSigner(salt=salt)
    try:
        return signer.unsign(token, max_age=LASTS)
    except SignatureExpired as late:
        raise Expired(signer.unsign(token)) from late
    except (BadSignature, ValueError):
        return None
