"""The log of decisions."""

import pytest

from comments import moderation
from comments.models import Decision
from tests.comments.making import make_comment, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
LOG = "/admin/comments/decision/"


@pytest.fixture
def mo(client, db):
    user = make_user(username="mo", display_name="Mo", permissions=("comments.moderate_comment",))
    client.force_login(user)
    client.user = user
    return client


def page_of(mo, decision) -> str:
    return text_of(mo.get(f"{LOG}{decision.pk}/change/"))


def test_each_row_is_a_sentence_with_its_time_and_reason(mo, frozen):
    comment = make_comment(make_article(), name="Ines", text="A thought.")
    moderation.remove(comment, by=mo.user, reason="x" * 200)
    page = text_of(mo.get(LOG))
    for words in ("Mo removed the comment by Ines", "15 Feb 2025, 12:00", "x" * 70):
        assert words in page
    assert "x" * 100 not in page


def test_one_row_says_what_there_is_to_say_and_links_to_the_comment(mo, frozen):
    comment = make_comment(make_article(), name="Ines", text="A thought.")
    moderation.remove(comment, by=mo.user, reason="Off the subject")
    page = page_of(mo, Decision.objects.get())
    for words in ("Mo removed the comment by Ines", "15 Feb 2025, 12:00", "Off the subject",
                  f'<a href="/admin/comments/comment/{comment.pk}/change/">A thought.</a>'):  # fmt: skip
        assert words in page
    for words in ("Batch", "Undoes", "History", "/admin/accounts/user/"):
        assert words not in page


def test_an_undoing_says_itself_what_it_is(mo, frozen):
    comment = make_comment(make_article(), name="Ines")
    moderation.restore(moderation.remove(comment, by=mo.user, reason="Off the subject"), by=mo.user)
    undoing, undone = Decision.objects.all()
    assert "Mo undid a decision about the comment by Ines" in page_of(mo, undoing)
    assert "undid: remove" not in text_of(mo.get(LOG))
    assert page_of(mo, undone).count("15 Feb 2025, 12:00") == 2
    assert "undid: remove" not in text_of(mo.get("/admin/comments/comment/queue/?pile=decided"))


def test_nobody_writes_in_it(mo, desk):
    moderation.remove(make_comment(make_article()), by=make_user(is_superuser=True))
    decision = Decision.objects.get()
    for client in (mo, desk):
        assert client.post(f"{LOG}{decision.pk}/change/", {"reason": "Another"}).status_code == 403
        assert client.post(f"{LOG}{decision.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Decision.objects.get().reason == ""
