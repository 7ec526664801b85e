"""The pages on which an article is put into the large place of the front page, and taken out of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from articles import featuring
from articles.admin import publication


def feature_view(request: HttpRequest, pk: int) -> HttpResponse:
    article = publication.article_for(request, pk)
    when = "from its minute on" if article.state == "scheduled" else "at once"
    now = featuring.front_page()[0]
    instead = f" “{now}” is there now, and goes back to its place in the list." if now and now != article else ""
    return publication.confirm(
        request,
        article,
        act=featuring.feature,
        title="Feature",
        text=f"It takes the large place on the front page, {when}, until you feature another or take it out.{instead}",
        done="Featured. It takes the large place on the front page.",
    )


def unfeature_view(request: HttpRequest, pk: int) -> HttpResponse:
    article = publication.article_for(request, pk)
    return publication.confirm(
        request,
        article,
        act=featuring.unfeature,
        title="Stop featuring",
        text="The large place on the front page goes to the newest article.",
        done="It is not featured any more.",
    )
