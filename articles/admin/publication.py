"""The pages on which an article is published, withdrawn and restored. Each says what will happen, then does it."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from articles import due, publishing
from articles.admin.forms import PublishForm
from articles.checklist import problems_of
from articles.comparison import Difference, differences
from articles.models import Article
from site_config.lib.addresses import absolute
from site_config.lib.moments import day_and_time


def publish_view(request: HttpRequest, pk: int) -> HttpResponse:
    article = article_for(request, pk)
    form = PublishForm(request.POST or None, article=article)
    problems = problems_of(article, article.newest.data) if article.newest else []
    blocked = any(problem.blocks for problem in problems)
    if request.method == "POST" and not blocked and form.is_valid():
        try:
            messages.success(request, said(put_out(article, form.cleaned_data, by=request.user)))
            return back(article)
        except publishing.WrongState as error:
            form.add_error(None, str(error))
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


def put_out(article: Article, choices: dict, *, by) -> Article:
    """Publishes or schedules, as the form says; the article as it is then."""
    at, updated, version = choices.get("at"), choices.get("updated", False), choices["version"]
    if article.is_live and at:
        return due.schedule_change(article, by=by, at=at, updated=updated, version=version)
    return publishing.publish(article, by=by, at=at, updated=updated, visibility=choices["visibility"], version=version)


def what_changes(article: Article) -> list[Difference]:
    """Between what was published and the newest version; nothing for an article that was not published yet."""
    if not article.has_unpublished_changes or article.published is None or article.newest is None:
        return []
    return differences(article.published.data, article.newest.data)


def withdraw_view(request: HttpRequest, pk: int) -> HttpResponse:
    article = article_for(request, pk)
    if publishing.is_only_planned(article):
        return confirm(
            request,
            article,
            act=publishing.withdraw,
            title="Unschedule",
            text=f"It does not go live on {day_and_time(article.published_at)}. It is a draft again, with all its versions.",
            done="Unscheduled. It is a draft again.",
        )
    return confirm(
        request,
        article,
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


def unschedule_view(request: HttpRequest, pk: int) -> HttpResponse:
    return confirm(
        request,
        article_for(request, pk),
        act=due.unschedule_change,
        title="Unschedule the change of",
        text="Readers go on seeing what they see now. The change stays in the working copy and in the history.",
        done="The change will not be published by itself any more.",
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
    return get_object_or_404(Article.objects.select_related("newest__author", "published"), pk=pk)


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
    if article.due_at:
        when = day_and_time(article.due_at)
        return f"Scheduled. Readers see the change from {when} on; what you save meanwhile is not part of it."
    if article.state == "scheduled":
        return f"Scheduled. It goes live on {day_and_time(article.published_at)}."
    return "Published. Readers see it now." if article.is_live else "Saved."


def back(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
