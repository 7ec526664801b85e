"""Feeds of the conversation: of the whole site, and of one article. What is visible, newest first."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from articles.authority import authority, tag_uri
from articles.feeds import Source, answer
from articles.full_content import content_of_html
from articles.listing import older_than
from articles.models import Article
from articles.reading import article_without_text
from articles.views import depends_on_lists
from comments.excerpts import html_of_passage
from comments.joining import has_feed
from comments.models import Comment
from site_config import pages
from site_config.lib import feeds
from site_config.lib.addresses import absolute

LONGEST = 50
NEEDED = (
    "name", "html", "anchor", "created_at", "edited_at", "article_id", "parent__state", "article__title", "article__slug",
    "article__language", "article__canonical_url", "article__feed_id",
)  # fmt: skip


@pages.page("before")
def site(request: HttpRequest, kind: str = feeds.ATOM) -> HttpResponse:
    """What was said last under any listed article, or what is older than the comment whose id is `before`. Four queries."""
    depends_on_lists(request)
    listed = Article.objects.listed().exclude(comment_policy=Article.CommentPolicy.OFF).order_by()
    comments = Comment.objects.visible().filter(article__in=listed).order_by("-created_at", "-pk")
    before = request.GET.get("before")
    if before is not None:
        comments = comments.filter(older_than(before, Comment.objects.all(), "created_at"))
    source = Source("comments", f"Comments · {settings.SITE_NAME}", "What readers say.", "/", ("comments_feed",))
    return of_comments(source, comments, before, kind)


@pages.page("before")
def article(request: HttpRequest, pk: int, kind: str = feeds.ATOM) -> HttpResponse:
    """What was said last under an article, by the order of arrival. Three queries, each in an index."""
    found = article_without_text(pk) if pk < 2**63 else None
    if found is None or not has_feed(found):
        raise Http404("There is no conversation at this address.")
    pages.depends(request, "site", f"article:{found.pk}")
    comments = Comment.objects.visible().filter(article=found.pk).order_by("-pk")
    before = request.GET.get("before")
    if before is not None:
        comments = comments.filter(pk__lt=cursor(before))
    title = f"Comments on “{found.title}” · {settings.SITE_NAME}"
    source = Source(f"article/{found.pk}/comments", title, "", f"{found.get_absolute_url()}#talk", ("article_feed", found.pk))
    return of_comments(source, comments, before, kind)


def cursor(before: str) -> int:
    if not before.isascii() or not before.isdecimal() or len(before) > 18:
        raise Http404("This part of the feed does not exist.")
    return int(before)


def of_comments(source: Source, comments: QuerySet, before: str | None, kind: str) -> HttpResponse:
    rows = comments.select_related("article", "parent").only(*NEEDED)
    found = list(rows[: LONGEST + 1])
    older = found[LONGEST - 1].pk if len(found) > LONGEST else None
    by = authority()
    return answer(source, [entry(comment, by) for comment in found[:LONGEST]], kind, by=by, before=before, older=older)


def entry(comment: Comment, by: str) -> feeds.Entry:
    """A comment in a feed, behind the words of the passage that it is about. No query."""
    address = absolute(comment.get_absolute_url())
    article = comment.article
    return feeds.Entry(
        id=comment_id(comment.pk, by),
        url=address,
        title=f"{comment.name} on “{article.title}”",
        html=content_of_html(html_of_passage(comment.passage) + comment.html, address, settings.SITE_URL),
        published=comment.created_at,
        updated=comment.edited_at or comment.created_at,
        authors=(feeds.Person(comment.name),),
        language=article.language,
        answers=answered(comment, by),
    )


def answered(comment: Comment, by: str) -> feeds.Answered:
    """The visible comment that it answers, else the article."""
    parent, article = comment.parent, comment.article
    if parent is not None and parent.state == Comment.State.VISIBLE:
        return feeds.Answered(comment_id(parent.pk, by), absolute(parent.get_absolute_url()))
    return feeds.Answered(article.feed_id or tag_uri(by, f"article/{article.pk}"), article.canonical)


def comment_id(pk: int, by: str) -> str:
    return tag_uri(by, f"comment/{pk}")
