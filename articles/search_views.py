"""The search page. Its answers are as many as there are questions, so none is kept; each costs a few queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from articles.search import query, shelf
from articles.search.index import MOST
from site_config import pages
from site_config.lib.addresses import absolute, path_to

SUGGESTED = 6
SHORTEST = 2


class Tab(NamedTuple):
    """A kind of thing that can be found. `find` takes the query and where the page begins."""

    key: str
    name: str
    template: str
    find: Callable[[query.Query, int], object]


def articles(asked: query.Query, start: int) -> shelf.Results:
    return shelf.find(asked, start=start)


tabs: list[Tab] = [Tab("articles", "Articles", "articles/_found.html", articles)]
"""Other apps add theirs in their AppConfig."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The form, and what is found: `q` the words, `in` the kind, `from` the place of the first."""
    asked = query.parse(request.GET.get("q", ""))
    tab = next((tab for tab in tabs if tab.key == request.GET.get("in")), tabs[0])
    found = tab.find(asked, place(request.GET.get("from", ""))) if not asked.is_empty else None
    context = {
        "asked": asked,
        "tab": tab,
        "tabs": [(one, address(asked, one)) for one in tabs],
        "found": found,
        "next": f"{address(asked, tab)}&from={found.more}" if found and found.more else "",
        "first": address(asked, tab) if place(request.GET.get("from", "")) else "",
        "is_cut": found is not None and found.total >= MOST,
    }
    answer = render(request, "articles/search.html", context)
    answer.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def place(typed: str) -> int:
    """Where a page of results begins; 0 for what is no place."""
    return min(int(typed), MOST) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 0


def address(asked: query.Query, tab: Tab) -> str:
    words = {"q": asked.text} | ({"in": tab.key} if tab is not tabs[0] else {})
    return f"{path_to('search')}?{urlencode(words)}"


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Titles that match what is being typed, as JSON: `[{"title", "address"}]`. Three queries."""
    typed = request.GET.get("q", "")
    asked = query.parse(typed)
    found = shelf.begun(asked, SUGGESTED) if len(typed.strip()) >= SHORTEST else []
    answer = JsonResponse([{"title": one.title, "address": one.get_absolute_url()} for one in found], safe=False)
    answer.headers["Cache-Control"] = "private, max-age=60"
    return answer


@pages.page()
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser searches here (OpenSearch 1.1)."""
    pages.depends(request, "site")
    context = {"search": absolute(path_to("search")), "suggestions": absolute(path_to("search_suggestions"))}
    page = render_to_string("articles/opensearch.xml", context, request)
    return HttpResponse(page, content_type="application/opensearchdescription+xml; charset=utf-8")
