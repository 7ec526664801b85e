import pytest

from articles import publishing, revisions
from articles.models import Article, Revision, Tag
from site_config.pages.models import Generation
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db

# A value for each field of a revision that differs from what the factory makes.
CHANGES = {
    "title": "Another title",
    "subtitle": "Another subtitle",
    "summary": "Another summary",
    "slug": "another-slug",
    "language": "fr",
    "canonical_url": "https://example.org/first",
    "body": "<p>Another body</p>",
    "tags": ["Another tag"],
    "comment_policy": "closed",
}


def seen_by_readers(article: Article) -> dict:
    row = Article.objects.filter(pk=article.pk).values().get()
    for private in ("newest_id", "working_title"):
        row.pop(private)
    row["tags"] = sorted(Article.objects.get(pk=article.pk).tags.names())
    row["bylines"] = list(article.bylines.values_list("user_id", flat=True))
    return row


def test_it_works():
    revision = revisions.save(None, {"title": "One", "body": "<p>Text</p>"}, by=make_user())
    assert revision.data["title"] == "One"
    assert revision.article.state == "draft"
    assert revision.article.slug == "one"


@pytest.mark.parametrize("field", [name for name in revisions.FIELDS if name not in {"image", "bylines"}])
def test_saving_a_live_article_changes_nothing_for_readers(field):
    article = make_article(tags=["First"])
    before, generations = seen_by_readers(article), list(Generation.objects.order_by("subject").values_list())
    revisions.save(article, {**revisions.newest_data(article), field: CHANGES[field]}, by=None)
    assert seen_by_readers(article) == before
    assert list(Generation.objects.order_by("subject").values_list()) == generations
    article.refresh_from_db()
    assert article.has_unpublished_changes
    assert revisions.newest_data(article)[field] == CHANGES[field]


def test_a_new_image_and_byline_change_nothing_for_readers():
    article = make_article()
    image, person = make_image(), make_user()
    before = seen_by_readers(article)
    revisions.save(article, {**revisions.newest_data(article), "image": image.pk, "bylines": [person.pk]}, by=None)
    assert seen_by_readers(article) == before


def test_a_tag_is_made_at_publication_and_not_before():
    make_draft(tags=["Only planned"])
    assert not Tag.objects.filter(name="Only planned").exists()


def test_the_same_again_makes_no_revision():
    article = make_draft()
    first = article.newest
    again = revisions.save(article, first.data, by=None)
    assert again == first
    assert Revision.objects.filter(article=article).count() == 1


def test_a_stale_save_is_refused_and_writes_nothing():
    article = make_draft(title="One")
    opened = article.newest_id
    theirs = revisions.save(article, {**article.newest.data, "title": "Theirs"}, by=None, based_on=opened)
    with pytest.raises(revisions.StaleRevision) as caught:
        revisions.save(article, {**article.newest.data, "title": "Mine"}, by=None, based_on=opened)
    assert caught.value.newest == theirs
    assert Revision.objects.filter(article=article).count() == 2


def test_a_knowing_save_overwrites():
    article = make_draft(title="One")
    revisions.save(article, {**article.newest.data, "title": "Theirs"}, by=None)
    revisions.save(article, {**article.newest.data, "title": "Mine"}, by=None, based_on=None)
    article.refresh_from_db()
    assert article.newest.data["title"] == "Mine"


def test_html_is_cleaned_whatever_the_way_in():
    revision = revisions.save(None, {"title": "One", "body": "<p onclick=x>Text<script>alert(1)</script></p>"}, by=None)
    assert revision.data["body"] == "<p>Text</p>"


def test_a_draft_takes_the_slug_of_its_newest_revision():
    article = make_draft(slug="first-idea")
    revisions.save(article, {**article.newest.data, "slug": "better-idea"}, by=None)
    article.refresh_from_db()
    assert article.slug == "better-idea"


def test_two_drafts_of_one_title_get_addresses_of_their_own():
    assert [make_draft(title="Same").slug for _ in range(3)] == ["same", "same-2", "same-3"]


@pytest.mark.parametrize("title", ["🎉🎉", "مقالة طويلة", "x" * 200, "admin", "2025", "Tag"])
def test_any_title_gets_an_address(title):
    article = make_article(title=title)
    assert article.slug
    assert article.slug not in {"admin", "2025", "tag"}


def test_saving_what_readers_see_already_leaves_nothing_unpublished():
    article = make_draft()
    data = {**revisions.newest_data(article), "title": "Typed"}
    revisions.save(article, data, by=None, kind="autosave", session="a" * 32)
    published = publishing.publish(article, by=None)
    revisions.save(published, data, by=None)
    assert not Article.objects.get().has_unpublished_changes


def test_saving_an_autosave_by_hand_makes_it_one_that_others_may_read():
    article = make_draft()
    data = {**revisions.newest_data(article), "title": "Typed"}
    revisions.save(article, data, by=None, kind="autosave", session="a" * 32)
    assert revisions.save(article, data, by=None).kind == "draft"
