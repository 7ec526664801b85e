from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from site_config.jobs.models import Job
from site_config.jobs.runner import run_due
from site_config.mail import delivery, queueing, smtp
from site_config.mail.models import Letter

pytestmark = pytest.mark.django_db
BEFORE_THE_DOT = ["connect", "EHLO", "MAIL", "RCPT", "DATA"]


def post(number: int = 1, to: str = "ines@example.org") -> Letter:
    return queueing.post(to=to, subject=f"No. {number}", text="Words.\n", key=f"event:{number}:{to}")


def now_of(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


def deliver_later(**pause) -> None:
    """As the runner would, after a while."""
    with time_machine.travel(timezone.now() + timedelta(**pause), tick=True):
        delivery.patience.there()
        delivery.wake_if_due()
        run_due()


def hang_up(box, step: str) -> None:
    """The server breaks the connection at this step, once."""

    def act() -> str:
        box.on.pop(step)
        box.hang_up()
        return "451 never read"

    box.on[step] = act


@pytest.mark.parametrize("step", BEFORE_THE_DOT)
def test_a_connection_that_ends_before_the_dot_costs_nothing(box, step):
    letter = post()
    hang_up(box, step)
    run_due()
    waits = now_of(letter)
    assert (waits.state, waits.handed, waits.doubts, box.messages) == ("waiting", False, 0, [])
    assert waits.last_error
    deliver_later(minutes=1)
    assert (now_of(letter).state, len(box.messages)) == ("sent", 1)


def test_a_connection_that_ends_within_the_message_is_taken_for_one_that_may_have_been_delivered(box):
    """What was sent into a broken line is not known to be lost: it counts as a doubt, though nothing was delivered."""
    letter = post()
    hang_up(box, "body")
    run_due()
    assert (now_of(letter).state, box.messages) == ("waiting", [])
    deliver_later(minutes=1)
    assert (now_of(letter).state, len(box.messages)) == ("sent", 1)


def test_a_connection_that_ends_after_the_dot_may_double_once_and_no_more(box):
    letter = post()
    hang_up(box, "dot")
    run_due()
    waits = now_of(letter)
    assert (waits.state, waits.doubts) == ("waiting", 1)
    assert "sent once more" in waits.last_error
    hang_up(box, "dot")
    deliver_later(minutes=1)
    assert now_of(letter).state == "dead"
    assert "may have been delivered" in now_of(letter).last_error
    deliver_later(hours=1)
    assert len(box.messages) == 2
    assert len({message["Message-ID"] for message in box.messages}) == 1


def test_a_recipient_who_is_unknown_is_given_up_at_once_and_the_others_are_sent(box):
    box.refused["nobody@example.org"] = "550 5.1.1 No such user here"
    gone, fine = post(1, "nobody@example.org"), post(2, "ines@example.org")
    run_due()
    assert (now_of(gone).state, now_of(fine).state) == ("dead", "sent")
    assert now_of(gone).last_error == "The mail server said 550 5.1.1 No such user here"
    assert box.recipients == ["ines@example.org"]


@pytest.mark.parametrize("answer", ["451 4.7.1 Greylisted, come back", "452 4.2.2 Mailbox full", "552 Mailbox full"])
def test_a_no_for_now_is_tried_again_after_growing_pauses(box, answer):
    box.refused["ines@example.org"] = answer
    letter = post()
    pauses = []
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        for _ in range(10):
            delivery.wake_if_due()
            run_due()
            pauses.append((now_of(letter).next_at - timezone.now()).total_seconds())
            traveller.move_to(now_of(letter).next_at)
        assert answer in now_of(letter).last_error
        assert 22 <= pauses[0] <= 38
        assert all(later > earlier for earlier, later in zip(pauses[:8:2], pauses[2:8:2], strict=False))
        assert max(pauses) <= 2.5 * 3600
        box.refused.clear()
        delivery.wake_if_due()
        run_due()
    assert (now_of(letter).state, now_of(letter).attempts, len(box.messages)) == ("sent", 11, 1)


def test_a_message_that_is_refused_is_given_up(box):
    box.refused["message"] = "554 5.7.1 Looks like spam"
    letter = post()
    run_due()
    assert (now_of(letter).state, now_of(letter).last_error) == ("dead", "The mail server said 554 5.7.1 Looks like spam")


def test_a_refused_sender_is_a_wrong_setting_and_not_the_end(box):
    box.on["MAIL"] = lambda: "550 Not from you"
    letter = post()
    run_due()
    assert now_of(letter).state == "waiting"


def test_a_server_that_is_away_for_a_day_gets_all_once_it_is_back(box, settings):
    letters = [post(number) for number in range(3)]
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for hours in (0, 1, 6, 23):
        deliver_later(hours=hours)
    assert {(now_of(letter).state, now_of(letter).attempts) for letter in letters} == {("waiting", 0)}
    assert "cannot be reached" in now_of(letters[0]).last_error
    settings.EMAIL_PORT = port
    deliver_later(hours=24)
    assert {now_of(letter).state for letter in letters} == {"sent"}
    assert len(box.messages) == 3


def test_what_could_not_be_sent_in_three_days_is_given_up(box, settings):
    letter = post()
    settings.EMAIL_PORT = 1
    run_due()
    deliver_later(days=3, hours=1)
    assert now_of(letter).state == "dead"
    assert now_of(letter).last_error.startswith("Given up after three days. The mail server cannot be reached")


def test_a_stuck_server_is_called_once_for_all_and_then_left_alone_for_a_while(box, settings):
    settings.EMAIL_TIMEOUT = 0.2
    box.on["connect"] = lambda: "silence"
    first, second = post(1), post(2)
    run_due()
    assert box.reached == ["connect"]
    third = post(3)
    run_due()
    assert box.reached == ["connect"]
    assert {now_of(letter).state for letter in (first, second, third)} == {"waiting"}
    assert not Job.objects.exists()


def test_a_wrong_password_is_said(box, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "wrong"
    letter = post()
    run_due()
    assert now_of(letter).state == "waiting"
    assert "cannot do what the settings ask for" in now_of(letter).last_error


def test_two_runners_never_take_the_same_letter(box):
    post()
    assert delivery.take(timezone.now())
    assert delivery.take(timezone.now()) is None


@pytest.mark.parametrize(("handed", "sent"), [(False, 1), (True, 1)])
def test_a_letter_whose_runner_died_is_sent(box, handed, sent):
    letter = post()
    taken = delivery.take(timezone.now())
    delivery.in_hand(taken).update(handed=handed)
    Job.objects.all().delete()
    deliver_later(minutes=4)
    assert now_of(letter).state == "sending"
    deliver_later(minutes=6)
    deliver_later(minutes=8)
    assert (now_of(letter).state, now_of(letter).doubts, len(box.messages)) == ("sent", int(handed), sent)


def test_who_lost_the_letter_to_another_does_not_end_it(box):
    """A runner that slept for longer than its lease must not send what another has taken."""
    letter = post()
    taken = delivery.take(timezone.now())
    Letter.objects.filter(pk=letter.pk).update(taken_until=timezone.now() + timedelta(hours=1))
    server = smtp.connect()
    with pytest.raises(smtp.Away):
        delivery.send(taken, server)
    assert (box.messages, now_of(letter).state) == ([], "sending")


def test_a_long_queue_lets_other_jobs_have_their_turn(box, monkeypatch):
    monkeypatch.setattr(delivery, "BUDGET", 0)
    for number in range(3):
        post(number)
    assert run_due() == 4
    assert len(box.messages) == 3
