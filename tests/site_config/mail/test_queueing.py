import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction

from site_config.jobs.models import Job
from site_config.jobs.runner import run_due
from site_config.mail import queueing
from site_config.mail.models import Letter
from tests.factories import make_user
from tests.postbox import part

pytestmark = pytest.mark.django_db


def post(**changes):
    return queueing.post(**{"to": "ines@example.org", "subject": "A reply", "text": "Words.\n", **changes})


def test_it_works(box):
    post(html="<p>Words.</p>", headers={"List-Unsubscribe": "<https://example.org/stop/>"}, key="reply:1")
    assert not box.messages
    run_due()
    (message,) = box.messages
    assert (message["Subject"], message["To"], message["Auto-Submitted"]) == ("A reply", "ines@example.org", "auto-generated")
    assert message["From"] == "Masthead <noreply@testserver>"
    assert message["List-Unsubscribe"] == "<https://example.org/stop/>"
    assert (part(message, "plain").rstrip(), part(message, "html").rstrip()) == ("Words.", "<p>Words.</p>")
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts, bytes(letter.raw), message["Message-ID"]) == ("sent", 1, b"", letter.message_id)


def test_an_event_is_told_once(box):
    assert post(key="reply:1")
    assert post(key="reply:1", text="Other words.") is None
    assert post(key="reply:2")
    run_due()
    assert post(key="reply:1") is None
    run_due()
    assert len(box.messages) == 2
    assert len({message["Message-ID"] for message in box.messages}) == 2


def test_without_a_mail_server_nothing_is_queued(settings):
    settings.EMAIL_HOST = ""
    assert post() is None
    assert not Letter.objects.exists()


def test_what_is_rolled_back_is_not_sent(box):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post()
        raise ZeroDivisionError
    assert (Letter.objects.count(), Job.objects.count()) == (0, 0)


def test_one_job_sends_all_that_waits(box):
    for number in range(5):
        post(key=f"reply:{number}")
    assert Job.objects.count() == 1
    run_due()
    assert len(box.messages) == 5
    assert box.reached.count("connect") == 1


def test_django_and_allauth_send_through_the_queue(box, client):
    make_user(email="ada@example.org", password="four quiet words")
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    letter = Letter.objects.get()
    assert (letter.to, letter.state, box.reached) == ("ada@example.org", "waiting", [])
    run_due()
    assert "/accounts/password/reset/key/" in part(box.messages[0], "plain")


def test_each_recipient_has_a_letter(box):
    mail.EmailMessage("Subject", "Text", "Desk <desk@example.org>", ["one@example.org"], bcc=["two@example.org"]).send()
    run_due()
    assert sorted(box.recipients) == ["one@example.org", "two@example.org"]
    assert "two" not in box.messages[0].as_string()
    assert Letter.objects.values_list("sender", flat=True).distinct().get() == "desk@example.org"


@pytest.mark.parametrize("subject", ["One\nBcc: all@example.org", "One\r\nBcc: all@example.org", "One\x00\u2028\x0bBcc: x"])
def test_a_subject_is_one_line_whatever_was_typed(box, subject):
    post(subject=subject)
    run_due()
    (message,) = box.messages
    assert (message["Bcc"], box.recipients) == (None, ["ines@example.org"])
    assert message["Subject"].startswith("One")


def test_a_long_subject_in_any_script_comes_through(box):
    subject = "Ines Duarte on “Wer haftet, wenn die Maschine irrt?” · " + "мысли вслух " * 6
    post(subject=subject)
    run_due()
    assert box.messages[0]["Subject"] == subject.strip()


@pytest.mark.parametrize(
    "to",
    ["ines@example.org\nBcc: all@example.org", "ines@example.org\r\n\r\nHello", "nobody", "@example.org", "ínes@example.org"],
)
def test_what_is_no_address_is_refused(box, to):
    with pytest.raises(ValueError):
        post(to=to)
    assert not Letter.objects.exists()


def test_a_header_of_two_lines_is_refused(box):
    with pytest.raises(ValueError):
        post(headers={"X-Name": "One\nBcc: all@example.org"})


def test_a_domain_of_other_letters_is_written_in_ascii(box):
    post(to="ines@bücher.example")
    run_due()
    assert box.recipients == ["ines@xn--bcher-kva.example"]


def test_a_lonely_dot_and_long_lines_come_through(box):
    text = ".\n..two\n" + "ä" * 2000 + "\n.end\n"
    queueing.queue(EmailMessage("Dots", text, to=["ines@example.org"]))
    run_due()
    assert part(box.messages[0], "plain") == text
