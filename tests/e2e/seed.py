"""What the site of the journeys has beside the first article. Runs in the site's own shell, through the verbs.

Articles with fixed addresses, so that a journey can name them; people with a known password.
"""

from __future__ import annotations

import json
import random

from articles import publishing, revisions
from articles.models import Article
from comments import posting
from comments.models import Comment
from tests import factories
from tests.e2e.journeys import COMMENTS, PASSWORD


def sow() -> None:
    """Prints, as JSON, the numbers of what was made."""
    factories.make_user(username="ada", display_name="Ada Desk", password=PASSWORD, is_superuser=True)
    factories.make_user(username="mo", display_name="Mo Reads", password=PASSWORD, permissions=("comments.moderate_comment",))
    first = Article.objects.get(slug="the-power-struggle-in-ai")
    quiet = again(first, slug="much-discussed", title="Much discussed")
    discuss(quiet, first.plain_text.split())
    gone = factories.make_article(slug="taken-back", title="Taken back")
    publishing.withdraw(gone, by=None)
    factories.make_image(title="A field of colour")
    comments = Comment.objects.filter(article=quiet).order_by("pk")
    print(json.dumps({"article": quiet.pk, "comment": comments[0].pk, "held": comments.get(state="held").pk}))


def again(article: Article, **changes) -> Article:
    """An article with the text, picture and tags of another one."""
    return publishing.publish(revisions.save(None, {**article.newest.data, **changes}, by=None).article, by=None)


def discuss(article: Article, words: list[str]) -> None:
    """COMMENTS readable comments in threads, some of them long; one by staff; one more that is held."""
    dice = random.Random(20)
    said: list[Comment] = []
    for number in range(COMMENTS):
        start = dice.randrange(len(words) - 90)
        text = " ".join(words[start : start + dice.randint(12, 90)])
        parent = said[-1] if number % 4 else None
        name = f"{words[dice.randrange(40)]} {number}".title()
        said.append(posting.post_comment(article, name=name, text=text, parent=parent, address=f"192.0.2.{number}").comment)
    posting.post_comment(article, name="Olu", text="See https://example.org/", address="192.0.2.99")
