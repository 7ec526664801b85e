"""What the sites of races, storms and faults have beside the first article. Runs in a site's own shell, through the verbs."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from articles.models import Article
from site_config import pages
from tests import factories
from tests.e2e.journeys import PASSWORD
from tests.e2e.races import words

TALKS = 40
LISTED = ("d1", "d2", "v2", "v3", "t1", "t2")
FAULTS = 24


def sow() -> None:
    """Prints `slug number` of each article. They are two days old, so that a clock may go back."""
    old = timezone.now() - timedelta(days=2)
    factories.make_user(username="ada", display_name="Ada Desk", password=PASSWORD, is_superuser=True)
    for slug in LISTED:
        factories.make_article(at=old, **words.article_of(slug, 1))
    factories.make_article(at=old, **words.article_of("v1", 1, tags=["Moving"]))
    for number in range(1, TALKS + 1):
        for letter in "km":
            factories.make_article(at=old, visibility="unlisted", **words.article_of(f"{letter}{number}", 1))
    for number in range(1, FAULTS + 1):
        for letter in "gup":
            factories.make_article(at=old, visibility="unlisted", **words.article_of(f"{letter}{number}", 1))
    for slug, number in Article.objects.values_list("slug", "pk"):
        print(slug, number)


def many(count: int) -> None:
    """So many more articles, alike but for their number; one transaction."""
    like = Article.objects.get(slug="d1")
    made = [copy_of(like, number) for number in range(1, count + 1)]
    with pages.changing("site"):
        Article.objects.bulk_create(made)


def copy_of(like: Article, number: int) -> Article:
    fields = {field.attname: getattr(like, field.attname) for field in Article._meta.concrete_fields}
    mine = {"id": None, "slug": f"a{number}", "title": f"Report a{number}-version-1", "newest_id": None, "published_id": None}
    return Article(**fields | mine)
