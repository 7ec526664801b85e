from datetime import timedelta
from types import SimpleNamespace

import pytest

from articles import publishing
from comments import moderation
from comments.models import Address, Comment, Following
from comments.notices import following, tokens
from comments.posting import RateLimited
from site_config.mail.models import Letter
from tests.comments.making import errors_of, make_comment, send, text_of
from tests.comments.notices.reading import ask, confirmed, deliver, link
from tests.factories import make_article
from tests.postbox import part

pytestmark = pytest.mark.django_db


def page_of(article) -> str:
    return f"/comments/on/{article.pk}/follow/"


def test_it_works(box, client):
    article = make_article(title="On wires")
    answer = client.post(page_of(article), {"email": "Ines@Example.org", "pace": "day"})
    assert "Look into your mailbox" in text_of(answer)
    deliver()
    (message,) = box.messages
    assert message["To"] == "Ines@Example.org"
    assert message["Subject"] == "Confirm that you want to follow “On wires”"
    path = link(message, "follow")
    assert "Yes, write to me" in text_of(client.get(path))
    assert Following.objects.get().confirmed_at is None
    assert "You follow it now" in text_of(client.post(path))
    address = Address.objects.get()
    assert (address.pace, bool(address.confirmed_at), bool(Following.objects.get().confirmed_at)) == ("day", True, True)


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_link_changes_nothing(box, client, method):
    article = make_article()
    ask(article)
    address = confirmed(article, "omar@example.org")
    before = list(Following.objects.values_list()), list(Address.objects.values_list())
    for path in (tokens.confirm_token(Following.objects.first().pk), "x"):
        getattr(client, method)(f"/comments/follow/{path}/")
    assert getattr(client, method)(f"/comments/mail/{tokens.stop_token(address.pk)}/").status_code == 200
    assert (list(Following.objects.values_list()), list(Address.objects.values_list())) == before


def test_confirming_twice_is_kind(box, client):
    ask(make_article())
    path = f"/comments/follow/{tokens.confirm_token(Following.objects.get().pk)}/"
    first, again = client.post(path), client.post(path)
    assert first.status_code == again.status_code == 200
    assert "You follow it now" in text_of(client.get(path))


@pytest.mark.parametrize("days", [8, 365])
def test_a_link_has_its_time_and_says_what_to_do(box, client, frozen, days):
    article = make_article()
    ask(article)
    path = f"/comments/follow/{tokens.confirm_token(Following.objects.get().pk)}/"
    frozen.shift(timedelta(days=days))
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert page_of(article) in text_of(answer)
    assert Following.objects.get().confirmed_at is None


def test_a_link_of_what_follows_already_still_leads_there_a_year_later(box, client, frozen):
    ask(make_article())
    path = f"/comments/follow/{tokens.confirm_token(Following.objects.get().pk)}/"
    client.post(path)
    frozen.shift(timedelta(days=365))
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("token", ["x", "1:a:b", "1:1tnK:sig", "é"])
def test_a_broken_link_is_a_page(client, token):
    for kind in ("follow", "mail", "decide"):
        for method in (client.get, client.post):
            answer = method(f"/comments/{kind}/{token}/")
            assert answer.status_code == 404
            assert "This link is not whole" in text_of(answer)


def test_the_page_says_the_same_of_every_address(box, client):
    article = make_article()
    confirmed(article, "known@example.org")
    following.never_again(confirmed(make_article(), "never@example.org"))
    pages = set()
    for email in ("known@example.org", "never@example.org", "new@example.org", "new@example.org"):
        answer = client.post(page_of(article), {"email": email, "pace": "each"})
        pages.add((answer.status_code, text_of(answer).replace(email, "…")))
    assert len(pages) == 1
    deliver()
    assert box.recipients == ["new@example.org"]


def test_an_address_is_asked_three_times_a_day_at_most_whoever_asks(box, frozen):
    for number in range(6):
        ask(make_article(), address=f"192.0.2.{number}")
    deliver()
    assert len(box.messages) == 3
    frozen.shift(timedelta(days=1, seconds=1))
    ask(make_article())
    deliver()
    assert len(box.messages) == 4


def test_the_same_is_asked_once_a_day(box, frozen):
    article = make_article()
    for _ in range(3):
        ask(article)
    deliver()
    assert len(box.messages) == 1
    frozen.shift(timedelta(days=1, seconds=1))
    ask(article)
    deliver()
    assert len(box.messages) == 2
    assert len({message["Message-ID"] for message in box.messages}) == 2


def test_a_network_cannot_have_many_asked(box, client):
    article = make_article()
    for number in range(10):
        ask(article, f"reader{number}@example.org")
    with pytest.raises(RateLimited):
        ask(article, "eleventh@example.org")
    answer = client.post(page_of(article), {"email": "a@example.org", "pace": "each"}, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 429
    assert "in an hour" in errors_of(answer)[0]
    ask(article, "eleventh@example.org", address="198.51.100.1")


def test_one_mailbox_is_one_address_however_it_is_written(box):
    article = make_article()
    for email in ("ines@bücher.example", "INES@xn--bcher-kva.example", "Ines@BÜCHER.example"):
        ask(article, email)
    assert Address.objects.count() == 1
    deliver()
    assert box.recipients == ["ines@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "Write the e-mail address to which"),
        ("nobody", "name@example.org"),
        ("ines@example.org\nBcc: all@example.org", "name@example.org"),
        ("ines@example.org\r\nBcc: all@example.org", "name@example.org"),
        ("ínes@example.org", "plain letters only before the @"),
        ('"ines duarte"@example.org', "name@example.org"),
        ("a@" + "b" * 60 + ("." + "c" * 60) * 4 + ".org", "254 characters is the most"),
        ("ines\x00@example.org", "no page can show"),
    ],
)
def test_a_bad_address_is_said_and_given_back(box, client, email, words):
    answer = client.post(page_of(make_article()), {"email": email, "pace": "each"})
    assert answer.status_code == 400
    assert any(words in error for error in errors_of(answer))
    assert not Address.objects.exists()
    deliver()
    assert box.messages == []


def test_what_people_cannot_see_catches_programs(box, client):
    answer = client.post(page_of(make_article()), {"email": "a@example.org", "pace": "each", "website": "x"})
    assert "Look into your mailbox" in text_of(answer)
    assert not Address.objects.exists()


def test_another_site_cannot_make_anybody_follow(box, client):
    article = make_article()
    answer = client.post(page_of(article), {"email": "a@example.org", "pace": "each"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    ask(article)
    path = f"/comments/follow/{tokens.confirm_token(Following.objects.get().pk)}/"
    assert client.post(path, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert Following.objects.get().confirmed_at is None


@pytest.mark.parametrize("state", ["closed", "withdrawn", "off", "draft", "no mail"])
def test_what_cannot_be_followed_says_so(box, client, settings, state):
    article = make_article(comment_policy=state if state in {"closed", "off"} else "open")
    if state == "withdrawn":
        publishing.withdraw(article, by=None)
    if state == "no mail":
        settings.EMAIL_HOST = ""
    pk = 9**20 if state == "draft" else article.pk
    answer = client.post(f"/comments/on/{pk}/follow/", {"email": "a@example.org", "pace": "each"})
    assert answer.status_code == (403 if state == "closed" else 404)
    assert not Address.objects.exists()


def test_the_mail_that_asks_has_nothing_that_a_stranger_typed(box, client):
    """Or anybody could send their words to anybody from our server."""
    article = make_article()
    send(client, article, name="Buy cheap", text="Advertisement", email="victim@example.org", tell_all="on")
    deliver()
    (message,) = box.messages
    whole = part(message, "plain") + part(message, "html") + message["Subject"]
    assert "Advertisement" not in whole
    assert "Buy cheap" not in whole


@pytest.mark.parametrize(
    ("boxes", "whole"), [(["tell_replies"], False), (["tell_all"], True), (["tell_replies", "tell_all"], True)]
)
def test_the_boxes_of_the_comment_form(box, client, boxes, whole):
    article = make_article()
    answer = send(client, article, email="ines@example.org", **dict.fromkeys(boxes, "on"))
    assert answer.status_code == 303
    comment, found = Comment.objects.get(), Following.objects.get()
    assert (found.comment, found.written) == (None if whole else comment, comment)
    deliver()
    assert len(box.messages) == 1
    client.post(link(box.messages[0], "follow"))
    assert Comment.objects.get().proven


def test_a_ticked_box_without_an_address_is_said(box, client):
    answer = send(client, make_article(), email="", tell_all="on", text="Kept.")
    assert answer.status_code == 400
    assert "Write the address to which the mails shall go" in errors_of(answer)[0]
    assert "Kept." in text_of(answer)
    assert not Comment.objects.exists()


def test_without_a_mail_server_nothing_is_offered(client, settings):
    settings.EMAIL_HOST = ""
    article = make_article()
    assert "by mail" not in text_of(client.get(f"/comments/on/{article.pk}/"))
    send(client, article, email="ines@example.org", tell_all="on")
    assert (Following.objects.count(), Letter.objects.count()) == (0, 0)


def test_confirming_proves_only_the_comment_it_came_with(box):
    article = make_article()
    mine, others = make_comment(article, email="ines@example.org"), make_comment(article, email="ines@example.org")
    ask(article, written=mine)
    following.confirm(Following.objects.get())
    assert list(Comment.objects.filter(proven=True)) == [mine]
    assert not Comment.objects.get(pk=others.pk).proven


def test_stopping_the_last_forgets_the_address(box):
    one, two = make_article(), make_article()
    address = confirmed(one)
    confirmed(two)
    first = Following.objects.get(article=one)
    following.stop(address, (first.pk,))
    assert Address.objects.exists()
    following.stop(address)
    assert not Address.objects.exists()


def test_nobody_stops_what_is_anothers(box):
    mine, others = confirmed(make_article(), "a@example.org"), confirmed(make_article(), "b@example.org")
    following.stop(mine, tuple(others.followings.values_list("pk", flat=True)))
    assert others.followings.count() == 1


def test_never_again_keeps_no_address_and_can_be_taken_back(box):
    article = make_article()
    address = confirmed(article)
    following.never_again(address)
    address.refresh_from_db()
    assert (address.email, address.followings.count()) == ("", 0)
    ask(article)
    deliver()
    assert box.messages == []
    following.allow_again(address)
    ask(article)
    deliver()
    assert len(box.messages) == 1


def test_what_waits_for_trust_alone_appears_once_its_writer_is_known(box, monkeypatch):
    """And nobody decided it: no moderator's word is made of it."""
    again = SimpleNamespace(held=False, as_stored=list)
    monkeypatch.setattr(following.verdict, "again", lambda comment: again, raising=False)
    article = make_article()
    comment = make_comment(article, held=True, email="ines@example.org")
    ask(article, written=comment)
    following.confirm(Following.objects.get())
    comment.refresh_from_db()
    assert (comment.state, comment.proven, comment.decided_at, comment.reasons) == ("visible", True, None, [])


@pytest.mark.parametrize("why", ["decided", "reported", "still held"])
def test_what_waits_for_more_than_trust_goes_on_waiting(box, monkeypatch, editor, why):
    again = SimpleNamespace(held=why == "still held", as_stored=list)
    monkeypatch.setattr(following.verdict, "again", lambda comment: again, raising=False)
    article = make_article()
    comment = make_comment(article, held=True, email="ines@example.org")
    if why == "decided":
        comment = moderation.restore(moderation.reject(comment, by=editor), by=editor)
    if why == "reported":
        Comment.objects.filter(pk=comment.pk).update(reported=1)
    ask(article, written=comment)
    following.confirm(Following.objects.get())
    assert Comment.objects.get(pk=comment.pk).state == "held"
