from datetime import timedelta

import pytest
from django.utils import timezone

from comments import moderation
from comments.models import Comment, Decision, Report, Rounds
from comments.notices import deciding, rounds
from site_config.mail.models import Letter
from tests.comments.making import make_comment, text_of
from tests.comments.notices.reading import deliver, link
from tests.factories import make_article, make_user
from tests.postbox import part

pytestmark = pytest.mark.django_db
MAY = ("comments.moderate_comment",)


@pytest.fixture(autouse=True)
def noon(frozen):
    """Of a Saturday."""


def moderator(pace: str = "each", **fields):
    user = make_user(permissions=MAY, **{"email": "mo@example.org", "display_name": "Mo", **fields})
    own = rounds.rounds_of(user)
    Rounds.objects.filter(pk=own.pk).update(pace=pace, told_until=timezone.now() - timedelta(minutes=2))
    return user


def wait(frozen, **time) -> None:
    frozen.shift(timedelta(**(time or {"minutes": 2})))
    deliver()


def report(comment: Comment, reason: str = "spam", words: str = "") -> None:
    Report.objects.create(comment=comment, reason=reason, words=words)
    Comment.objects.filter(pk=comment.pk).update(reported=1)


def test_it_works(box, frozen):
    moderator()
    make_comment(make_article(title="On wires"), name="Omar", text="Held words.", held=True)
    wait(frozen)
    (message,) = box.messages
    assert (message["To"], message["Subject"]) == ("mo@example.org", "1 comment waits for a decision")
    for kind in ("plain", "html"):
        for words in ("Omar", "On wires", "Held words.", "A field that people cannot see was filled in"):
            assert words in part(message, kind)
    assert message["List-Unsubscribe"] is None
    wait(frozen)
    assert len(box.messages) == 1


def test_what_waits_has_its_lines_and_no_link_to_click_on(box, frozen):
    moderator()
    text = "Look:\n\n> as they said\n\n[here](https://spam.example/a?b&c) and https://spam.example/d"
    make_comment(make_article(), text=text, held=True)
    wait(frozen)
    plain, html = part(box.messages[0], "plain"), part(box.messages[0], "html")
    assert "> Look:\n>\n> > as they said\n>\n> [here](https://spam.example/a?b&c)" in plain
    assert "<p>here (https://spam.example/a?b&amp;c) and https://spam.example/d</p>" in html
    assert 'href="https://spam.example' not in html


@pytest.mark.parametrize(("pace", "at"), [("hour", "2025-02-15T13:00:00"), ("day", "2025-02-16T07:00:00")])
def test_at_the_chosen_pace_all_in_one(box, frozen, pace, at):
    frozen.shift(timedelta(minutes=5))
    moderator(pace)
    for _ in range(3):
        make_comment(make_article(), held=True)
    frozen.move_to(f"{at}+00:00")
    frozen.shift(timedelta(seconds=-1))
    deliver()
    assert box.messages == []
    frozen.shift(timedelta(seconds=1))
    deliver()
    assert [message["Subject"] for message in box.messages] == ["3 comments wait for a decision"]


def test_a_quiet_morning_makes_no_mail_and_the_afternoon_waits_for_the_next(box, frozen):
    moderator("day")
    frozen.move_to("2025-02-16T07:00:00+00:00")
    deliver()
    frozen.move_to("2025-02-16T15:00:00+00:00")
    make_comment(make_article(), held=True)
    wait(frozen)
    assert box.messages == []
    frozen.move_to("2025-02-17T07:00:00+00:00")
    deliver()
    assert len(box.messages) == 1


def test_who_never_chose_is_told_once_a_day(box, frozen):
    make_user(permissions=MAY, email="new@example.org")
    deliver()
    assert Rounds.objects.get().pace == "day"


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}, {"pace": "off"}, {"permissions": ()}])
def test_who_is_not_told(box, frozen, change):
    pace = change.pop("pace", "each")
    user = make_user(**{"permissions": MAY, "email": "mo@example.org", **change})
    Rounds.objects.create(user=user, pace=pace)
    make_comment(make_article(), held=True)
    wait(frozen)
    assert box.messages == []


def test_what_was_decided_meanwhile_is_left_out(box, frozen, editor):
    moderator("hour")
    moderation.reject(make_comment(make_article(), held=True, text="Decided."), by=editor)
    make_comment(make_article(), held=True, text="Waits.")
    wait(frozen, hours=1)
    text = part(box.messages[0], "plain")
    assert "Waits." in text
    assert "Decided." not in text


def test_reports_are_told_with_their_reasons(box, frozen):
    moderator()
    comment = make_comment(make_article())
    wait(frozen)
    report(comment, "attack", "Names my sister")
    wait(frozen)
    assert "Reported: attacks a person, “Names my sister”" in part(box.messages[0], "plain")
    wait(frozen)
    assert len(box.messages) == 1


def test_a_flood_is_one_mail_that_says_how_many(box, frozen):
    moderator()
    article = make_article()
    for _ in range(25):
        make_comment(article, held=True)
    wait(frozen)
    (message,) = box.messages
    assert message["Subject"] == "25 comments wait for a decision"
    assert "5 more wait." in part(message, "plain")


def test_without_a_mail_server_nothing_is_written(frozen, settings):
    settings.EMAIL_HOST = ""
    moderator()
    make_comment(make_article(), held=True)
    wait(frozen)
    assert not Letter.objects.exists()


def decision_link(box, frozen, text: str = "Held words.", **fields):
    user = moderator(**fields)
    comment = make_comment(make_article(), held=True, text=text)
    wait(frozen)
    return user, comment, link(box.messages[-1], "decide")


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_decides_nothing(box, frozen, client, method):
    _, comment, path = decision_link(box, frozen)
    answer = getattr(client, method)(path)
    assert (answer.status_code, answer.headers["Referrer-Policy"]) == (200, "same-origin")
    assert "no-store" in answer.headers["Cache-Control"]
    assert Comment.objects.get(pk=comment.pk).state == "held"
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("verb", "state"), [("approve", "visible"), ("reject", "rejected")])
def test_its_button_decides_as_that_moderator_without_a_session(box, frozen, client, verb, state):
    user, comment, path = decision_link(box, frozen)
    assert "You decide as Mo" in text_of(client.get(path))
    answer = client.post(path, {"do": verb, "reason": "Off topic"})
    assert answer.status_code == 200
    assert answer.cookies == {}
    found = Decision.objects.get()
    assert (found.by, found.verb, found.after, Comment.objects.get(pk=comment.pk).state) == (user, verb, state, state)


def test_a_reported_comment_can_be_removed(box, frozen, client):
    moderator()
    comment = make_comment(make_article())
    report(comment)
    wait(frozen)
    client.post(link(box.messages[0], "decide"), {"do": "remove"})
    assert Comment.objects.get(pk=comment.pk).state == "removed"


def test_a_reported_comment_that_is_kept_was_seen_all_the_time(box, frozen, client):
    moderator()
    comment = make_comment(make_article())
    report(comment)
    wait(frozen)
    path = link(box.messages[0], "decide")
    assert "Kept: readers go on seeing it." in text_of(client.post(path, {"do": "approve"}))
    assert "Mo kept the comment" in text_of(client.get(path))


def test_who_comes_late_is_told_who_decided(box, frozen, client, editor):
    _, comment, path = decision_link(box, frozen)
    moderation.reject(comment, by=editor)
    for answer in (client.get(path), client.post(path, {"do": "approve"})):
        assert answer.status_code == 409
        assert "Somebody was faster" in text_of(answer)
        assert "Editor" in text_of(answer)
    assert Comment.objects.get(pk=comment.pk).state == "rejected"


@pytest.mark.parametrize("again", ["get", "post"])
def test_who_opens_their_own_used_link_is_told_that_they_decided(box, frozen, client, again):
    _, _, path = decision_link(box, frozen)
    client.post(path, {"do": "approve"})
    answer = getattr(client, again)(path, {"do": "reject"} if again == "post" else None)
    assert answer.status_code == 409
    assert "You have decided this already" in text_of(answer)
    assert "Somebody was faster" not in text_of(answer)
    assert "Mo approved the comment" in text_of(answer)


def test_who_decided_after_the_page_was_opened_was_not_faster_if_it_is_oneself(box, frozen, client, monkeypatch):
    user, comment, path = decision_link(box, frozen)

    def meanwhile(*args, **kwargs) -> None:
        moderation.approve(Comment.objects.get(pk=comment.pk), by=user)
        raise moderation.AlreadyDecided("Mo approved it.")

    monkeypatch.setattr(deciding, "carry_out", meanwhile)
    answer = client.post(path, {"do": "approve"})
    assert answer.status_code == 409
    assert "You have decided this already" in text_of(answer)


def test_all_that_waits_is_the_queue(box, frozen, client):
    _, _, path = decision_link(box, frozen)
    for kind in ("plain", "html"):
        assert "http://testserver/admin/comments/comment/queue/" in part(box.messages[0], kind)
    assert 'href="/admin/comments/comment/queue/">Sign in to the queue' in text_of(client.get(path))


@pytest.mark.parametrize("change", ["role", "active", "password"])
def test_a_link_dies_with_what_it_was_made_for(box, frozen, client, change):
    user, comment, path = decision_link(box, frozen)
    if change == "role":
        user.user_permissions.clear()
    elif change == "active":
        user.is_active = False
        user.save(update_fields=["is_active"])
    else:
        user.set_password("another four words")
        user.save(update_fields=["password"])
    for answer in (client.get(path), client.post(path, {"do": "approve"})):
        assert answer.status_code == 403
        assert "Held words." not in text_of(answer)
    assert Comment.objects.get(pk=comment.pk).state == "held"


def test_a_link_has_a_week(box, frozen, client):
    _, comment, path = decision_link(box, frozen)
    frozen.shift(timedelta(days=8))
    for answer in (client.get(path), client.post(path, {"do": "approve"})):
        assert answer.status_code == 410
        assert "Sign in to the queue" in text_of(answer)
    assert Comment.objects.get(pk=comment.pk).state == "held"


@pytest.mark.parametrize("verb", ["remove", "restore", "pick", "", "__class__"])
def test_it_does_only_what_its_page_offers(box, frozen, client, verb):
    _, comment, path = decision_link(box, frozen)
    assert client.post(path, {"do": verb}).status_code == 400
    assert Comment.objects.get(pk=comment.pk).state == "held"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_another_site_cannot_press_its_button(box, frozen, client, headers):
    _, comment, path = decision_link(box, frozen)
    answer = client.post(path, {"do": "approve", "reason": "Kept words"}, headers=headers)
    assert answer.status_code == 403
    assert "Kept words" in text_of(answer)
    assert Comment.objects.get(pk=comment.pk).state == "held"


@pytest.mark.parametrize("proven", [True, False])
def test_a_note_goes_to_a_writer_who_proved_their_address(box, frozen, editor, proven):
    comment = make_comment(make_article(title="On wires"), email="ines@example.org", text="My words.", held=True)
    Comment.objects.filter(pk=comment.pk).update(proven=proven)
    comment.refresh_from_db()
    for _ in range(2):
        rounds.noted(
            Decision(pk=7, comment=comment, verb="reject", after="rejected", note="Please leave her name out.\r\nThank you.")
        )
    deliver()
    assert len(box.messages) == proven
    if proven:
        text = part(box.messages[0], "plain")
        assert box.messages[0]["Subject"] == "About your comment on “On wires”"
        assert "Please leave her name out.\nThank you.\n" in text.replace("\r\n", "\n")
        assert "Readers do not see your comment." in text


def test_everybody_chooses_their_own_pace(box, client):
    user = make_user(permissions=MAY, email="mo@example.org")
    client.force_login(user)
    assert "mo@example.org" in text_of(client.get("/admin/comments/rounds/"))
    assert client.post("/admin/comments/rounds/", {"pace": "hour"}).status_code == 302
    assert Rounds.objects.get(user=user).pace == "hour"
    assert client.post("/admin/comments/rounds/", {"pace": "weekly"}).status_code == 400
