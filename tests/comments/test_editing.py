import pytest

from articles import publishing
from articles.models import Article
from comments import editing, moderation, posting, twins
from comments.models import Comment, Decision, Following
from comments.notices import following
from site_config.audit.models import Entry
from site_config.pages import gone
from tests.comments.making import generation, ids_in, make_comment, one_comment, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
HERE, THERE = "192.0.2.1", "198.51.100.1"
LINK = "See https://example.org/notes"


@pytest.fixture
def article():
    return make_article(slug="talked-about")


def posted(article, **options) -> Comment:
    return make_comment(
        article, **{"name": "Ines", "text": "The first words.", "address": HERE, "email": "i@example.org", **options}
    )


def counts(article) -> tuple[int, int]:
    return Article.objects.values_list("comment_count", "comments_held").get(pk=article.pk)


def now(comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


# --- changing --------------------------------------------------------------------------------------------------------


def test_the_words_are_changed_and_the_page_says_so(client, article):
    comment = posted(article)
    before = generation(f"article:{article.pk}")
    editing.edit(comment, text=" Other *words*.\r\n", address=HERE)
    changed = now(comment)
    assert (changed.source, changed.html) == ("Other *words*.", "<p>Other <em>words</em>.</p>")
    assert changed.state == "visible"
    assert changed.edited_at is not None
    assert counts(article) == (1, 0)
    assert generation(f"article:{article.pk}") > before
    shown = one_comment(text_of(client.get("/talked-about/")), comment.pk)
    assert '</time> <span class="edited">edited</span>' in shown


def test_nobody_sees_the_former_words_while_the_database_is_down(article):
    comment = posted(article)
    editing.edit(comment, text="Other words.", address=HERE)
    assert not gone.may_be_shown([f"article:{article.pk}"], [0])


def test_it_is_noted_without_the_words(article):
    comment = posted(article)
    editing.edit(comment, text="Secret words.", address=HERE)
    entry = Entry.objects.get(verb="comment edited")
    assert entry.details == {"before": "visible", "after": "visible"}
    assert "ecret" not in str(vars(entry))


def test_the_same_words_change_nothing(article):
    comment = posted(article)
    editing.edit(comment, text="The first words. ", address=HERE)
    assert now(comment).edited_at is None
    assert not Entry.objects.filter(verb="comment edited").exists()


def test_new_words_are_judged_anew(article):
    comment = posted(article)
    editing.edit(comment, text=LINK, address=HERE)
    assert now(comment).state == "held"
    assert now(comment).reasons
    assert now(comment).shown is False
    assert counts(article) == (0, 1)


def test_what_is_held_stays_held_whatever_the_words(article):
    comment = posted(article, text=LINK)
    editing.edit(comment, text="No link any more.", address=HERE)
    assert (now(comment).state, counts(article)) == ("held", (0, 1))
    assert now(comment).reasons


def test_what_everybody_reads_before_it_appears_is_read_again(article, settings):
    comment = posted(article)
    settings.COMMENT_MODERATION = "all"
    editing.edit(comment, text="Other words.", address=HERE)
    assert now(comment).state == "held"


@pytest.mark.parametrize("text", ["", "\u200b", "x" * 4001, "[" * 300])
def test_bad_words_are_refused(article, text):
    comment = posted(article)
    with pytest.raises(posting.BadText):
        editing.edit(comment, text=text, address=HERE)
    assert now(comment).source == "The first words."


def test_the_form_sent_again_is_the_comment_that_was_changed(article):
    comment = posted(article)
    editing.edit(comment, text="Other words.", address=HERE)
    again = posting.post_comment(article, name="Ines", text="The first words.", address=HERE)
    assert (again.created, again.comment.pk) == (False, comment.pk)


def test_changing_again_at_once_is_refused_and_a_little_later_not(frozen):
    comment = posted(make_article())
    editing.edit(comment, text="Second words.", address=HERE)
    with pytest.raises(posting.RateLimited, match="a moment ago"):
        editing.edit(comment, text="Third words.", address=HERE)
    frozen.shift(5)
    assert editing.edit(comment, text="Third words.", address=HERE).source == "Third words."


def test_in_a_conversation_that_closed_nothing_is_changed(article, settings):
    comment = posted(article)
    settings.COMMENTS_OPEN = False
    with pytest.raises(posting.Closed):
        editing.edit(comment, text="Other words.", address=HERE)
    editing.withdraw(comment, address=HERE)
    assert now(comment).state == "withdrawn"


# --- taking back -----------------------------------------------------------------------------------------------------


def test_what_is_taken_back_leaves_nothing_of_its_writer(client, article):
    comment = posted(article)
    editing.withdraw(comment, address=HERE)
    left = now(comment)
    assert (left.state, left.shown, left.fingerprint, left.anchor, left.reasons) == ("withdrawn", False, None, None, [])
    assert {left.name, left.folded, left.skeleton, left.email, left.source, left.html} == {""}
    assert counts(article) == (0, 0)
    assert ids_in(text_of(client.get("/talked-about/"))) == []
    assert not gone.may_be_shown([f"article:{article.pk}"], [0])
    assert Entry.objects.get(verb="comment withdrawn").details == {"before": "visible", "after": "withdrawn"}


def test_where_others_answered_a_tombstone_stays(client, article):
    comment = posted(article)
    reply = make_comment(article, parent=comment, text="I disagree.")
    editing.withdraw(comment, address=HERE)
    page = text_of(client.get("/talked-about/"))
    assert ids_in(page) == [comment.pk, reply.pk]
    assert "Its writer took this back" in one_comment(page, comment.pk)
    assert "Ines" not in page
    assert counts(article) == (1, 0)


def test_when_the_last_answer_goes_the_tombstone_goes(client, article):
    comment = posted(article)
    reply = make_comment(article, parent=comment, address=THERE)
    editing.withdraw(comment, address=HERE)
    editing.withdraw(reply, address=THERE)
    assert ids_in(text_of(client.get("/talked-about/"))) == []


def test_the_same_can_be_posted_again(article):
    comment = posted(article)
    editing.withdraw(comment, address=HERE)
    assert posting.post_comment(article, name="Ines", text="The first words.", address=HERE).created


def test_posting_and_taking_back_does_not_pass_the_rate_limit_by(article, settings):
    settings.COMMENT_RATE = (3, 60)
    for number in range(3):
        editing.withdraw(posted(article, text=f"Number {number}."), address=HERE)
    with pytest.raises(posting.RateLimited):
        posted(article)


def test_nobody_is_told_of_answers_to_what_was_taken_back(article):
    comment = posted(article)
    elsewhere = {"email": "i@example.org", "address": HERE}
    following.follow(article, comment=comment, written=comment, **elsewhere)
    following.follow(article, written=comment, **elsewhere)
    following.follow(article, email="other@example.org", address=THERE)
    editing.withdraw(comment, address=HERE)
    assert [one.address.email for one in Following.objects.all()] == ["other@example.org"]


def test_what_waits_can_be_taken_back(article):
    comment = posted(article, text=LINK)
    editing.withdraw(comment, address=HERE)
    assert (now(comment).state, counts(article)) == ("withdrawn", (0, 0))


def test_taken_back_twice_is_taken_back(article):
    comment = posted(article)
    editing.withdraw(comment, address=HERE)
    editing.withdraw(comment, address=HERE)
    assert Entry.objects.filter(verb="comment withdrawn").count() == 1
    assert counts(article) == (0, 0)


def test_a_number_that_was_given_is_not_given_again(article):
    posted(article)
    second = posted(article, address=THERE)
    editing.withdraw(second, address=THERE)
    assert posted(article, text="Back again.", address=THERE).twin == 2
    assert twins.skeleton("Ines") == now(Comment.objects.first()).skeleton


def test_an_answer_to_what_was_taken_back_is_refused(article):
    comment = posted(article)
    editing.withdraw(comment, address=HERE)
    with pytest.raises(posting.BadParent):
        make_comment(article, parent=comment)


# --- who may, and how long -------------------------------------------------------------------------------------------

VERBS = {
    "edit": lambda comment, **who: editing.edit(comment, text="Other words.", **who),
    "withdraw": lambda comment, **who: editing.withdraw(comment, **who),
}
both = pytest.mark.parametrize("verb", VERBS)


@both
def test_from_the_same_network_in_time_it_works(frozen, verb):
    comment = posted(make_article(), address="2001:db8::1")
    frozen.shift(15 * 60 - 1)
    assert editing.rights(comment, address="2001:db8::ffff") is not None
    VERBS[verb](comment, address="2001:db8::ffff")


@both
@pytest.mark.parametrize("address", [THERE, "", "nonsense", "192.0.2.2"])
def test_from_another_network_or_none_it_does_not(article, verb, address):
    comment = posted(article)
    assert editing.rights(comment, address=address) is None
    with pytest.raises(editing.NotYours, match="only from the network"):
        VERBS[verb](comment, address=address)
    assert now(comment).source == "The first words."


@both
def test_where_no_network_was_known_nobody_has_the_right(article, verb):
    comment = posted(article, address="")
    with pytest.raises(editing.NotYours):
        VERBS[verb](comment, address="")


@both
def test_after_fifteen_minutes_it_is_too_late(frozen, verb):
    comment = posted(make_article())
    frozen.shift(15 * 60)
    assert editing.rights(comment, address=HERE) is None
    with pytest.raises(editing.TooLate, match=r"15 minutes.* ended at 12:15"):
        VERBS[verb](comment, address=HERE)


@both
def test_over_the_end_of_a_month_it_works(frozen, verb):
    frozen.move_to("2025-03-31T23:59:00+00:00")
    comment = posted(make_article())
    frozen.shift(5 * 60)
    VERBS[verb](comment, address=HERE)


@pytest.mark.parametrize("decide", [moderation.approve, moderation.pick])
def test_what_a_moderator_has_read_can_be_deleted_and_not_changed(article, editor, decide):
    comment = posted(article, text=LINK) if decide == moderation.approve else posted(article)
    decide(comment, by=editor)
    assert editing.rights(now(comment), address=HERE).can_edit is False
    with pytest.raises(editing.Decided, match="A moderator has read this, so it stays as it is"):
        editing.edit(comment, text="Other words.", address=HERE)
    editing.withdraw(comment, address=HERE)
    assert now(comment).state == "withdrawn"
    assert now(comment).pick is False
    assert Decision.objects.count() == 1


@both
def test_what_a_moderator_took_down_stays_down(article, editor, verb):
    comment = posted(article)
    moderation.remove(comment, by=editor)
    with pytest.raises(editing.Decided, match="not shown any more"):
        VERBS[verb](comment, address=HERE)
    assert now(comment).state == "removed"


@both
def test_staff_change_what_they_wrote_signed_in(article, verb):
    writer, other = make_user(), make_user()
    comment = make_comment(article, user=writer)
    for who in ({"user": other}, {"address": HERE}, {}):
        with pytest.raises(editing.NotYours, match="signed in"):
            VERBS[verb](comment, **who)
    VERBS[verb](comment, user=writer)
    assert now(comment).state in {"visible", "withdrawn"}


@both
def test_a_comment_whose_article_went_is_refused(article, verb):
    comment = posted(article)
    publishing.withdraw(article, by=None)
    if verb == "edit":
        with pytest.raises(posting.Closed):
            VERBS[verb](comment, address=HERE)
    else:
        VERBS[verb](comment, address=HERE)
