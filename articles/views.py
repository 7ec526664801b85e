"""What readers see of articles. Each view states what its page depends on."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone

from articles import fragments, parts, reading, seo, share
from articles.listing import listing, years
from articles.models import Article, Redirect, Tag, TaggedArticle
from site_config import pages
from site_config.lib.addresses import absolute, path_to

RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}


def depends_on_lists(request: HttpRequest) -> None:
    """For a page that names articles: it changes with any of them, and at the next scheduled publication. One query."""
    pages.depends(request, "site", "lists")
    pages.until(request, reading.next_publication())


@pages.page("before")
def front(request: HttpRequest) -> HttpResponse:
    """Six queries at most, whatever the number of articles."""
    depends_on_lists(request)
    listed = Article.objects.listed()
    found = listing(listed, request.GET.get("before"))
    newest = found.articles[:1] if found.is_first else []
    subjects = Tag.objects.filter(items__content_object__in=[article.pk for article in found.articles]).distinct()
    context = {
        "featured": newest[0] if newest else None,
        "authors": reading.authors_of(newest[0]) if newest else [],
        "listing": found._replace(articles=found.articles[len(newest) :]),
        "subjects": subjects,
        "years": years(listed),
    }
    return render(request, "articles/front.html", context)


@pages.page("sort", "after", around=("c",))
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article or plain page; 301 from an old address, 410 for what was withdrawn. Six queries at most."""
    found = reading.article_at(slug)
    if found is None or not found.published_at:
        return moved(request, f"/{slug}/")
    pages.depends(request, "site", f"article:{found.pk}")
    if found.withdrawn_at:
        return render(request, "410.html", {"article": found}, status=410)
    if not found.is_live:
        return moved(request, f"/{slug}/")
    return render_article(request, found)


def render_article(
    request: HttpRequest,
    found: Article,
    *,
    tags: list[reading.Subject] | None = None,
    authors: list | None = None,
    preview: bool = False,
) -> HttpResponse:
    """The page of an article. A preview hands in tags and authors, which are not stored yet."""
    if authors is None:
        authors = reading.authors_of(found)
    if tags is None:
        tags = reading.tags_of(found)
    own, sharing = "c" in request.GET, shared(found)
    context = {
        "article": found,
        "authors": authors,
        "tags": tags,
        "preview": preview,
        "direction": direction(found.language),
        "unlisted": own or found.visibility == Article.Visibility.UNLISTED,
        "canonical": sharing.url,
        "share_image": sharing.image,
        "json_ld": seo.json_ld(found, authors=authors, tags=tags),
        "contents": fragments.contents(found.contents),
        "end": fragments.end(sharing, tuple(tags), tuple(settings.SHARE_SERVICES)),
        "parts": () if preview else parts.after_article,
    }
    page = render_to_string("articles/article.html", context, request)
    response = HttpResponse(parts.fill_in(request, page))
    if own:
        response.headers["Referrer-Policy"] = "same-origin"
    return response


def direction(language: str) -> str:
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def shared(found: Article) -> share.Shared:
    image = absolute(found.lead["full"]) if found.lead else ""
    return share.Shared(found.canonical, found.title, image, found.summary or found.subtitle)


def moved(request: HttpRequest, path: str) -> HttpResponse:
    """301 to where an old path leads now, 404 if it never led anywhere."""
    pages.depends(request, "site", "lists")
    redirect = Redirect.objects.select_related("article", "tag", "author").filter(path=path).first()
    if redirect is None:
        return render(request, "404.html", status=404)
    return HttpResponsePermanentRedirect(redirect.target.get_absolute_url())


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
def robots(request: HttpRequest) -> HttpResponse:
    pages.depends(request, "site")
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /comments/on/",
        "Disallow: /comments/*/reply/",
        f"Sitemap: {absolute('/sitemap.xml')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
