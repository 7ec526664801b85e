import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from site_config.jobs.runner import run_due
from site_config.mail import queueing
from site_config.mail.models import Letter
from tests.comments.making import text_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/mail/letter/"
SECRET = "key/1-secret-of-the-reset"


def post(number: int = 1, to: str = "ines@example.org") -> Letter:
    return queueing.post(to=to, subject=f"Letter no. {number}", text=f"Go to {SECRET}", key=f"event:{number}")


def act(desk, name: str, *letters: Letter):
    return desk.post(LIST, {"action": name, ACTION_CHECKBOX_NAME: [letter.pk for letter in letters]}, follow=True)


def test_it_shows_what_became_of_each_letter_and_never_its_text(box, desk):
    box.refused["nobody@example.org"] = "550 No such user"
    sent, dead = post(1), post(2, "nobody@example.org")
    run_due()
    page = text_of(desk.get(LIST))
    assert "Letter no. 1" in page
    assert "The mail server said 550 No such user" in page
    assert "Letter no. 1" not in text_of(desk.get(f"{LIST}?state=dead"))
    for letter in (sent, dead):
        one = desk.get(f"{LIST}{letter.pk}/change/")
        assert one.status_code == 200
        assert SECRET not in page + text_of(one)


def test_a_dead_letter_can_be_tried_again(box, desk):
    box.refused["nobody@example.org"] = "550 No such user"
    letter = post(1, "nobody@example.org")
    run_due()
    box.refused.clear()
    assert "1 letter will be tried again." in text_of(act(desk, "try_again", letter))
    run_due()
    assert Letter.objects.get(pk=letter.pk).state == "sent"
    assert len(box.messages) == 1


def test_what_was_sent_is_not_sent_again(box, desk):
    letter = post()
    run_due()
    assert "0 letters will be tried again." in text_of(act(desk, "try_again", letter))
    run_due()
    assert len(box.messages) == 1


def test_a_letter_can_be_dropped_but_not_while_it_is_handed_over(box, desk):
    one, two = post(1), post(2)
    Letter.objects.filter(pk=two.pk).update(state="sending")
    assert "1 letter dropped." in text_of(act(desk, "drop", one, two))
    assert list(Letter.objects.values_list("pk", flat=True)) == [two.pk]


def test_it_says_that_there_is_no_mail_server(desk, settings):
    settings.EMAIL_HOST = ""
    assert "There is no mail server: set EMAIL_HOST" in text_of(desk.get(LIST))
    settings.EMAIL_HOST = "mail.example"
    assert "There is no mail server" not in text_of(desk.get(LIST))


def test_the_first_page_of_the_desk_says_what_was_given_up_to_who_may_see_the_post(box, desk, client):
    assert "given up" not in text_of(desk.get("/admin/"))
    box.refused["nobody@example.org"] = "550 No such user"
    post(1, "nobody@example.org")
    run_due()
    page = desk.get("/admin/")
    assert "1 mail was given up, and nobody got it." in text_of(page)
    assert f'href="{LIST}?state__exact=dead"' in page.content.decode()
    client.force_login(make_user(username="mo", permissions=("comments.moderate_comment",)))
    assert "given up" not in text_of(client.get("/admin/"))
