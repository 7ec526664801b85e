import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article, Image, Redirect, Revision, Tag
from articles.porting.load import load
from articles.porting.readers import folder as reader
from site_config.audit.models import Entry
from site_config.jobs.models import Job
from site_config.pages.models import Generation
from tests.factories import make_article, make_draft, make_user, picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "in"


@pytest.fixture
def write(folder):
    def write(name: str, body: str = "Body", **front) -> None:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{key}: {value}" for key, value in {"title": "One", "date": "2025-02-11", **front}.items()]
        file.write_text("\n".join(["---", *lines, "---", body]), encoding="utf-8")

    return write


@pytest.fixture
def bring_in(folder):
    return lambda **options: load(reader.read(folder), **options)


def rows() -> dict:
    models = (Article, Revision, Image, Tag, Entry, Job, Generation, get_user_model())
    return {model: sorted(map(repr, model.objects.values_list())) for model in models}


def test_it_works(write, folder, bring_in, client):
    folder.mkdir()
    (folder / "lead.png").write_bytes(picture_bytes(colour="red"))
    (folder / "x.png").write_bytes(picture_bytes(colour="blue"))
    write(
        "one.md", "## Part\n\nWords.\n\n![An alt](x.png)",
        subtitle="Sub", summary="Sum", byline="[Ann]", tags="[AI, ai, Law]", image="lead.png", image_alt="Lead", image_credit="Me",
    )  # fmt: skip
    report = bring_in(by=make_user(username="importer"))
    assert (report.made, report.changed, report.same, report.refused) == (["folder:one.md"], [], [], [])
    article = Article.objects.get()
    assert (article.state, article.title, article.slug, article.subtitle) == ("live", "One", "one", "Sub")
    assert article.published_at == article.first_published_at == datetime(2025, 2, 11, tzinfo=UTC)
    assert sorted(article.tags.names()) == ["AI", "Law"]
    assert [str(byline) for byline in article.bylines.all()] == ["Ann"]
    assert article.lead["credit"] == "Me"
    assert Image.objects.count() == 2
    page = client.get("/one/").content.decode()
    assert '<img alt="An alt" src="/media/' in page
    assert 'id="part"' in page


def test_a_page_has_no_comments(write, bring_in):
    write("about.md", kind="page", title="About")
    bring_in()
    article = Article.objects.get()
    assert (article.kind, article.comment_policy) == ("page", "off")


def test_a_draft_stays_a_draft(write, bring_in):
    write("one.md", draft="true")
    bring_in()
    article = Article.objects.get()
    assert article.state == "draft"
    assert revisions.newest_data(article)["title"] == "One"


def test_a_date_to_come_is_a_schedule(write, bring_in):
    write("one.md", date="2999-01-01")
    bring_in()
    assert Article.objects.get().state == "scheduled"


def test_without_a_date_it_is_published_now(write, bring_in, frozen):
    write("one.md", date="")
    bring_in()
    assert Article.objects.get().published_at == timezone.now()


def test_running_it_again_changes_nothing(write, folder, bring_in):
    folder.mkdir()
    (folder / "x.png").write_bytes(picture_bytes())
    write("one.md", "![a](x.png)", byline="[Ann]", tags="[AI]")
    write("two.md", draft="true")
    bring_in()
    before = rows()
    report = bring_in()
    assert report.same == ["folder:one.md", "folder:two.md"]
    assert rows() == before


def test_a_file_that_changed_makes_a_revision_at_the_same_address(write, bring_in, client):
    write("one.md")
    bring_in()
    article = Article.objects.get()
    write("one.md", "New body", title="Another title", date="2030-01-01")
    assert bring_in().changed == ["folder:one.md"]
    changed = Article.objects.get()
    assert (changed.pk, changed.slug, changed.title) == (article.pk, "one", "Another title")
    assert changed.published_at == article.published_at
    assert changed.revisions.count() == 2
    assert "New body" in client.get("/one/").content.decode()


def test_an_address_that_an_editor_chose_meanwhile_stays(write, bring_in):
    write("one.md")
    bring_in()
    article = Article.objects.get()
    revisions.save(article, {**revisions.newest_data(article), "slug": "better"}, by=None)
    publishing.publish(article, by=None)
    write("one.md", "New body")
    bring_in()
    assert Article.objects.get().slug == "better"


def test_what_was_withdrawn_stays_withdrawn(write, bring_in, client):
    write("one.md")
    bring_in()
    publishing.withdraw(Article.objects.get(), by=None)
    write("one.md", "New body")
    assert bring_in().changed == ["folder:one.md"]
    article = Article.objects.get()
    assert article.state == "withdrawn"
    assert "New body" in revisions.newest_data(article)["body"]
    assert client.get("/one/").status_code == 410


def test_a_draft_that_was_published_here_is_not_taken_back(write, bring_in):
    write("one.md", draft="true")
    bring_in()
    publishing.publish(Article.objects.get(), by=None)
    write("one.md", "New body", draft="true")
    bring_in()
    article = Article.objects.get()
    assert article.state == "live"
    assert article.has_unpublished_changes


def test_two_files_that_want_one_address(write, bring_in):
    write("a/one.md")
    write("b/one.md")
    write("c.md", slug="one")
    bring_in()
    assert list(Article.objects.order_by("pk").values_list("slug", flat=True)) == ["one", "one-2", "one-3"]
    assert bring_in().same == ["folder:a/one.md", "folder:b/one.md", "folder:c.md"]


@pytest.mark.parametrize(
    ("slug", "given"), [("admin", "admin-article"), ("2025", "2025-article"), ("Über uns!", "über-uns"), ("a/b", "ab")]
)
def test_an_address_that_cannot_be_used_is_made_one_that_can(write, bring_in, slug, given):
    write("one.md", slug=f'"{slug}"')
    assert bring_in().refused == []
    assert Article.objects.get().slug == given


def test_an_old_address_of_something_else_is_left_to_it(write, bring_in, client):
    article = make_article(slug="one")
    revisions.save(article, {**revisions.newest_data(article), "slug": "moved"}, by=None)
    publishing.publish(article, by=None)
    assert Redirect.objects.filter(path="/one/").exists()
    write("one.md")
    assert bring_in().refused == []
    assert Article.objects.get(source_id="folder:one.md").slug == "one-2"
    assert client.get("/one/")["Location"] == "/moved/"


def test_a_dry_run_writes_nothing(write, folder, bring_in):
    folder.mkdir()
    (folder / "x.png").write_bytes(picture_bytes(colour="salmon"))
    write("one.md", "![a](x.png)", byline="[Ann]", tags="[AI]")
    (folder / "two.md").write_text("broken")
    files = [sorted(Path(root).rglob("*")) for root in (site.MEDIA_ROOT, site.ORIGINALS_ROOT)]
    before = rows()
    report = bring_in(dry_run=True)
    assert (report.made, len(report.refused)) == (["folder:one.md"], 1)
    assert rows() == before
    assert [sorted(Path(root).rglob("*")) for root in (site.MEDIA_ROOT, site.ORIGINALS_ROOT)] == files


@pytest.mark.parametrize(
    ("body", "front", "words"),
    [
        ("", {}, "body"),
        ("<img src='x.png'>", {}, "text alternative"),
        ("![a](bad.png)", {}, "not a picture"),
        ("Body", {"image": "x.png"}, None),
        ("<div>" * 70, {}, "nests too many"),
    ],
)
def test_a_record_that_cannot_be_published_stops_none_of_the_others(write, folder, bring_in, body, front, words):
    folder.mkdir()
    (folder / "x.png").write_bytes(picture_bytes())
    (folder / "bad.png").write_text("no picture")
    write("a.md", body, **front)
    write("b.md")
    report = bring_in()
    assert "folder:b.md" in report.made
    if words is None:
        assert report.refused == []
        return
    (line,) = report.refused
    assert line.startswith("a.md: ")
    assert words in line
    assert Article.objects.get().source_id == "folder:b.md"


def test_the_same_picture_is_added_once(write, folder, bring_in):
    folder.mkdir()
    for name in ("x.png", "copy.png"):
        (folder / name).write_bytes(picture_bytes())
    write("one.md", "![a](x.png)\n\n![b](copy.png)", image="x.png", image_alt="a")
    write("two.md", "![a](x.png)")
    bring_in()
    assert Image.objects.count() == 1


def test_hostile_html_is_cleaned_on_the_way(write, bring_in, client):
    write("one.html", '<p onclick="x">a</p><script>alert(1)</script><p><a href="javascript:x">b</a></p>')
    bring_in()
    assert Article.objects.get().html == "<p>a</p><p>b</p>"


def test_names_in_bylines_are_the_people_there_are(write, bring_in):
    ann = make_user(display_name="Ann Ålund")
    write("one.md", byline="[ann Ålund, Zoë Žižek]")
    write("two.md", byline="[Zoë Žižek]")
    bring_in()
    users = get_user_model().objects
    assert users.count() == 2
    made = users.exclude(pk=ann.pk).get()
    assert (made.display_name, made.username, made.has_usable_password(), made.is_staff) == (
        "Zoë Žižek",
        "zoe-zizek",
        False,
        False,
    )


def test_two_people_of_one_username(write, bring_in):
    make_user(username="ann", display_name="Somebody else")
    write("one.md", byline="[Ann]")
    bring_in()
    assert get_user_model().objects.filter(username="ann-2", display_name="Ann").exists()


def test_a_text_as_long_as_allowed_fits_into_the_database(write, bring_in):
    write(
        "one.md",
        title="x" * 200,
        subtitle="x" * 300,
        summary="x" * 500,
        slug="x" * 100,
        tags=f"[{'x' * 60}]",
        byline=f"[{'x' * 100}]",
        canonical_url="https://example.org/" + "x" * 480,
    )
    assert bring_in().refused == []


def test_who_imports_is_named_in_the_revision(write, bring_in):
    person = make_user()
    write("one.md")
    bring_in(by=person)
    revision = Revision.objects.get()
    assert (revision.author, revision.kind, revision.note) == (person, "import", "folder:one.md")


class TestCommand:
    def run(self, *args, **options) -> tuple[str, str]:
        out, err = io.StringIO(), io.StringIO()
        call_command("import_content", *map(str, args), stdout=out, stderr=err, **options)
        return out.getvalue(), err.getvalue()

    def test_it_works(self, write, folder):
        write("one.md")
        assert self.run(folder)[0] == "made: one.md\n"
        assert self.run(folder)[0] == "unchanged: one.md\n"
        write("one.md", "New")
        assert self.run(folder, "--dry-run")[0] == "would be changed: one.md\n"
        assert self.run(folder)[0] == "changed: one.md\n"

    def test_what_was_refused_is_told_and_the_rest_done(self, write, folder):
        write("one.md")
        write("two.md", slug="[x]")
        err = io.StringIO()
        with pytest.raises(CommandError, match="1 of the records could not be imported"):
            call_command("import_content", str(folder), stdout=io.StringIO(), stderr=err)
        assert err.getvalue().startswith("refused: two.md: slug must be a text")
        assert Article.objects.count() == 1

    def test_what_is_no_folder_is_told(self, tmp_path):
        with pytest.raises(CommandError, match="is not a folder"):
            self.run(tmp_path / "none")

    def test_an_empty_folder_is_told(self, tmp_path):
        with pytest.raises(CommandError, match="holds no Markdown or HTML file"):
            self.run(tmp_path)

    def test_an_unknown_name_is_told(self, folder, write):
        write("one.md")
        with pytest.raises(CommandError, match="Nobody has the username nobody"):
            self.run(folder, "--by", "nobody")
        assert not Article.objects.exists()

    def test_the_log_names_who_imported(self, folder, write):
        person = make_user(username="ann")
        write("one.md")
        self.run(folder, "--by", "ann")
        assert Revision.objects.get().author == person


def test_the_sample_that_comes_with_the_site_is_imported_whole():
    content = Path(reader.__file__).parents[2] / "content"
    report = load(reader.read(content))
    assert report.refused == []
    assert len(report.made) == 4
    assert Article.objects.live().count() == 4


def test_an_article_that_was_written_here_is_never_touched(write, bring_in):
    draft = make_draft(title="One", slug="one")
    write("one.md")
    bring_in()
    draft.refresh_from_db()
    assert (draft.source_id, draft.working_title, draft.slug) == (None, "One", "one")
    assert Article.objects.count() == 2


ONE = "[{date: 2025-02-12T09:00:00Z, text: It was <so>.}]"


def test_corrections_come_with_their_article_and_are_not_doubled(write, bring_in, client):
    write("one.md", corrections=ONE)
    bring_in()
    article = Article.objects.get()
    assert (article.correction_count, article.revised_at) == (1, datetime(2025, 2, 12, 9, tzinfo=UTC))
    assert "It was &lt;so&gt;." in client.get("/one/").content.decode()
    before = rows()
    bring_in()
    assert rows() == before
    write("one.md", "Another body", corrections=ONE.replace("so", "thus"))
    bring_in()
    assert [correction.text for correction in article.corrections.all()] == ["It was <thus>."]


def test_a_draft_has_nobody_to_be_told_of_a_correction(write, bring_in):
    write("one.md", draft="true", corrections=ONE)
    bring_in()
    assert Article.objects.get().correction_count == 0


def test_the_sites_own_article_says_what_the_post_read(client):
    load(reader.read(site.BASE_DIR / "articles" / "content"))
    page = client.get("/the-power-struggle-in-ai/").content.decode()
    assert "in the words of the source article; the correction below" in page
    wanted = "“no thank you but we will buy twitter for $9.74 billion if you want”"
    for text in (page, client.get("/corrections/").content.decode()):
        assert wanted in text
        assert '<time datetime="2025-02-12">12 February 2025</time>' in text
    load(reader.read(site.BASE_DIR / "articles" / "content"))
    assert Article.objects.get(slug="the-power-struggle-in-ai").correction_count == 1


def test_what_feed_readers_knew_it_by_stays(write, bring_in, client):
    old = "tag:blogger.com,1999:blog-7.post-42"
    write("one.md", feed_id=f'"{old}"')
    assert bring_in().made == ["folder:one.md"]
    assert f"<id>{old}</id>" in client.get("/feed/").content.decode()
    write("one.md", body="Another body")
    assert bring_in().changed == ["folder:one.md"]
    assert Article.objects.get().feed_id == old, "a file that says nothing of it takes nothing away"


def test_an_id_that_is_no_address_or_that_another_has_is_refused(write, bring_in):
    write("a.md", title="First", feed_id="tag:example.org,2019:7")
    write("b.md", feed_id="tag:example.org,2019:7")
    write("c.md", feed_id="post seven")
    report = bring_in()
    assert report.made == ["folder:a.md"]
    assert sorted(report.refused) == [
        "b.md: feed_id 'tag:example.org,2019:7' is that of “First” already. Each article needs its own.",
        "c.md: feed_id is 'post seven'; write the id from the old feed, such as tag:example.org,2019:post-7.",
    ]
