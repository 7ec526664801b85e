"""Feeds of articles: of the site, of a tag, of an author; with full content, and ids that never change."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import http_date

from articles import parts
from articles.authority import authority, tag_uri
from articles.full_content import content_of
from articles.images import name_in_storage
from articles.listing import older_than
from articles.models import Article, Byline, Redirect, Tag
from articles.views import depends_on_lists
from site_config import pages
from site_config.lib import feeds
from site_config.lib.addresses import absolute, path_to
from site_config.templatetags.site import asset_url

LONGEST = 20
BYLINES = Prefetch("bylines", Byline.objects.select_related("user"))


class Source(NamedTuple):
    """What a feed is of: the path in its id, its title and subtitle, its page's path, the name and argument of its own."""

    path: str
    title: str
    subtitle: str
    page: str
    route: tuple[str | int, ...]


@pages.page("before")
def site(request: HttpRequest, kind: str = feeds.ATOM) -> HttpResponse:
    """The newest articles, or those older than the one whose id is `before`. Six queries at most, and
    one more of a tag, of an author or with a cursor."""
    source = Source("feed", settings.SITE_NAME, settings.SITE_TAGLINE, "/", ("feed",))
    return of_articles(request, source, Article.objects.listed(), kind)


@pages.page("before")
def tag(request: HttpRequest, slug: str, kind: str = feeds.ATOM) -> HttpResponse:
    """The articles with a tag; 301 from an old address of the tag's."""
    found = Tag.objects.filter(slug=slug).first()
    if found is None:
        led = get_object_or_404(Redirect.objects.select_related("tag"), path=path_to("tag", slug), tag__isnull=False)
        return HttpResponsePermanentRedirect(feeds.path_of(("tag_feed", led.tag.slug), kind))
    title = f"{found} · {settings.SITE_NAME}"
    source = Source(f"tag/{found.pk}", title, found.description, found.get_absolute_url(), ("tag_feed", found.slug))
    return of_articles(request, source, Article.objects.listed().filter(tagged__tag=found), kind)


@pages.page("before")
def author(request: HttpRequest, slug: str, kind: str = feeds.ATOM) -> HttpResponse:
    """The articles of an author; 301 from an old address of theirs."""
    found = get_user_model().objects.filter(slug=slug, bylines__isnull=False).first()
    if found is None:
        led = get_object_or_404(Redirect.objects.select_related("author"), path=path_to("author", slug), author__isnull=False)
        return HttpResponsePermanentRedirect(feeds.path_of(("author_feed", led.author.slug), kind))
    title = f"{found} · {settings.SITE_NAME}"
    source = Source(f"author/{found.pk}", title, found.biography, found.get_absolute_url(), ("author_feed", found.slug))
    return of_articles(request, source, Article.objects.listed().filter(bylines__user=found), kind)


def of_articles(request: HttpRequest, source: Source, articles: QuerySet, kind: str) -> HttpResponse:
    depends_on_lists(request)
    before = request.GET.get("before")
    if before is not None:
        articles = articles.filter(older_than(before, Article.objects.exclude(published_at=None), "published_at"))
    found = newest(articles)
    by = authority()
    older = found[LONGEST - 1].pk if len(found) > LONGEST else None
    return answer(source, [entry(item, by, kind) for item in found[:LONGEST]], kind, by=by, before=before, older=older)


def answer(
    source: Source, entries: list[feeds.Entry], kind: str, *, by: str, before: str | None = None, older: int | None = None
) -> HttpResponse:
    """The feed, drawn. `before` is the cursor of this part, `older` that of the next."""
    address = absolute(feeds.path_of(source.route, kind))
    feed = feeds.Feed(
        id=tag_uri(by, source.path),
        title=source.title,
        subtitle=" ".join(source.subtitle.split()),
        url=absolute(source.page),
        address=f"{address}?before={before}" if before is not None else address,
        language=settings.LANGUAGE_CODE,
        entries=entries,
        author=feeds.Person(settings.SITE_NAME, absolute("/")),
        icon=absolute(asset_url("site/icon.svg")),
        next=f"{address}?before={older}" if older else "",
    )
    text, content_type = feeds.write(feed, kind)
    response = HttpResponse(text, content_type=content_type)
    response.headers["Last-Modified"] = http_date(feed.updated.timestamp())
    return response


def newest(articles: QuerySet) -> list[Article]:
    """One more than a feed has. Three queries, and one where something was corrected."""
    rows = articles.defer("body", "plain_text", "contents").prefetch_related(BYLINES, "tags")
    found = list(rows[: LONGEST + 1])
    prefetch_related_objects([article for article in found if article.correction_count], "corrections")
    return found


def entry(item: Article, by: str, kind: str) -> feeds.Entry:
    """An article in a feed. No query, but the size of a picture that is new here is asked of the storage."""
    replies = parts.feed_of_replies(item, kind)
    return feeds.Entry(
        id=item.feed_id or tag_uri(by, f"article/{item.pk}"),
        url=item.canonical,
        title=item.title,
        html=content_of(item, settings.SITE_URL),
        published=item.published_at,
        updated=item.updated_at,
        summary=" ".join((item.summary or item.subtitle).split()),
        authors=tuple(person(byline.user) for byline in item.bylines.all()),
        tags=tuple(tag.name for tag in item.tags.all()),
        language=item.language,
        enclosure=enclosure(item.lead) if item.lead else None,
        replies=replies,
        talk=f"{absolute(item.get_absolute_url())}#talk" if replies else "",
        reply_count=item.comment_count,
    )


def person(user) -> feeds.Person:
    return feeds.Person(str(user), absolute(user.get_absolute_url()))


def enclosure(lead: dict) -> feeds.Enclosure | None:
    """The lead image as a file; None where the storage does not have it."""
    digest, _, extension = lead["full"].rpartition("/")[2].partition(".")
    try:
        length = size_of(name_in_storage(digest, extension))
    except OSError:
        return None
    return feeds.Enclosure(absolute(lead["full"]), f"image/{'jpeg' if extension == 'jpg' else extension}", length)


@lru_cache(maxsize=1024)
def size_of(name: str) -> int:
    """The bytes of a picture, which never change: it is named by its digest. Raises OSError."""
    return default_storage.size(name)
