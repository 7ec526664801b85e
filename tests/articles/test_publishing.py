from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from articles import publishing, revisions
from articles.checklist import problems_of
from articles.models import Article, Redirect
from site_config.audit.models import Entry
from site_config.jobs.models import Job
from site_config.jobs.runner import run_due
from site_config.pages.models import Generation
from tests.factories import make_article, make_draft, make_image, make_user
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def edit(article, **changes):
    return revisions.save(article, {**revisions.newest_data(article), **changes}, by=None)


def generation(subject: str) -> int:
    return Generation.objects.filter(subject=subject).values_list("number", flat=True).first() or 0


def test_it_works():
    article = publishing.publish(make_draft(title="One", body="<h2>Part</h2><p>Words here.</p>", tags=["AI", "ai "]), by=None)
    assert article.state == "live"
    assert list(Article.objects.live()) == [article]
    assert article.html == '<h2 id="part"><a href="#part">Part</a></h2><p>Words here.</p>'
    assert article.words == 3
    assert list(article.tags.names()) == ["AI"]


def test_it_checks_the_permission():
    draft = make_draft()
    with pytest.raises(PermissionDenied):
        publishing.publish(draft, by=make_user())
    assert not Article.objects.live().exists()


def test_who_may_publish_publishes():
    editor = make_user(permissions=("articles.publish_article",))
    publishing.publish(make_draft(), by=editor)
    assert Article.objects.live().count() == 1
    assert Entry.objects.filter(verb="published", actor=editor).count() == 1


@pytest.mark.parametrize("verb", [publishing.withdraw, publishing.restore])
def test_taking_back_checks_the_permission(verb):
    article = make_article()
    with pytest.raises(PermissionDenied):
        verb(article, by=make_user())


@pytest.mark.parametrize(("data", "words"), [({"body": ""}, "body"), ({"body": "<p> </p>"}, "body"), ({"title": ""}, "title")])
def test_what_is_missing_is_said(data, words):
    draft = make_draft(**data)
    with pytest.raises(publishing.NotReady, match=words):
        publishing.publish(draft, by=None)


def test_a_picture_without_words_blocks():
    image = make_image(alt="")
    with pytest.raises(publishing.NotReady, match="text alternative"):
        publishing.publish(make_draft(body=f'<figure><img data-image="{image.pk}"></figure>'), by=None)
    with pytest.raises(publishing.NotReady, match="lead image"):
        publishing.publish(make_draft(image=image.pk), by=None)


@pytest.mark.parametrize(
    ("image", "blocks"), [('alt=""', True), ('alt=" "', True), ('alt="" data-decorative=""', False), ('alt="x"', False)]
)
def test_an_empty_alternative_must_be_meant(image, blocks):
    pk = make_image().pk
    draft = make_draft(body=f'<figure><img data-image="{pk}" {image}></figure>')
    found = [problem for problem in problems_of(draft, draft.newest.data) if problem.blocks]
    assert bool(found) == blocks


def test_publishing_changes_puts_all_of_them_live_at_once():
    article = make_article(title="Old", tags=["Old"])
    image, person = make_image(), make_user()
    edit(article, title="New", tags=["New"], image=image.pk, bylines=[person.pk], body="<p>New</p>")
    article = publishing.publish(article, by=None)
    assert (article.title, article.html, article.image_id) == ("New", "<p>New</p>", image.pk)
    assert list(article.tags.names()) == ["New"]
    assert [byline.user for byline in article.bylines.all()] == [person]
    assert not article.has_unpublished_changes


def test_it_marks_the_article_and_the_lists():
    article = make_article()
    before = generation(f"article:{article.pk}"), generation("lists")
    publishing.withdraw(article, by=None)
    assert generation(f"article:{article.pk}") == before[0] + 1
    assert generation("lists") == before[1] + 1


def test_scheduled_is_live_from_its_minute_on(frozen):
    at = timezone.now() + timedelta(hours=2)
    article = make_article(at=at)
    assert article.state == "scheduled"
    assert not Article.objects.live().exists()
    frozen.shift(timedelta(hours=2) - timedelta(seconds=1))
    assert not Article.objects.live().exists()
    frozen.shift(timedelta(seconds=1))
    assert list(Article.objects.listed()) == [article]


def test_a_scheduled_article_goes_back_to_the_drafts(frozen):
    article = publishing.withdraw(make_article(at=timezone.now() + timedelta(hours=2)), by=None)
    assert article.state == "draft"
    assert Entry.objects.filter(verb="unscheduled").exists()


def test_withdrawn_and_restored():
    article = publishing.withdraw(make_article(), by=None)
    assert article.state == "withdrawn"
    assert list(Article.objects.withdrawn()) == [article]
    assert publishing.restore(article, by=None).state == "live"


def test_withdrawing_a_draft_says_why_not():
    with pytest.raises(publishing.WrongState, match="not public"):
        publishing.withdraw(make_draft(), by=None)


def test_unlisted_is_live_but_in_no_list():
    article = publishing.set_visibility(make_article(), "unlisted", by=None)
    assert article.state == "unlisted"
    assert Article.objects.live().exists()
    assert not Article.objects.listed().exists()


def test_a_changed_slug_leaves_a_redirect():
    article = make_article(slug="old")
    edit(article, slug="new")
    publishing.publish(article, by=None)
    assert Redirect.objects.get().path == "/old/"
    assert Redirect.objects.get().target == article


def test_a_slug_that_comes_back_takes_its_redirect_away():
    article = make_article(slug="old")
    for slug in ("new", "old"):
        edit(article, slug=slug)
        article = publishing.publish(article, by=None)
    assert [redirect.path for redirect in Redirect.objects.all()] == ["/new/"]


def test_the_old_address_of_another_article_is_refused():
    first = make_article(slug="old")
    edit(first, slug="new")
    publishing.publish(first, by=None)
    with pytest.raises(publishing.NotReady, match="old address"):
        publishing.publish(make_draft(slug="old"), by=None)


def test_a_draft_that_changed_its_slug_leaves_no_redirect():
    article = make_draft(slug="old")
    edit(article, slug="new")
    publishing.publish(article, by=None)
    assert not Redirect.objects.exists()


def test_an_emptied_slug_leaves_a_public_article_where_it_is():
    article = make_article(slug="old", title="First title")
    edit(article, slug="", title="Second title")
    article = publishing.publish(article, by=None)
    assert article.slug == "old"
    assert article.title == "Second title"


def test_an_emptied_slug_of_a_draft_is_made_from_its_newest_title():
    article = make_draft(slug="", title="First title")
    edit(article, slug="", title="Second title")
    assert publishing.publish(article, by=None).slug == "second-title"


def test_links_to_it_follow_a_new_slug():
    target = make_article(slug="old")
    source = make_article(body=f'<p>See <a data-article="{target.pk}">that</a>.</p>')
    assert 'href="/old/"' in source.html
    edit(target, slug="new")
    publishing.publish(target, by=None)
    run_due()
    source.refresh_from_db()
    assert 'href="/new/"' in source.html


def test_updated_is_an_editors_word_only(frozen):
    article = make_article()
    frozen.shift(timedelta(days=3))
    edit(article, body="<p>Corrected</p>")
    assert not publishing.publish(article, by=None).shows_update
    edit(article, body="<p>Rewritten</p>")
    assert publishing.publish(article, by=None, updated=True).shows_update


def test_the_date_of_first_publication_stays(frozen):
    article = make_article()
    first = article.first_published_at
    frozen.shift(timedelta(days=3))
    edit(article, body="<p>Changed</p>")
    article = publishing.publish(article, by=None)
    assert (article.first_published_at, article.published_at) == (first, first)


def test_an_imported_date_in_the_past_is_kept():
    when = datetime(2020, 5, 1, tzinfo=UTC)
    article = make_article(at=when)
    assert article.state == "live"
    assert article.published_at == article.first_published_at == when


def test_renditions_reach_the_page_once_they_are_drawn():
    image = make_image(size=(1200, 800))
    article = make_article(image=image.pk, body=f'<figure><img data-image="{image.pk}" alt="x"></figure>')
    assert "srcset" not in article.html
    run_due()
    article.refresh_from_db()
    assert "480w" in article.html
    assert "960w" in article.lead["srcset"]


def test_amending_publishes_if_nothing_else_waits():
    article = make_article(tags=["One"])
    _, public = publishing.amend(article, by=None, tags=["One", "Two"])
    assert public
    assert sorted(article.tags.names()) == ["One", "Two"]


def test_amending_waits_with_other_changes():
    article = make_article(tags=["One"])
    edit(article, title="Unfinished")
    _, public = publishing.amend(article, by=None, tags=["One", "Two"])
    article.refresh_from_db()
    assert not public
    assert article.title != "Unfinished"
    assert sorted(article.tags.names()) == ["One"]


def test_closing_the_conversation_is_at_once_whatever_waits():
    article = make_article()
    edit(article, title="Unfinished")
    publishing.set_comment_policy(article, "closed", by=None)
    article.refresh_from_db()
    assert article.comment_policy == "closed"
    assert article.title != "Unfinished"


def test_a_failed_publication_leaves_nothing_behind(monkeypatch):
    article = make_draft(tags=["New"])
    monkeypatch.setattr(publishing, "record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publishing.publish(article, by=None)
    article.refresh_from_db()
    assert article.state == "draft"
    assert not article.tags.exists()
    assert not Job.objects.exists()
    assert generation("lists") == 0


def test_publishing_a_withdrawn_article_keeps_its_date(frozen):
    article = make_article()
    published = article.published_at
    frozen.shift(timedelta(days=3))
    publishing.withdraw(article, by=None)
    edit(article, body="<p>Mended</p>")
    article = publishing.publish(article, by=None)
    assert (article.state, article.published_at) == ("live", published)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a database with several writers")
@pytest.mark.django_db(transaction=True)
def test_of_several_publications_at_the_same_instant_one_is_made():
    article = make_draft()
    told = at_once(*[lambda: publishing.publish(article, by=None, visibility="public", version=article.newest_id)] * 4)
    assert sorted(type(one).__name__ for one in told) == ["Article", "WrongState", "WrongState", "WrongState"]
    assert Entry.objects.filter(verb="published").count() == 1
