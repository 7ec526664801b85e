"""What can be done to several articles at once, each after a page that says what will happen."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles import publishing, revisions, tagging
from articles.models import Article
from site_config.lib.plain_words import PlainWords

Act = Callable[[Article, HttpRequest, dict], str]


class TagsForm(PlainWords, forms.Form):
    tags = forms.CharField(max_length=300, label="Tags to add", help_text="Separated by commas.")

    def clean_tags(self) -> list[str]:
        names = tagging.parse(self.cleaned_data["tags"])
        if not names:
            raise forms.ValidationError("Write at least one tag.")
        if trouble := tagging.trouble(names):
            raise forms.ValidationError(trouble)
        return names


def confirmed(
    request: HttpRequest, queryset: QuerySet, *, action: str, title: str, text: str, act: Act, form_class=forms.Form
) -> HttpResponse | None:
    """Asks first; on the answer does `act` to each article and reports by article what could not be done."""
    form = form_class(request.POST if "confirmed" in request.POST else None)
    articles = list(queryset.select_related("newest"))
    if "confirmed" not in request.POST or not form.is_valid():
        context = {
            **admin.site.each_context(request),
            "title": title,
            "text": text,
            "articles": articles,
            "action": action,
            "form": form,
            "opts": Article._meta,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return render(request, "admin/articles/confirm_bulk.html", context)
    done: list[str] = []
    for article in articles:
        try:
            done.append(act(article, request, form.cleaned_data))
        except (publishing.NotReady, publishing.WrongState) as error:
            messages.error(request, f"“{article}” was left as it was: {error}")
    for words in dict.fromkeys(done):
        messages.success(request, f"{done.count(words)} {words}.")
    return None


def publish_one(article: Article, request: HttpRequest, choices: dict) -> str:
    if article.is_live and not article.has_unpublished_changes:
        raise publishing.WrongState("it is live already, and nothing in it waits.")
    publishing.publish(article, by=request.user)
    return "published"


def withdraw_one(article: Article, request: HttpRequest, choices: dict) -> str:
    was_planned = publishing.is_only_planned(article)
    publishing.withdraw(article, by=request.user)
    return "unscheduled, a draft again" if was_planned else "withdrawn"


def tag_one(article: Article, request: HttpRequest, choices: dict) -> str:
    names = tagging.parse(", ".join([*revisions.newest_data(article)["tags"], *choices["tags"]]))
    if trouble := tagging.trouble(names):
        raise publishing.WrongState(trouble)
    _, public = publishing.amend(article, by=request.user, tags=names)
    return "tagged" if public or not article.published_id else "tagged in the working copy, beside other unpublished changes"


def policy_act(policy: str) -> Act:
    def act(article: Article, request: HttpRequest, choices: dict) -> str:
        publishing.set_comment_policy(article, policy, by=request.user)
        return "conversations closed" if policy == "closed" else "conversations opened"

    return act


@admin.action(description="Publish…", permissions=["publish"])
def publish(model_admin, request, queryset):
    text = "The newest version of each of these becomes what readers see, now."
    return confirmed(request, queryset, action="publish", title="Publish these articles?", text=text, act=publish_one)


@admin.action(description="Withdraw…", permissions=["publish"])
def withdraw(model_admin, request, queryset):
    text = "The addresses of these will answer that the article was withdrawn. Each can be restored. "
    text += "What is only scheduled becomes a draft again."
    return confirmed(request, queryset, action="withdraw", title="Withdraw these articles?", text=text, act=withdraw_one)


@admin.action(description="Add tags…", permissions=["publish"])
def add_tags(model_admin, request, queryset):
    text = "The tags are added to each of these. Where other changes wait to be published, they wait with them."
    return confirmed(
        request, queryset, action="add_tags", title="Add tags to these articles?", text=text, act=tag_one, form_class=TagsForm
    )


@admin.action(description="Close the conversation…", permissions=["publish"])
def close_comments(model_admin, request, queryset):
    text = "Nobody can comment on these any more. The comments that are there stay."
    return confirmed(
        request, queryset, action="close_comments", title="Close these conversations?", text=text, act=policy_act("closed")
    )


@admin.action(description="Open the conversation…", permissions=["publish"])
def open_comments(model_admin, request, queryset):
    text = "Readers can comment on these."
    return confirmed(
        request, queryset, action="open_comments", title="Open these conversations?", text=text, act=policy_act("open")
    )
