from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import presence, publishing, revisions
from articles.admin.article import ArticleAdmin
from articles.models import Article, Revision, Tag
from site_config.audit.models import Entry
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db
WRITER = ("articles.add_article", "articles.change_article", "articles.view_article")
PUBLISHER = (*WRITER, "articles.publish_article")
ADD = "/admin/articles/article/add/"


def fields(**changes) -> dict:
    return {"title": "A title", "body": "<p>Text</p>", "language": "en", "comment_policy": "open", "kind": "article", **changes}


def change_address(article, view="change") -> str:
    return reverse(f"admin:articles_article_{view}", args=[article.pk])


def form_of(article, **changes) -> dict:
    data = revisions.newest_data(article)
    return (
        fields(
            **{name: data[name] for name in ("title", "subtitle", "summary", "body", "slug", "language", "comment_policy")},
            tags=", ".join(data["tags"]),
            bylines=data["bylines"],
            image=data["image"] or "",
            based_on=article.newest_id,
        )
        | changes
    )


def signed_in(client, *permissions):
    user = make_user(permissions=permissions)
    client.force_login(user)
    return user


def test_it_works(desk, editor):
    answer = desk.post(ADD, fields(tags="AI, ai , Law", bylines=[editor.pk]))
    article = Article.objects.get()
    assert answer.headers["Location"] == change_address(article)
    assert article.state == "draft"
    assert article.created_by == editor
    assert revisions.newest_data(article)["tags"] == ["AI", "Law"]
    assert not Tag.objects.exists()


def test_it_checks_access(client):
    assert client.get(ADD).headers["Location"].startswith("/admin/login/")
    signed_in(client)
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, fields()).status_code == 403
    assert not Article.objects.exists()


def test_saving_a_live_article_changes_nothing_for_readers(desk, client):
    article = make_article(title="Published title")
    before = desk.get(article.get_absolute_url()).status_code
    desk.post(change_address(article), form_of(article, title="Working title", body="<p>Unseen</p>"), follow=True)
    client.logout()
    page = client.get(article.get_absolute_url()).content.decode()
    assert before == 200
    assert "Published title" in page
    assert "Unseen" not in page
    assert revisions.newest_data(Article.objects.get())["title"] == "Working title"


def test_the_form_starts_from_the_newest_revision(desk):
    article = make_article(title="Published title")
    revisions.save(article, {**revisions.newest_data(article), "title": "Working title"}, by=None)
    page = desk.get(change_address(article)).content.decode()
    assert 'value="Working title"' in page
    assert "Readers do not see the newest changes yet" in page


def test_save_and_publish_leads_to_the_page_that_asks(desk):
    article = make_draft()
    answer = desk.post(change_address(article), form_of(article, _publish="1"))
    assert answer.headers["Location"] == change_address(article, "publish")
    assert not Article.objects.live().exists()


def test_publishing(client):
    editor = signed_in(client, *PUBLISHER)
    article = make_draft()
    assert "Nothing is missing" not in client.get(change_address(article, "publish")).content.decode()  # no tags: a warning
    client.post(change_address(article, "publish"), {"visibility": "public"})
    assert Article.objects.live().get() == article
    assert Entry.objects.get(verb="published").actor == editor


@pytest.mark.parametrize("view", ["publish", "withdraw", "restore"])
def test_publishing_is_refused_without_the_permission(client, view):
    signed_in(client, *WRITER)
    article = make_draft() if view == "publish" else make_article()
    if view == "restore":
        publishing.withdraw(article, by=None)
    before = Article.objects.filter(pk=article.pk).values().get()
    assert client.get(change_address(article, view)).status_code == 403
    assert client.post(change_address(article, view), {"visibility": "public"}).status_code == 403
    assert Article.objects.filter(pk=article.pk).values().get() == before


def test_the_publish_button_is_not_offered_without_the_permission(client):
    article = make_draft(by=signed_in(client, *WRITER))
    assert "_publish" not in client.get(change_address(article)).content.decode()
    answer = client.post(change_address(article), form_of(article, _publish="1"))
    assert answer.headers["Location"] == change_address(article)


def test_publishing_nothing_says_what_is_missing(desk):
    article = make_draft(body="")
    page = desk.get(change_address(article, "publish")).content.decode()
    assert "Write something in the body" in page
    assert "#id_body" in page
    assert desk.post(change_address(article, "publish"), {"visibility": "public"}).status_code == 400
    assert not Article.objects.live().exists()


def test_the_page_that_asks_names_the_address(desk, settings):
    draft, live = make_draft(slug="first"), make_article(slug="old")
    assert f"{settings.SITE_URL}/first/" in desk.get(change_address(draft, "publish")).content.decode()
    assert "Readers see the newest version already" in desk.get(change_address(live, "publish")).content.decode()
    revisions.save(live, {**revisions.newest_data(live), "title": "Other words"}, by=None)
    assert "Readers see the newest version then" in desk.get(change_address(live, "publish")).content.decode()
    revisions.save(live, {**revisions.newest_data(live), "slug": "new"}, by=None)
    page = desk.get(change_address(live, "publish")).content.decode()
    assert f"It moves to <strong>{settings.SITE_URL}/new/</strong>" in page


@pytest.mark.parametrize(("subtitle", "words"), [("A second line", "show the subtitle"), ("", "nothing but the title")])
def test_a_missing_summary_says_what_stands_in_its_place(desk, subtitle, words):
    draft = make_draft(summary="", subtitle=subtitle)
    assert words in desk.get(change_address(draft, "publish")).content.decode()


def test_scheduling(desk, frozen):
    article = make_draft()
    page = desk.post(change_address(article, "publish"), {"visibility": "public", "at": "2025-02-16T08:00"}, follow=True)
    assert "goes live on 16 February 2025, 08:00" in page.content.decode()
    assert "Scheduled for 16 February 2025, 08:00" in desk.get(change_address(article, "history")).content.decode()
    assert Article.objects.get().state == "scheduled"


@pytest.mark.parametrize("at", ["2020-01-01T00:00", "soon", "2025-13-45T99:99", "2205-01-01T00:00", "9999-12-31T23:59"])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_a_time_that_cannot_be_is_explained(desk, settings, zone, at):
    settings.TIME_ZONE = zone
    article = make_draft()
    answer = desk.post(change_address(article, "publish"), {"visibility": "public", "at": at})
    assert answer.status_code == 400
    assert 'class="errorlist"' in answer.content.decode()
    assert not Article.objects.exclude(published_at=None).exists()


def test_withdraw_and_restore(desk):
    article = make_article()
    desk.post(change_address(article, "withdraw"))
    assert desk.get(article.get_absolute_url()).status_code == 410
    desk.post(change_address(article, "restore"))
    assert desk.get(article.get_absolute_url()).status_code == 200


def test_unscheduling_says_what_it_does(desk, frozen):
    article = publishing.publish(make_draft(title="Not yet"), by=None, at=timezone.now() + timedelta(days=1))
    page = desk.get(change_address(article, "withdraw")).content.decode()
    assert "Unschedule “Not yet”?" in page
    assert "It does not go live on 16 February 2025, 12:00. It is a draft again" in page
    done = desk.post(change_address(article, "withdraw"), follow=True).content.decode()
    assert "Unscheduled. It is a draft again." in done
    assert "withdrawn" not in page + done.partition('class="messagelist"')[2].partition("</ul>")[0]
    assert Article.objects.get().state == "draft"


@pytest.mark.parametrize("view", ["withdraw", "restore", "publish"])
def test_nothing_happens_by_looking(desk, view):
    article = make_article()
    desk.get(change_address(article, view))
    assert Article.objects.get().state == "live"


def test_a_stale_save_keeps_what_was_typed(desk):
    article = make_draft(title="One")
    mine = form_of(article, title="Mine")
    revisions.save(article, {**revisions.newest_data(article), "title": "Theirs"}, by=make_user(display_name="Ada"))
    page = desk.post(change_address(article), mine).content.decode()
    assert "Ada saved this article" in page
    assert 'value="Mine"' in page
    assert revisions.newest_data(Article.objects.get())["title"] == "Theirs"
    desk.post(change_address(article), {**mine, "seen": Article.objects.get().newest_id, "_mine": "yes"})
    assert revisions.newest_data(Article.objects.get())["title"] == "Mine"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "x" * 300}, "200 is the most"),
        ({"title": "   "}, "Write a title"),
        ({"title": "\u200b\u200d"}, "invisible"),
        ({"title": "a\x00b"}, "Null characters"),
        ({"slug": "admin"}, "kept for the site"),
        ({"slug": "2025"}, "kept for the site"),
        ({"slug": "a b/c"}, "Use only letters"),
        ({"slug": "taken"}, "Another article has the address"),
        ({"tags": "x" * 80}, "at most 60 characters"),
        ({"canonical_url": "javascript:alert(1)"}, "Write the whole address"),
        ({"body": "<div>" * 3000}, "nests too many"),
        ({"body": "x" * 2_000_001}, "2,000,000 is the most"),
        ({"title": "x" * 260}, "Shorten the title: it has 260 characters, and 200 is the most."),
        ({"summary": "x" * 700}, "Shorten this: it has 700 characters, and 500 is the most."),
        ({"slug": "x" * 121}, "Shorten this: it has 121 characters, and 100 is the most."),
        ({"image": "999"}, "valid choice"),
        ({"image": "9" * 23}, "valid choice"),
        ({"bylines": ["9" * 23]}, "Choose one of the list."),
        ({"language": "klingon"}, "Choose one of the list."),
    ],
)
def test_bad_input_is_explained_and_kept(desk, changes, words):
    make_article(slug="taken")
    before = Article.objects.count(), Revision.objects.count()
    answer = desk.post(ADD, fields(subtitle="Kept as typed", **changes))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert "Kept as typed" in page
    assert (Article.objects.count(), Revision.objects.count()) == before


@pytest.mark.parametrize("title", ["🎉" * 50, "عنوان طويل", "<script>alert(1)</script>", "x" * 200])
def test_odd_titles_are_fine(desk, title):
    desk.post(ADD, fields(title=title))
    assert Article.objects.get().working_title == title
    assert desk.get("/admin/articles/article/").status_code == 200


def test_a_pasted_body_is_cleaned(desk):
    desk.post(ADD, fields(body='<h1 class="MsoTitle" style="x">T</h1><script>alert(1)</script><p onclick="x">P</p>'))
    assert revisions.newest_data(Article.objects.get())["body"] == "<h2>T</h2><p>P</p>"


def test_preview_shows_what_is_in_the_form_and_saves_nothing(desk):
    image = make_image(alt="Two rings")
    answer = desk.post(ADD, fields(title="Unsaved", tags="New tag", image=image.pk, _preview="1"))
    page = answer.content.decode()
    assert "Unsaved" in page
    assert "New tag" in page
    assert "Two rings" in page
    assert 'content="noindex"' in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Article.objects.exists()
    assert not Tag.objects.exists()


def test_preview_of_a_live_article_shows_the_form(desk):
    article = make_article(title="What readers see")
    page = desk.post(change_address(article), form_of(article, title="Unsaved", _preview="1")).content.decode()
    assert "Unsaved" in page
    assert "What readers see" not in page
    assert Revision.objects.count() == 1


def test_preview_of_a_bad_form_says_why(desk):
    answer = desk.post(ADD, fields(title="", _preview="1"))
    assert answer.status_code == 400
    assert "nothing is lost" in answer.content.decode()


def test_preview_checks_access(client):
    signed_in(client)
    assert client.post(ADD, fields(_preview="1")).status_code == 403
    assert client.post(change_address(make_draft()), fields(_preview="1")).status_code == 403


def test_the_list_shows_and_filters_states(desk):
    live, draft = make_article(title="Is live"), make_draft(title="Is draft")
    changed = make_article(title="Is changed")
    revisions.save(changed, {**revisions.newest_data(changed), "title": "Is changing"}, by=None)
    everything = desk.get("/admin/articles/article/").content.decode()
    assert "with unpublished changes" in everything
    for state, words in {"live": live, "draft": draft, "changed": "Is changing"}.items():
        page = desk.get("/admin/articles/article/", {"state": state}).content.decode()
        assert str(words) in page
    assert "Is live" not in desk.get("/admin/articles/article/", {"state": "draft"}).content.decode()
    assert "Is live" in desk.get("/admin/articles/article/", {"q": "is LIVE"}).content.decode()


def test_the_list_takes_as_many_queries_for_many(desk):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get("/admin/articles/article/")
        return len(captured)

    make_article(by=make_user())
    one = count()
    for _ in range(49):
        make_article(by=make_user())
    assert count() == one


def act(client, action, articles, **more):
    return client.post(
        "/admin/articles/article/", {"action": action, "_selected_action": [a.pk for a in articles], **more}, follow=True
    )


def test_bulk_asks_first(desk):
    drafts = [make_draft(), make_draft()]
    page = act(desk, "publish", drafts).content.decode()
    assert "Publish these articles?" in page
    assert str(drafts[0]) in page
    assert not Article.objects.live().exists()


def test_bulk_publishes_what_it_can_and_says_what_not(desk):
    good, bad = make_draft(), make_draft(body="", title="Empty one")
    page = act(desk, "publish", [good, bad], confirmed="yes").content.decode()
    assert "1 published" in page
    assert "“Empty one” was left as it was" in page
    assert list(Article.objects.live()) == [good]


@pytest.mark.parametrize("action", ["publish", "withdraw", "add_tags", "close_comments", "open_comments"])
def test_bulk_is_refused_without_the_permission(client, action):
    signed_in(client, *WRITER)
    article = make_article()
    before = Article.objects.filter(pk=article.pk).values().get()
    act(client, action, [article], confirmed="yes", tags="New")
    assert Article.objects.filter(pk=article.pk).values().get() == before
    assert not Tag.objects.exists()


def test_bulk_withdraws_tags_and_closes(desk):
    first, second = make_article(tags=["One"]), make_article()
    act(desk, "add_tags", [first, second], confirmed="yes", tags="two")
    assert sorted(first.tags.names()) == ["One", "two"]
    act(desk, "close_comments", [first], confirmed="yes")
    assert Article.objects.get(pk=first.pk).comment_policy == "closed"
    act(desk, "withdraw", [second], confirmed="yes")
    assert Article.objects.get(pk=second.pk).state == "withdrawn"


def test_bulk_tells_what_is_withdrawn_from_what_was_only_planned(desk, frozen):
    planned = publishing.publish(make_draft(), by=None, at=timezone.now() + timedelta(days=1))
    chosen = [make_article(), planned]
    assert "What is only scheduled becomes a draft again." in act(desk, "withdraw", chosen).content.decode()
    page = act(desk, "withdraw", chosen, confirmed="yes").content.decode()
    for words in ("1 withdrawn.", "1 unscheduled, a draft again."):
        assert words in page


@pytest.mark.parametrize(
    ("tags", "words"),
    [("z" * 61, "at most 60 characters"), (", ".join(f"t{number}" for number in range(31)), "30 is the most")],
)
def test_bulk_adds_no_tags_that_the_form_refuses(desk, tags, words):
    article = make_article(tags=["One"])
    page = act(desk, "add_tags", [article], confirmed="yes", tags=tags).content.decode()
    assert words in page
    assert [*article.tags.names()] == ["One"]


def test_bulk_leaves_an_article_that_would_have_too_many(desk):
    full, other = make_article(title="Full", tags=[f"t{number}" for number in range(30)]), make_article()
    page = act(desk, "add_tags", [full, other], confirmed="yes", tags="t1, new").content.decode()
    assert "“Full” was left as it was: These are 31 tags; 30 is the most." in page
    assert "1 tagged" in page
    assert sorted(other.tags.names()) == ["new", "t1"]
    assert full.tags.count() == 30


def test_only_what_no_reader_saw_can_be_deleted(desk):
    draft, live = make_draft(), make_article()
    assert desk.post(f"/admin/articles/article/{live.pk}/delete/", {"post": "yes"}).status_code == 403
    desk.post(f"/admin/articles/article/{draft.pk}/delete/", {"post": "yes"})
    assert list(Article.objects.all()) == [live]


def test_before_a_draft_is_deleted_it_says_what_goes_with_it(desk, django_assert_max_num_queries):
    draft, mo = make_draft(title="An idea"), make_user(username="mo", display_name="Mo Reads")
    for number in range(60):
        revisions.save(draft, {**revisions.newest_data(draft), "summary": f"{number}"}, by=None, session=f"s{number}")
    presence.here(draft, user=mo, session="theirs")
    desk.get(f"/admin/articles/article/{draft.pk}/delete/")
    with django_assert_max_num_queries(9):
        page = desk.get(f"/admin/articles/article/{draft.pk}/delete/").content.decode()
    assert "No reader has seen “An idea”." in page
    assert f"<li>versions: {draft.revisions.count()}</li>" in page
    assert draft.revisions.count() > 50
    assert "draft links" not in page
    assert "Mo Reads has had it open since" in page


def test_what_is_published_while_one_is_asked_is_not_deleted(desk, monkeypatch):
    draft = make_draft(title="An idea")
    monkeypatch.setattr(ArticleAdmin, "has_delete_permission", lambda *_, **__: True)
    publishing.publish(draft, by=None)
    answer = desk.post(f"/admin/articles/article/{draft.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 409
    assert "“An idea” is live now" in answer.content.decode()
    assert Article.objects.count() == 1


def test_the_desk_shows_what_waits(desk):
    make_draft(title="A draft")
    changed = make_article(title="A live one")
    revisions.save(changed, {**revisions.newest_data(changed), "title": "A changing one"}, by=None)
    page = desk.get("/admin/").content.decode()
    assert "A draft" in page
    assert "A changing one" in page
    assert "Nothing is scheduled" in page


def test_choosing_pictures_and_tags_needs_a_sign_in(client):
    for address in ("/admin/articles/image/choose/", "/admin/articles/tag/suggest/"):
        assert client.get(address).status_code == 302


def test_tags_are_suggested_folded(desk):
    make_article(tags=["Énergie", "AI"])
    assert desk.get("/admin/articles/tag/suggest/", {"q": "ener"}).json() == {"tags": [{"name": "Énergie", "count": 1}]}


def test_publishing_a_scheduled_article_again_offers_its_time(desk, frozen):
    article = make_draft()
    desk.post(change_address(article, "publish"), {"visibility": "public", "at": "2025-02-16T08:00"})
    assert 'value="2025-02-16T08:00"' in desk.get(change_address(article, "publish")).content.decode()
