import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import publishing, revisions, series
from articles.checklist import Problem, problems_of
from articles.models import Redirect, Tag
from site_config import pages
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db
WHOLE = {"tags": ["Ice"], "summary": "A summary."}


def problems(**data) -> list[Problem]:
    draft = make_draft(**{**WHOLE, **data})
    return problems_of(draft, draft.newest.data)


def told(**data) -> list[tuple[str, str, bool]]:
    """Field, place and whether it blocks, of each problem."""
    return [(problem.field, problem.place, problem.blocks) for problem in problems(**data)]


def in_body(body: str) -> list[tuple[str, bool]]:
    return [(problem.place, problem.blocks) for problem in problems(body=body)]


def test_a_whole_article_has_no_problem():
    assert problems() == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"title": ""}, ("title", "", True)),
        ({"title": "x" * 66}, ("title", "", False)),
        ({"body": ""}, ("body", "", True)),
        ({"slug": "tag"}, ("slug", "", True)),
        ({"summary": ""}, ("summary", "", False)),
        ({"tags": []}, ("tags", "", False)),
    ],
)
def test_what_is_missing_in_a_field(data, expected):
    assert told(**data) == [expected]


def test_a_title_that_search_engines_show_is_no_problem():
    assert told(title="x" * 65) == []


def test_the_lead_image_needs_words():
    image = make_image(alt="")
    assert told(image=image.pk) == [("image", "", True)]


def test_errors_come_first():
    assert [problem.blocks for problem in problems(tags=[], title="")] == [True, False]


def test_a_problem_leads_to_its_place():
    assert Problem("body", "x", True, "image-2").target == "?place=image-2#id_body"
    assert Problem("summary", "x", True).target == "#id_summary"


def test_which_picture_has_no_words():
    good, bad = make_image().pk, make_image().pk
    body = f'<figure><img data-image="{good}" alt="x"></figure><figure><img data-image="{bad}" alt=" "></figure>'
    assert in_body(body) == [("image-2", True)]
    assert in_body(body.replace('alt=" "', 'alt="" data-decorative')) == []


def test_which_table_has_no_heads():
    heads = "<table><tr><th>a<th>b<tr><td>c<td>d</table>"
    assert in_body(heads) == []
    assert in_body(heads + "<table><caption>Ports</caption><tr><td>a</table>") == [("table-2", False)]
    assert "Table 2, “Ports”," in problems(body=heads + "<table><caption>Ports</caption><tr><td>a</table>")[0].message


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h2>a</h2><h3>b</h3><h4>c</h4><h2>d</h2>", []),
        ("<h3>a</h3><p>x</p>", [("heading-1", False)]),
        ("<h2>a</h2><h4>b</h4><h4>c</h4>", [("heading-2", False)]),
        ("<h2>a</h2><h2>\u200b</h2><h3>b</h3>", [("heading-2", False)]),
        ('<h2>a</h2><aside class="callout"><h4>b</h4><p>c</p></aside>', []),
    ],
)
def test_headings(body, expected):
    assert in_body(body) == expected


@pytest.mark.parametrize(
    "words", ["here", "Click here.", "this link", "https://example.org/a", "www.example.org", "Read more…"]
)
def test_links_whose_words_say_nothing(words):
    assert in_body(f'<p>See <a href="https://example.org/">{words}</a></p>') == [("link-1", False)]


@pytest.mark.parametrize("words", ["what is here", "the report", "More ports"])
def test_links_whose_words_say_where_they_lead(words):
    assert in_body(f'<p>See <a href="https://example.org/">{words}</a></p>') == []


def link(address: str = "/x/", article: int | None = None) -> str:
    own = f' data-article="{article}"' if article else ""
    return f'<p><a href="{address}"{own}>the report</a></p>'


def lead(path: str, article=None, **target) -> None:
    with pages.changing("lists"):
        Redirect.objects.create(path=path, article=article, **target)


def test_links_to_own_articles():
    live, draft, gone = make_article(), make_draft(), make_article()
    publishing.withdraw(gone, by=None)
    assert in_body(link(article=live.pk)) == []
    assert in_body(link(article=draft.pk)) == [("link-1", False)]
    assert in_body(link(article=gone.pk)) == [("link-1", True)]
    assert in_body(link(article=gone.pk + 100)) == [("link-1", True)]


@pytest.mark.parametrize(
    ("address", "is_dead"),
    [
        ("/ice/", False), ("/ice", False), ("/ice/?a=1#part", False), ("ice", True), ("../ice/", False), ("/draft/", True),
        ("/gone/", True), ("/nothing/", True), ("/nothing/deeper/", True), ("/tag/ice/", False), ("/tag/fog/", True),
        ("/by/ines/", False), ("/by/nobody/", True), ("/old/2019/ice.html", False), ("/", False), ("/tag/", False),
        ("/feed/", False), ("/media/x.png", False), ("/static/x.css", False), ("#part", False), ("https://example.org/x", False),
        ("//example.org/x", False), ("mailto:a@example.org", False), ("tel:+351", False), ("/%69ce/", False),
        ("/series/cold/", False), ("/series/later/", True), ("/series/fog/", True), ("/feed/tag/ice/", False),
        ("/feed/tag/fog/", True), ("/feed/tag/old/rss/", False), ("/feed/author/ines/", False), ("/feed/author/nobody/", True),
        ("/ice.md", False), ("/draft.md", True), ("/tag/old", False),
    ],
)  # fmt: skip
def test_paths_of_this_site(settings, address, is_dead):
    ines = make_user(slug="ines")
    article = make_article(slug="ice", tags=["Ice"], bylines=[ines.pk])
    make_draft(slug="draft")
    publishing.withdraw(make_article(slug="gone"), by=None)
    lead("/old/2019/ice.html", article)
    lead("/tag/old/", tag=Tag.objects.get(slug="ice"))
    series.save(None, title="Cold", articles=[article.pk], by=None)
    series.save(None, title="Later", articles=[make_draft().pk], by=None)
    assert in_body(link(address)) == ([("link-1", True)] if is_dead else [])


def test_whole_addresses_of_this_site_are_looked_at_too(settings):
    assert in_body(link(f"{settings.SITE_URL}/nothing/")) == [("link-1", True)]
    assert in_body(link(f"{settings.SITE_URL}")) == []


def test_a_redirect_to_what_is_gone_is_dead():
    gone = make_article(slug="gone")
    lead("/old/", gone)
    publishing.withdraw(gone, by=None)
    assert in_body(link("/old/")) == [("link-1", True)]


def test_a_broken_link_keeps_a_person_from_publishing(editor):
    draft = make_draft(body=link("/nothing/"))
    with pytest.raises(publishing.NotReady, match="nothing at that address"):
        publishing.publish(draft, by=editor)


def test_a_broken_link_keeps_no_import_from_publishing():
    assert make_article(body=link("/nothing/")).is_live


def test_a_link_that_broke_since_does_not_keep_other_changes_back(editor):
    """Else nobody could close the conversation of an article that links to one which was withdrawn."""
    article = make_article(body=link("/nothing/"))
    publishing.set_comment_policy(article, "closed", by=editor)
    article.refresh_from_db()
    assert article.comment_policy == "closed"
    changed = revisions.save(article, {**revisions.newest_data(article), "body": link("/nothing/") + "<p>x</p>"}, by=editor)
    with pytest.raises(publishing.NotReady):
        publishing.publish(changed.article, by=editor)


def test_it_costs_the_same_however_much_is_in_the_body():
    def queries(times: int) -> int:
        live, image = [make_article(tags=["Ice"]) for _ in range(times)], make_image()
        paths = "".join(link(address) for other in live for address in (f"/{other.slug}/", "/tag/ice/", "/by/x/", "/none/"))
        own = "".join(link(article=other.pk) for other in live)
        draft = make_draft(**WHOLE, slug=f"draft-{times}", image=image.pk, body=paths + own + f'<img data-image="{image.pk}">')
        data = draft.newest.data
        with CaptureQueriesContext(connection) as captured:
            problems_of(draft, data)
        return len(captured)

    assert queries(1) == queries(4) <= 9
