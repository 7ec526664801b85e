"""What the site of the journeys has beside the first article. Runs in the site's own shell, through the verbs.

Articles with fixed addresses, so that a journey can name them; people with a known password.
"""

from __future__ import annotations

import json
import random
from datetime import timedelta

from django.utils import timezone

from articles import corrections, drafts, due, publishing, revisions, series, vocabulary
from articles.models import Article, Tag
from comments import moderation, passages, posting
from comments.anchors import describe
from comments.marks import flatten
from comments.models import Comment
from tests import factories
from tests.comments import sowing
from tests.e2e.journeys import COMMENTS, PASSWORD


def sow() -> None:
    """Prints, as JSON, the numbers of what was made."""
    factories.make_user(username="ada", display_name="Ada Desk", password=PASSWORD, is_superuser=True)
    factories.make_user(username="mo", display_name="Mo Reads", password=PASSWORD, permissions=("comments.moderate_comment",))
    first = Article.objects.get(slug="the-power-struggle-in-ai")
    quiet = again(first, slug="much-discussed", title="Much discussed")
    discuss(quiet, first.plain_text.split())
    at_length(again(first, slug="long-thread", title="A long thread"))
    gone = factories.make_article(slug="taken-back", title="Taken back")
    publishing.withdraw(gone, by=None)
    factories.make_image(title="A field of colour")
    numbers = tidy_up(first, quiet)
    comments = Comment.objects.filter(article=quiet).order_by("pk")
    numbers |= shown_to_others(first)
    numbers |= {"root": Comment.objects.filter(article__slug="long-thread", parent=None).earliest("pk").pk}
    numbers |= {"article": quiet.pk, "comment": comments[0].pk, "held": comments.get(state="held").pk}
    print(json.dumps(numbers))


def tidy_up(first: Article, quiet: Article) -> dict[str, int]:
    """A series, a correction whose words are shown, and a tag with a former name."""
    members = [first.pk, quiet.pk]
    made = series.save(None, title="Open or closed", description="Who may look inside.", articles=members, by=None)
    revisions.save(quiet, {**revisions.newest_data(quiet), "subtitle": "What readers say"}, by=None)
    correction = corrections.correct(quiet, "The subtitle was that of another article.", by=None, show_changes=True)
    tag = vocabulary.rename(Tag.objects.get(name="Regulation"), "Rules and regulation", by=None)
    return {"series": made.pk, "correction": correction.pk, "tag": tag.pk, "alias": tag.aliases.get().pk}


def shown_to_others(first: Article) -> dict[str, int | str]:
    """A draft with an older version, a change of something that is live and waits, a link for a reader and notes of theirs."""
    draft = revisions.save(None, {**first.newest.data, "slug": "reworked", "title": "Reworked"}, by=None).article
    older = draft.newest_id
    revisions.save(draft, {**revisions.newest_data(draft), "title": "Reworked again", "summary": "Another summary."}, by=None)
    link = drafts.make_link(draft, by=None, reader="Ines")
    note = drafts.leave_note(link, text="Is that so?", name="Ines", quote={"exact": "Both are co-founders of OpenAI"})
    drafts.settle_note(drafts.leave_note(link, text="A fine piece."), by=None, answer="Thank you.", is_closed=True)
    waiting = factories.make_article(title="Waiting for its change", slug="waiting")
    revisions.save(waiting, {**revisions.newest_data(waiting), "title": "Changed"}, by=None)
    due.schedule_change(waiting, by=None, at=timezone.now() + timedelta(days=30))
    token = drafts.address(link).rstrip("/").rpartition("/")[2]
    return {"draft": draft.pk, "older": older, "token": token, "note": note.pk, "waiting": waiting.pk}


def again(article: Article, **changes) -> Article:
    """An article with the text, picture and tags of another one."""
    return publishing.publish(revisions.save(None, {**article.newest.data, **changes}, by=None).article, by=None)


def at_length(article: Article) -> None:
    """A thread of 250 in which each answer has three, then 90 threads without an answer; one comment was taken down."""
    made = sowing.sow(article, [None, *(number // 3 for number in range(249)), *[None] * 90])
    moderator = factories.make_user(is_superuser=True)
    moderation.remove(Comment.objects.get(pk=made[1]), by=moderator)


def discuss(article: Article, words: list[str]) -> None:
    """COMMENTS readable comments in threads, some of them long; one by staff; one more that is held."""
    dice = random.Random(20)
    said: list[Comment] = []
    for number in range(COMMENTS):
        start = dice.randrange(len(words) - 90)
        text = " ".join(words[start : start + dice.randint(12, 90)])
        parent = said[-1] if number % 4 else None
        name = f"{words[dice.randrange(40)]} {number}".title()
        anchor = None if parent else on_a_passage(article, number)
        given = {"name": name, "text": text, "parent": parent, "anchor": anchor, "address": f"192.0.2.{number}"}
        said.append(posting.post_comment(article, **given).comment)
    posting.post_comment(article, name="Olu", text="See https://example.org/", address="192.0.2.99")


def on_a_passage(article: Article, number: int) -> dict[str, str]:
    """A passage that crosses whatever stands there, and overlaps with the one that has the number before or after."""
    text = flatten(article.html).text.plain
    start = len(text) * (number // 8 * 2 + 1) // 6
    return passages.take(article, describe(text, start, start + 200 + 20 * number))
