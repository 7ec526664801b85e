"""The pages on which an article is published, withdrawn and restored. Each says what will happen, then does it."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from articles import publishing
from articles.admin.forms import PublishForm
from articles.checklist import problems_of
from articles.comparison import Difference, differences
from articles.models import Article
from site_config.lib.addresses import absolute


def publish_view(request: HttpRequest, pk: int) -> HttpResponse:
    article = article_for(request, pk)
    form = PublishForm(request.POST or None, article=article)
    problems = problems_of(article, article.newest.data) if article.newest else []
    blocked = any(problem.blocks for problem in problems)
    if request.method == "POST" and not blocked and form.is_valid():
        choices = {name: form.cleaned_data[name] for name in form.fields if name in form.cleaned_data}
        published = publishing.publish(article, by=request.user, **choices)
        messages.success(request, said(published))
        return back(article)
    slug = publishing.slug_of(article, article.newest.data) if article.newest else article.slug
    context = {
        "form": form,
        "problems": problems,
        "blocked": blocked,
        "title": heading(article),
        "address": absolute(f"/{slug}/"),
        "moves": slug != article.slug,
        "differences": what_changes(article),
    }
    return page(request, article, "admin/articles/publish.html", context)


def what_changes(article: Article) -> list[Difference]:
    """Between what was published and the newest version; nothing for an article that was not published yet."""
    if not article.has_unpublished_changes or article.published is None or article.newest is None:
        return []
    return differences(article.published.data, article.newest.data)


def withdraw_view(request: HttpRequest, pk: int) -> HttpResponse:
    return confirm(
        request,
        article_for(request, pk),
        act=publishing.withdraw,
        title="Withdraw",
        text="Readers who come to its address are told that it was withdrawn, and it leaves all lists, feeds and the sitemap. "
        "You can restore it.",
        done="Withdrawn. Its address now answers with a page that says so.",
    )


def restore_view(request: HttpRequest, pk: int) -> HttpResponse:
    return confirm(
        request,
        article_for(request, pk),
        act=publishing.restore,
        title="Restore",
        text="What readers saw last is public again at its address, with its comments.",
        done="Restored. Readers see it again.",
    )


def confirm(request: HttpRequest, article: Article, *, act, title: str, text: str, done: str) -> HttpResponse:
    if request.method == "POST":
        try:
            act(article, by=request.user)
        except publishing.WrongState as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return back(article)
    return page(
        request, article, "admin/articles/confirm.html", {"title": f"{title} “{article}”?", "verb": title, "text": text}
    )


def article_for(request: HttpRequest, pk: int) -> Article:
    """The article, for somebody who may publish; anyone else is refused before anything is looked up."""
    if not request.user.has_perm(publishing.PERMISSION):
        raise PermissionDenied("Publishing and withdrawing need the permission to publish.")
    return get_object_or_404(Article.objects.select_related("newest", "published"), pk=pk)


def page(request: HttpRequest, article: Article, template: str, context: dict) -> HttpResponse:
    return render(
        request,
        template,
        {**admin.site.each_context(request), "article": article, "opts": Article._meta, **context},
        status=400 if request.method == "POST" else 200,
    )


def heading(article: Article) -> str:
    return f"Publish the changes to “{article}”" if article.is_live else f"Publish “{article}”"


def said(article: Article) -> str:
    if article.state == "scheduled":
        when = date_format(timezone.localtime(article.published_at), "j F Y, H:i")
        return f"Scheduled. It goes live on {when}."
    return "Published. Readers see it now." if article.is_live else "Saved."


def back(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
