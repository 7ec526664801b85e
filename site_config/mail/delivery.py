"""Handing letters over: by the job runner, one at a time, so that each event is told once.

A letter is taken by a conditional update, marked just before the mail server may take it, and marked again when it has.
A runner that is killed anywhere leaves one of these marks. Before the first nothing was sent: it is sent as if nothing had
been. After it nobody can know: it is sent once more, under the same Message-ID, and never a third time.
"""

from __future__ import annotations

import logging
import random
import smtplib
import time
from contextlib import closing
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django_tasks import task

from site_config.jobs.backend import enqueue_once
from site_config.mail import smtp
from site_config.mail.models import Letter, LetterQuerySet
from site_config.mail.smtp import is_on

logger = logging.getLogger(__name__)
State = Letter.State
LEASE = timedelta(minutes=5)
"""Longer than any conversation with a server takes that keeps to the timeouts."""
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 2 * 3600.0
LONGEST_SILENCE = 5 * 60.0
BUDGET = 20.0
"""Seconds after which the other jobs have their turn."""
DOUBTFUL = "It may have been delivered: twice the connection ended between the last word to the mail server and its answer."


class Patience:
    """Keeps this process from calling a server again at once that did not answer: a stuck one costs EMAIL_TIMEOUT each time."""

    def __init__(self) -> None:
        self.there()

    def there(self) -> None:
        self.failures, self.until = 0, float("-inf")

    def away(self) -> None:
        self.failures += 1
        self.until = time.monotonic() + min(FIRST_PAUSE * 2 ** min(self.failures - 1, 10), LONGEST_SILENCE)

    @property
    def left(self) -> float:
        return max(0.0, self.until - time.monotonic())


patience = Patience()


@task
def deliver() -> None:
    """Sends what is due, for about BUDGET seconds; what is left is sent by the next job.

    A server that is away is called once for all, and then after pauses that grow to LONGEST_SILENCE. Safe to run twice at once.
    """
    now = timezone.now()
    bring_back(now)
    give_up(now)
    if not is_on() or not Letter.objects.due(timezone.now()).exists():
        return
    if patience.left:
        put_off()
        return
    try:
        with closing(smtp.connect()) as server:
            if not send_all(server):
                enqueue_once(deliver, key="mail")
            smtp.say_goodbye(server)
    except smtp.Away as error:
        logger.warning("Mail waits: the mail server does not take it.")
        patience.away()
        put_off(str(error))


def send_all(server: smtplib.SMTP) -> bool:
    """Whether all that is due was sent, within the time of one job. Raises smtp.Away."""
    end = time.monotonic() + BUDGET
    while letter := take(timezone.now()):
        send(letter, server)
        patience.there()
        if server.sock is None:  # it hung up: the next job calls again
            return False
        if time.monotonic() > end:
            return False
    return True


def wake_if_due() -> None:
    """Has due letters sent. One query where there are none."""
    now = timezone.now()
    if is_on() and (Letter.objects.due(now).exists() or Letter.objects.cut_off(now).exists()):
        enqueue_once(deliver, key="mail")


def take(now: datetime) -> Letter | None:
    """The next due letter, for the caller alone."""
    for letter in Letter.objects.due(now)[:5]:
        free = Letter.objects.filter(pk=letter.pk, state=State.WAITING, next_at=letter.next_at)
        letter.taken_until = now + LEASE
        if free.update(state=State.SENDING, taken_until=letter.taken_until, handed=False, attempts=F("attempts") + 1):
            letter.attempts += 1
            return letter
    return None


def send(letter: Letter, server: smtplib.SMTP) -> None:
    """Hands a taken letter over, and notes what came of it. Raises smtp.Away, with the letter back in the queue."""

    def mark() -> None:
        """Raises if the letter is not ours any more: then it is another's to send."""
        until = timezone.now() + LEASE
        if not in_hand(letter).update(handed=True, taken_until=until):
            raise smtp.Away("Another job runner took the letter meanwhile.")
        letter.taken_until = until

    try:
        smtp.hand_over(server, sender=letter.sender, to=letter.to, raw=bytes(letter.raw), before_the_dot=mark)
    except smtp.Refused as no:
        if no.is_final:
            bury(in_hand(letter), str(no))
        else:
            postpone(letter, str(no))
    except smtp.Unknown as lost:
        doubt(letter, f"The connection ended before the mail server had answered ({lost}). It is sent once more.")
    except smtp.Away as away:
        postpone(letter, str(away))
        raise
    else:
        in_hand(letter).update(state=State.SENT, sent_at=timezone.now(), raw=b"", taken_until=None, last_error="")


def in_hand(letter: Letter) -> LetterQuerySet:
    """The letter, if nobody else has taken it since: each taking has a moment of its own."""
    return Letter.objects.filter(pk=letter.pk, state=State.SENDING, taken_until=letter.taken_until)


def bring_back(now: datetime) -> None:
    """Letters whose runner died go back into the queue, but one that may have been delivered only once."""
    for letter in Letter.objects.cut_off(now)[:1000]:
        if letter.handed:
            doubt(letter, "The job runner ended before the mail server had answered. It is sent once more.", pause=0)
        else:
            postpone(letter, "The job runner ended before the letter was handed over.", pause=0)


def doubt(letter: Letter, sentence: str, *, pause: float | None = None) -> None:
    if letter.doubts:
        bury(in_hand(letter), DOUBTFUL)
    else:
        postpone(letter, sentence, pause=pause, doubts=1)


def postpone(letter: Letter, sentence: str, *, pause: float | None = None, **fields: object) -> None:
    """Tries again after 30 s, 1, 2, 4 … minutes, two hours at most, ± a quarter; until the letter is given up."""
    seconds = min(FIRST_PAUSE * 2 ** min(letter.attempts - 1, 20), LONGEST_PAUSE) if pause is None else pause
    spread = random.uniform(0.75, 1.25)  # noqa: S311 (no secret)
    in_hand(letter).update(
        state=State.WAITING,
        next_at=timezone.now() + timedelta(seconds=seconds * spread),
        taken_until=None,
        handed=False,
        last_error=sentence[:500],
        **fields,
    )


def bury(letters: LetterQuerySet, sentence: str) -> int:
    return letters.update(state=State.DEAD, taken_until=None, last_error=sentence[:500])


def give_up(now: datetime) -> None:
    """Puts what could not be sent in all its time on the list of the dead, with its last error."""
    late = Letter.objects.filter(state=State.WAITING, given_up_at__lt=now)
    for letter in late[:1000]:
        bury(late.filter(pk=letter.pk), f"Given up after three days. {letter.last_error}".strip())


def put_off(sentence: str = "") -> None:
    """All that is due waits until the server is called again. Costs one UPDATE."""
    now = timezone.now()
    told = {"last_error": sentence[:500]} if sentence else {}
    due = Letter.objects.filter(state=State.WAITING, next_at__lte=now)
    due.update(next_at=now + timedelta(seconds=patience.left), **told)
