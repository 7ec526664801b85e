"""A site with somebody of each role, and rows that are theirs and others'."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from types import SimpleNamespace

from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from articles import corrections, drafts, due, featuring, publishing, revisions, series, vocabulary
from articles.models import Article, Note, Tag
from comments import moderation, posting
from site_config import pages
from site_config.jobs.models import Job
from site_config.mail.models import Letter
from tests.factories import make_article, make_draft, make_image, make_user

ROLES = ("author", "editor", "moderator", "administrator")
SESSIONS = {"sessions.Session"}


def build() -> SimpleNamespace:
    """Everything that the rules name. `users` and `clients` by role, with 'anonymous' among the clients."""
    users = {role: make_user(username=role, display_name=role.title()) for role in ROLES}
    for role, user in users.items():
        user.groups.add(Group.objects.get(name=role.title()))
    somebody = make_user(username="somebody", display_name="Somebody")
    clients = {"anonymous": Client(), **{role: signed_in(user) for role, user in users.items()}}
    own, others = things_of(users["author"], "own"), things_of(somebody, "others")
    shared = shared_things()
    return SimpleNamespace(users=users, clients=clients, own=own, others=others, somebody=somebody, **shared)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def things_of(user, name: str) -> SimpleNamespace:
    """Articles in each state, begun by this person, and what hangs on them."""
    draft = make_draft(by=user, title=f"Draft, {name}")
    live = changed(make_article(by=user, title=f"Live, {name}", tags=["Law", "Press"]), title=f"Live, {name}, changed")
    waiting = changed(make_article(by=user, title=f"Due, {name}"), title=f"Due, {name}, changed")
    due.schedule_change(waiting, by=None, at=timezone.now() + timedelta(days=1))
    withdrawn = publishing.withdraw(make_article(by=user, title=f"Withdrawn, {name}"), by=None)
    link = drafts.make_link(draft, by=user)
    note = drafts.leave_note(link, text="Is that so?")
    revisions.save(draft, {**revisions.newest_data(draft), "title": f"Draft, {name}, again"}, by=user)
    image = make_image(by=user)
    return SimpleNamespace(draft=draft, live=live, waiting=waiting, withdrawn=withdrawn, link=link, note=note, image=image)


def changed(article: Article, **fields) -> Article:
    revisions.save(article, {**revisions.newest_data(article), **fields}, by=article.created_by)
    return Article.objects.get(pk=article.pk)


def shared_things() -> dict:
    live = make_article(title="Corrected", tags=["Old name"])
    correction = corrections.correct(live, "It was 2025.", by=None, show_changes=False)
    old, law = Tag.objects.get(name="Old name"), Tag.objects.get(name="Law")
    vocabulary.rename(old, "New name", by=None)
    with pages.changing("lists"):
        unused = Tag.objects.create(name="Unused")
    group = series.save(None, title="A series", slug="", description="", articles=[live.pk], by=None)
    comment = posting.post_comment(live, name="Ines", text="See https://example.org/", address="192.0.2.7").comment
    removed = posting.post_comment(live, name="Olu", text="Something else.", address="192.0.2.8").comment
    moderation.remove(removed, by=make_user(is_superuser=True))
    featuring.feature(live, by=None)
    return {
        "corrected": live,
        "correction": correction,
        "tag": law,
        "alias": old.aliases.first(),
        "unused": unused,
        "series": group,
        "comment": comment,
        "decision": removed.decisions.first(),
        "job": Job.objects.create(
            task="articles.publishing.redraw_links_to", arguments={"args": [1], "kwargs": {}}, run_at=timezone.now()
        ),
        "letter": Letter.objects.create(to="ines@example.org", subject="A reply", state="dead", raw=b"Words."),
        "group": Group.objects.create(name="Another group"),
        "note": Note.objects.first(),
    }


def everything() -> dict[str, str]:
    """A digest of the rows of each table, but of sessions."""
    models = [model for model in apps.get_models() if model._meta.label not in SESSIONS and model._meta.managed]
    return {model._meta.label: digest(model) for model in models}


def digest(model) -> str:
    rows = sorted(map(repr, model._base_manager.values_list()))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
