from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.models import Article
from comments import moderation, posting
from comments.models import DEEPEST, Comment
from site_config.audit.models import Entry
from tests.comments.making import generation, make_comment
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db

HOME = "192.0.2.7"


def post(article, **changes):
    return posting.post_comment(article, **{"name": "Ines", "text": "A thought.", "address": HOME, **changes})


def counts(article) -> tuple[int, int]:
    return Article.objects.values_list("comment_count", "comments_held").get(pk=article.pk)


def test_it_works():
    article = make_article()
    comment, created = post(article, text=" A *thought*.\r\nMore. ", email="ines@example.org")
    assert created
    assert (comment.source, comment.html) == ("A *thought*.\nMore.", "<p>A <em>thought</em>.<br>\nMore.</p>")
    assert (comment.name, comment.folded, comment.email, comment.user) == ("Ines", "ines", "ines@example.org", None)
    assert (comment.root_id, bytes(comment.path), comment.nth, comment.parent) == (comment.pk, b"", 0, None)
    assert counts(article) == (1, 0)


def test_a_visible_comment_marks_the_article_and_the_lists():
    article, other = make_article(), make_article()
    before = [generation(name) for name in (f"article:{article.pk}", "lists", f"article:{other.pk}", "site")]
    post(article)
    after = [generation(name) for name in (f"article:{article.pk}", "lists", f"article:{other.pk}", "site")]
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1, 0, 0]


def test_a_held_comment_changes_nothing_that_readers_see():
    article = make_article()
    before = generation(f"article:{article.pk}"), generation("lists"), generation("site")
    comment = post(article, honeypot=True).comment
    assert comment.state == "held"
    assert counts(article) == (0, 1)
    assert (generation(f"article:{article.pk}"), generation("lists"), generation("site")) == before


def test_it_is_noted_without_text_name_or_address():
    comment = post(make_article(), text="A secret thought.", name="Ines Duarte").comment
    entry = Entry.objects.get(verb="comment posted")
    assert (entry.object_id, entry.details) == (str(comment.pk), {"state": "visible"})
    assert "secret" not in entry.object_name


def test_the_same_again_is_the_one_that_is_there():
    article = make_article()
    first, again = post(article), post(article, text=" A thought.\r\n ", name="INES")
    assert (again.created, again.comment.pk) == (False, first.comment.pk)
    assert counts(article) == (1, 0)


@pytest.mark.parametrize("change", [{"address": "198.51.100.1"}, {"name": "Omar"}, {"text": "Another."}])
def test_another_writer_or_another_text_makes_another_comment(change):
    article = make_article()
    post(article)
    assert post(article, **change).created


def test_the_same_at_another_place_is_another_comment():
    article = make_article()
    first = post(article).comment
    assert post(article, parent=first).created
    assert post(make_article()).created


def test_the_same_again_is_answered_even_after_the_conversation_closed_or_the_rate_is_used_up(settings):
    article = make_article()
    first = post(article).comment
    settings.COMMENT_RATE = (1, 60)
    assert post(article).comment == first
    settings.COMMENTS_OPEN = False
    assert post(article).comment == first


@pytest.mark.parametrize("verb", ["reject", "remove"])
def test_the_same_again_after_it_was_turned_down_is_refused_in_words(editor, verb):
    article = make_article()
    first = post(article, honeypot=verb == "reject").comment
    getattr(moderation, verb)(first, by=editor)
    with pytest.raises(posting.Refused, match="moderator"):
        post(article)
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\u200b" * 5000, "\u0301" * 300, "\x00\x01", "\u3164\u2800\u202e", "\ufe0f\u200d"],
)
def test_a_text_that_nobody_can_see_is_refused(text):
    with pytest.raises(posting.BadText, match="nothing here that a reader could see"):
        post(make_article(), text=text)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("text", ["x" * 4001, "x" * 100_000, "https://a.b " * 21, "[" * 300])
def test_a_text_beyond_measure_is_refused(text):
    with pytest.raises(posting.BadText):
        post(make_article(), text=text)


def test_the_longest_text_is_let_in():
    assert post(make_article(), text="x" * 4000).created


def test_long_and_swelling_names_fit_their_columns(editor):
    """One letter may fold into eighteen (U+FDFA), and staff have longer names than readers."""
    assert post(make_article(), name="\ufdfa" * 60).created
    long_named = make_user(display_name="A very long name " * 5)
    assert len(post(make_article(), user=long_named).comment.name) <= 60


def test_reserved_names_are_refused_and_said():
    with pytest.raises(posting.ReservedName, match="“Еditоr” is kept for staff"):
        post(make_article(), name="Еditоr")


def test_staff_write_under_their_own_name_with_the_badge(editor):
    comment = post(make_article(), name="ignored", user=editor).comment
    assert (comment.name, comment.user, comment.is_staff, comment.network) == ("Editor", editor, True, "")


@pytest.mark.parametrize("policy", ["closed", "off"])
def test_a_closed_conversation_takes_nothing(policy):
    article = make_article(comment_policy=policy)
    with pytest.raises(posting.Closed, match="conversation on this article is closed"):
        post(article)


def test_the_whole_site_can_be_closed(settings):
    settings.COMMENTS_OPEN = False
    with pytest.raises(posting.Closed, match="whole site"):
        post(make_article())


def test_conversations_close_by_age(settings, frozen, editor):
    settings.COMMENT_CLOSE_DAYS = 10
    article = make_article()
    frozen.shift(timedelta(days=10, seconds=-1))
    assert post(article).created
    frozen.shift(timedelta(seconds=1))
    with pytest.raises(posting.Closed, match="closed on 25 February 2025"):
        post(article, text="Too late.")
    with pytest.raises(posting.Closed):
        post(article, text="Too late.", user=editor)


def test_what_is_not_public_cannot_be_commented_on():
    later = make_article(at=timezone.now() + timedelta(days=1))
    gone = publishing.withdraw(make_article(), by=None)
    for article in (later, gone, make_draft()):
        with pytest.raises(posting.Closed, match="not public"):
            post(article)
    assert post(make_article(visibility="unlisted")).created


@pytest.mark.parametrize("state", ["removed", "rejected", "held", "elsewhere"])
def test_only_a_comment_that_is_there_can_be_answered(editor, state):
    article = make_article()
    parent = make_comment(make_article() if state == "elsewhere" else article, held=state in {"held", "rejected"})
    if state in {"removed", "rejected"}:
        {"removed": moderation.remove, "rejected": moderation.reject}[state](parent, by=editor)
    with pytest.raises(posting.BadParent, match="no longer there"):
        post(article, parent=parent)


def test_a_flood_is_stopped_and_ends(settings, frozen):
    settings.COMMENT_RATE = (2, 60)
    one, two = make_article(), make_article()
    post(one), post(two)
    with pytest.raises(posting.RateLimited, match="try again in a minute"):
        post(one, text="Third.", name="Somebody else")
    assert post(one, text="Third.", address="198.51.100.1").created
    frozen.shift(60)
    assert post(one, text="Third.").created


def test_the_rate_holds_across_the_change_of_the_monthly_key(settings, frozen):
    settings.COMMENT_RATE = (1, 600)
    frozen.move_to("2025-02-28T23:59:30+00:00")
    post(make_article())
    frozen.shift(60)
    with pytest.raises(posting.RateLimited):
        post(make_article())


def test_one_household_is_one_network(settings):
    settings.COMMENT_RATE = (1, 3600)
    post(make_article(), address="2001:db8::1")
    with pytest.raises(posting.RateLimited, match="later"):
        post(make_article(), address="2001:db8::2")
    assert post(make_article(), address="2001:db8:0:1::1").created


def test_a_rate_of_nothing_refuses_everybody_but_staff(settings, editor):
    settings.COMMENT_RATE = (0, 60)
    with pytest.raises(posting.RateLimited):
        post(make_article())
    assert post(make_article(), user=editor).created


def test_what_is_refused_leaves_nothing_behind(settings):
    settings.COMMENT_RATE = (0, 60)
    article = make_article()
    before = generation(f"article:{article.pk}"), generation("lists"), Entry.objects.count()
    with pytest.raises(posting.RateLimited):
        post(article)
    assert (generation(f"article:{article.pk}"), generation("lists"), Entry.objects.count()) == before
    assert counts(article) == (0, 0)


def test_replies_stand_in_reading_order():
    article = make_article()
    a = make_comment(article)
    b = make_comment(article)
    a1 = make_comment(article, parent=a)
    a2 = make_comment(article, parent=a)
    a11 = make_comment(article, parent=a1)
    order = Comment.objects.filter(article=article).order_by("root", "path").values_list("pk", flat=True)
    assert list(order) == [a.pk, a1.pk, a11.pk, a2.pk, b.pk]
    assert [comment.nth for comment in (a, a1, a2, a11)] == [0, 1, 2, 3]
    assert [comment.depth for comment in (a, a1, a11)] == [0, 1, 2]


def test_the_deepest_replies_become_siblings():
    article = make_article()
    chain = [make_comment(article)]
    while len(chain) < 70:
        chain.append(make_comment(article, parent=chain[-1]))
    assert max(comment.depth for comment in chain) == DEEPEST
    assert chain[-1].parent == chain[-2]
    order = Comment.objects.filter(article=article).order_by("root", "path").values_list("pk", flat=True)
    assert list(order) == [comment.pk for comment in chain]


def test_posting_costs_the_same_in_a_long_thread():
    article = make_article()
    first = make_comment(article)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            make_comment(article, parent=first)
        return len(captured)

    before = cost()
    for _ in range(20):
        make_comment(article, parent=first)
    assert cost() == before <= (18 if connection.vendor == "sqlite" else 19)  # others lock the network's comments
