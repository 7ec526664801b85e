"""What readers see of articles. Each view states what its page depends on."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.http import http_date

from articles import due, featuring, fragments, parts, reading, related, seo, series, share
from articles.listing import corrections as corrected
from articles.listing import listing, years
from articles.models import Article, Redirect, Series, Tag, TaggedArticle
from articles.models.redirect import TARGETS
from site_config import pages
from site_config.lib import feeds
from site_config.lib.addresses import absolute, path_to

RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}


def depends_on_lists(request: HttpRequest) -> None:
    """For a page that names articles: it changes with any of them, at the next scheduled publication and when a change
    of one is due. One query."""
    pages.depends(request, "site", "lists")
    coming = reading.what_comes()
    if coming.overdue:
        pages.overdue(request, due.make_due)
    pages.until(request, coming.next_at)


@pages.page("before")
def front(request: HttpRequest) -> HttpResponse:
    """Six queries at most, whatever the number of articles."""
    depends_on_lists(request)
    listed, before = Article.objects.listed(), request.GET.get("before")
    featured, found = featuring.front_page() if before is None else (None, listing(listed, before))
    named = [article.pk for article in (featured, *found.articles) if article]
    context = {
        "featured": featured,
        "authors": reading.authors_of(featured) if featured else [],
        "listing": found,
        "subjects": Tag.objects.filter(items__content_object__in=named).distinct(),
        "years": years(listed),
        "json_ld": seo.website() if before is None else "",
    }
    return render(request, "articles/front.html", context)


@pages.page("sort", "after", "thread", around=("c",))
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article or plain page; 301 from an old address, 410 for what was withdrawn. Six queries at most."""
    found = reach(request, slug)
    return found if isinstance(found, HttpResponse) else render_article(request, found)


def reach(request: HttpRequest, slug: str) -> Article | HttpResponse:
    """What readers may see at a slug; else the answer that says where it is now, or that it is not. Two queries at most."""
    found = reading.article_at(slug)
    if found is None or not found.published_at:
        return moved(request, f"/{slug}/")
    pages.depends(request, "site", f"article:{found.pk}")
    if found.withdrawn_at:
        return render(request, "410.html", {"article": found}, status=410)
    if not found.is_live:
        return moved(request, f"/{slug}/")
    if found.due_at and found.due_at <= timezone.now():
        pages.overdue(request, partial(due.make, found.pk))
    pages.until(request, found.due_at)
    return found


def render_article(
    request: HttpRequest,
    found: Article,
    *,
    tags: list[reading.Subject] | None = None,
    authors: list | None = None,
    preview: bool = False,
    is_shared: bool = True,
    template: str = "articles/article.html",
    more: dict | None = None,
) -> HttpResponse:
    """The page of an article. A preview hands in tags and authors, which are not stored yet, a draft a template of its own
    and what `more` that needs; it is not offered to be shared, since its address is nobody's yet."""
    if authors is None:
        authors = reading.authors_of(found)
    if tags is None:
        tags = reading.tags_of(found)
    own, sharing = "c" in request.GET, shared(found)
    corrections, part, near = reading.corrections_of(found), part_of(request, found), near_of(request, found)
    head = head_of(found, sharing, tags, authors)
    context = {
        "article": found,
        "authors": authors,
        "tags": tags,
        "corrections": corrections,
        "part": part,
        "preview": preview,
        "direction": direction(found.language),
        "unlisted": own or found.visibility == Article.Visibility.UNLISTED,
        "machines": fragments.machines(head),
        "json_ld": seo.json_ld(found, authors=authors, tags=tags, corrections=corrections, part=part),
        "breadcrumbs": seo.breadcrumbs(found.title, sharing.url, tuple(tags)),
        "contents": fragments.contents(found.contents),
        "end": fragments.end(sharing if is_shared else None, tuple(tags), tuple(settings.SHARE_SERVICES), near),
        "parts": () if preview else parts.after_article,
        "body": found.safe_html if preview else parts.body(request, found),
        **(more or {}),
    }
    page = render_to_string(template, context, request)
    response = HttpResponse(parts.fill_in(request, page))
    if own:
        response.headers["Referrer-Policy"] = "same-origin"
    elif not preview:
        say_in_headers(response, head, last_changed(request, found, corrections))
    return response


def last_changed(request: HttpRequest, found: Article, corrections: list) -> datetime:
    """The editor's word, the last correction or the last that was said, whichever came last."""
    moments = [found.updated_at, parts.changed(request), *(correction.made_at for correction in corrections)]
    return max(moment for moment in moments if moment)


def say_in_headers(response: HttpResponse, head: fragments.Head, changed: datetime) -> None:
    """For machines that read no further (RFC 8288, RFC 6596)."""
    links = [f'<{iri_to_uri(head.shared.url)}>; rel="canonical"', f'<{head.twin}>; rel="alternate"; type="text/markdown"']
    if head.replies:
        links.append(f'<{head.replies}>; rel="alternate"; type="application/atom+xml"')
    response.headers["Link"] = ", ".join(links)
    response.headers["Last-Modified"] = http_date(changed.timestamp())


def head_of(found: Article, sharing: share.Shared, tags: list[reading.Subject], authors: list) -> fragments.Head:
    return fragments.Head(
        shared=sharing,
        image=seo.share_image(found),
        language=found.language,
        published=found.published_at,
        modified=found.updated_at,
        authors=tuple(absolute(user.get_absolute_url()) for user in authors),
        tags=tuple(tags),
        replies=parts.feed_of_replies(found, feeds.ATOM),
        twin=absolute(path_to("twin", found.slug)) if found.slug else "",
    )


def part_of(request: HttpRequest, found: Article) -> series.Part | None:
    """Its place in its series. The page changes with any article of that, and when the next of them goes live."""
    members = series.members_of(found)
    pages.depends(request, *(f"article:{pk}" for pk in members.ids))
    pages.until(request, members.changes_at)
    return members.part


def near_of(request: HttpRequest, found: Article) -> tuple[related.Near, ...]:
    """What to read next. The page changes with those that it names, and when one that is scheduled joins them."""
    near, changes_at = related.near(found)
    pages.depends(request, *(f"article:{other.id}" for other in near))
    pages.until(request, changes_at)
    return tuple(near)


def direction(language: str) -> str:
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def shared(found: Article) -> share.Shared:
    return share.Shared(found.canonical, found.title, seo.share_image(found).address, found.summary or found.subtitle)


def moved(request: HttpRequest, path: str) -> HttpResponse:
    """301 to where an old path leads now, to the same page of it; 404 if it never led anywhere."""
    pages.depends(request, "site", "lists")
    redirect = Redirect.objects.select_related(*TARGETS).filter(path=path).first()
    if redirect is None:
        return render(request, "404.html", status=404)
    page = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponsePermanentRedirect(f"{redirect.target.get_absolute_url()}{page}")


@pages.page()
def tags(request: HttpRequest) -> HttpResponse:
    depends_on_lists(request)
    used = TaggedArticle.objects.filter(content_object__in=Article.objects.listed().order_by())
    counts = dict(used.values_list("tag").annotate(Count("pk")))
    found = Tag.objects.filter(pk__in=counts)
    return render(request, "articles/tags.html", {"tags": [(tag, counts[tag.pk]) for tag in found]})


@pages.page("before")
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    depends_on_lists(request)
    found = Tag.objects.filter(slug=slug).first()
    if found is None:
        return moved(request, f"/tag/{slug}/")
    listed = Article.objects.listed().filter(tagged__tag=found)
    context = {
        "tag": found,
        "listing": listing(listed, request.GET.get("before")),
        "canonical": absolute(found.get_absolute_url()),
        "feed": path_to("tag_feed", found.slug),
    }
    return render(request, "articles/tag.html", context)


@pages.page("before")
def author(request: HttpRequest, slug: str) -> HttpResponse:
    depends_on_lists(request)
    found = get_user_model().objects.filter(slug=slug, bylines__isnull=False).distinct().first()
    if found is None:
        return moved(request, f"/by/{slug}/")
    listed = Article.objects.listed().filter(bylines__user=found)
    context = {
        "author": found,
        "listing": listing(listed, request.GET.get("before")),
        "canonical": absolute(found.get_absolute_url()),
        "feed": path_to("author_feed", found.slug),
    }
    return render(request, "articles/author.html", context)


@pages.page("before")
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The articles of a year by the site's own calendar; 404 for a year without any."""
    depends_on_lists(request)
    listed = Article.objects.listed()
    if not 1000 <= year <= timezone.localdate().year:
        return render(request, "404.html", status=404)
    of_year = listed.filter(published_at__year=year)
    get_object_or_404(of_year.order_by()[:1])
    context = {
        "year": year,
        "listing": listing(of_year, request.GET.get("before")),
        "years": years(listed),
        "canonical": absolute(path_to("year", year)),
    }
    return render(request, "articles/year.html", context)


@pages.page()
def series_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles of a series in their order; 404 before the first of them is there. Three queries."""
    depends_on_lists(request)
    found = Series.objects.filter(slug=slug).first()
    listed = list(Article.objects.listed().filter(series=found).order_by("series_place", "pk").summaries()) if found else []
    if not listed:
        return moved(request, f"/series/{slug}/")
    context = {"series": found, "articles": listed, "canonical": absolute(found.get_absolute_url())}
    return render(request, "articles/series.html", context)


@pages.page("before")
def corrections(request: HttpRequest) -> HttpResponse:
    """All corrections, newest first. Three queries at most."""
    depends_on_lists(request)
    found = corrected(request.GET.get("before"))
    return render(request, "articles/corrections.html", {"listing": found, "canonical": absolute(path_to("corrections"))})


@pages.page()
def robots(request: HttpRequest) -> HttpResponse:
    pages.depends(request, "site")
    closed = ["/admin/", "/accounts/", path_to("search"), *parts.not_for_robots]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {absolute(path_to('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
