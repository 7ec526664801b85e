"""Articles as Markdown, and the page that tells machines where those are (https://llmstxt.org/)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.encoding import iri_to_uri
from django.utils.http import http_date

from articles import reading
from articles.full_content import content_of_html
from articles.models import Article
from articles.richtext.markdown import begin_line, escape, heading, markdown, picture_of
from articles.views import depends_on_lists, reach
from site_config import pages
from site_config.lib.addresses import absolute, path_to
from site_config.templatetags.site import day

LISTED = 100
TYPE = "text/markdown; charset=utf-8"


@pages.page()
def markdown_twin(request: HttpRequest, slug: str) -> HttpResponse:
    """An article or plain page as Markdown; 301, 404 and 410 as its page. Four queries at most."""
    found = reach(request, slug)
    if isinstance(found, HttpResponse):
        if isinstance(found, HttpResponsePermanentRedirect):
            return HttpResponsePermanentRedirect(f"{found.url.rstrip('/')}.md")
        return found
    response = HttpResponse(written(found), content_type=TYPE)
    response.headers["Link"] = f'<{iri_to_uri(found.canonical)}>; rel="canonical"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Last-Modified"] = http_date(found.updated_at.timestamp())
    return response


def written(article: Article) -> str:
    """Title, byline, dates, address, the text with its pictures, corrections. Two queries at most."""
    parts = [heading("#", escape(article.title)), begin_line(article.subtitle)]
    if article.kind == Article.Kind.ARTICLE:
        parts.append(byline(article))
    parts.append(f"<{iri_to_uri(article.canonical)}>")
    if article.lead:
        credit = begin_line(article.lead["credit"])
        shown = picture_of(article.lead["alt"], absolute(article.lead["full"]))
        parts.append(f"{shown}\\\n{credit}" if credit else shown)
    html = content_of_html(article.html, article.canonical, settings.SITE_URL)
    parts.append(markdown(html).rstrip("\n"))
    for correction in reading.corrections_of(article):
        parts += [f"## Correction, {day(correction.made_at)}", *map(begin_line, correction.paragraphs)]
    return "\n\n".join(part for part in parts if part) + "\n"


def byline(article: Article) -> str:
    names = [f"[{escape(str(user))}]({absolute(user.get_absolute_url())})" for user in reading.authors_of(article)]
    dates = [day(article.published_at)] + ([f"updated {day(article.revised_at)}"] if article.shows_update else [])
    by = f"By {', '.join(names[:-1])}{' and ' if len(names) > 1 else ''}{names[-1]} · " if names else ""
    return by + ", ".join(dates)


def address(article: Article) -> str:
    return path_to("twin", article.slug)


@pages.page()
def llms(request: HttpRequest) -> HttpResponse:
    """What the site is, and its newest articles and plain pages, each with its Markdown. Three queries."""
    depends_on_lists(request)
    articles = Article.objects.listed().summaries()[:LISTED]
    plain = Article.objects.live().filter(kind=Article.Kind.PAGE, visibility=Article.Visibility.PUBLIC).order_by("title", "pk")
    parts = [
        f"# {escape(settings.SITE_NAME)}",
        f"> {escape(settings.SITE_TAGLINE)}",
        "Each article and page is also there as Markdown: its address with .md in the place of the last slash.",
        section("Articles", articles),
        section("Pages", plain.summaries()[:LISTED]),
        "## Optional\n\n"
        f"- [Feed]({absolute(path_to('feed'))}): the newest articles with their whole text, as Atom\n"
        f"- [Sitemap]({absolute(path_to('sitemap'))}): every address\n"
        f"- [Search]({absolute(path_to('search'))}): the query is the parameter q",
    ]
    text = "\n\n".join(part for part in parts if part)
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")


def section(name: str, articles) -> str:
    lines = [line(article) for article in articles]
    return f"## {name}\n\n" + "\n".join(lines) if lines else ""


def line(article: Article) -> str:
    said = " ".join((article.summary or article.subtitle).split())
    return f"- [{escape(article.title)}]({absolute(address(article))}){f': {escape(said)}' if said else ''}"
