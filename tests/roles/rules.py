"""What each role may do at each address of the desk, by the routes of the URL configuration.

A, E, M, D are author, editor, moderator, administrator. A rule without `get` or `post` lets nobody do that. `changes` is
whether a POST that is let through changes a row.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile

from articles import revisions
from articles.models import Article
from tests.factories import picture_bytes

A, E, M, D = "author", "editor", "moderator", "administrator"
NOBODY: set[str] = set()
EVERYBODY, DESK, EDITORS = {A, E, M, D}, {A, E, D}, {E, D}
OWN, OTHERS = "own", "others"
World = SimpleNamespace
PASSWORD = "four quiet words here"


class Rule(NamedTuple):
    """`arguments` of the route, by the world and whose rows ('own' are the author's); `data` what a POST sends."""

    route: str
    get: set[str] = NOBODY
    post: set[str] = NOBODY
    arguments: Callable[[World], dict] = lambda world: {}
    data: Callable[[World], dict] = lambda world: {}
    whose: str = ""
    changes: bool = True


def fields_of(article: Article, **changes) -> dict:
    """What the form of an article sends."""
    article = Article.objects.get(pk=article.pk)
    data = revisions.newest_data(article)
    plain = {name: data[name] for name in ("title", "subtitle", "summary", "body", "language", "comment_policy", "slug")}
    return {**plain, "tags": ", ".join(data["tags"]), "based_on": article.newest_id, "kind": "article", **changes}


def upload(name: str = "file") -> SimpleUploadedFile:
    return SimpleUploadedFile("press.jpg", picture_bytes((600, 400), colour="maroon"), "image/jpeg")


def of_article(
    path: str, name: str, *, get: set[str], post: set[str], data=lambda world: {}, changes=True, more=None
) -> list[Rule]:
    """Two rules: what holds for the author's own article, and for somebody else's, where an author may nothing."""

    def rule(whose: str) -> Rule:
        things = lambda world: getattr(world, whose)  # noqa: E731
        key = "object_id" if "object_id" in path else "pk"
        arguments = lambda world: {key: getattr(things(world), name).pk, **(more(things(world)) if more else {})}  # noqa: E731
        sent = lambda world: data(things(world))  # noqa: E731
        allowed = (lambda roles: roles) if whose == OWN else (lambda roles: roles - {A})
        return Rule(f"articles/article/{path}", allowed(get), allowed(post), arguments, sent, whose, changes)

    return [rule(OWN), rule(OTHERS)]


def stock(
    label: str, *, see: set[str], add=NOBODY, change=NOBODY, delete=NOBODY, thing, added=None, changed=None
) -> list[Rule]:
    """The five routes that stock admin gives a model. `thing` is the row, by the world."""
    one = lambda world: {"object_id": thing(world).pk}  # noqa: E731
    return [
        Rule(f"{label}/", see, see, changes=False),
        Rule(f"{label}/add/", add, add, data=added or (lambda world: {})),
        Rule(f"{label}/<path:object_id>/history/", see, NOBODY, one),
        Rule(f"{label}/<path:object_id>/delete/", delete, delete, one, lambda world: {"post": "yes"}),
        Rule(f"{label}/<path:object_id>/change/", see | change, change, one, changed or (lambda world: {})),
    ]


def series_fields(world: World) -> dict:
    return {"title": "Renamed", "slug": world.series.slug, "description": "", f"place-{world.corrected.pk}": "1", "add": ""}


def user_fields(world: World) -> dict:
    return {"username": "somebody", "display_name": "Some Body", "slug": "somebody", "email": "", "is_active": "on"}


def new_user(world: World) -> dict:
    names = {"username": "newcomer", "display_name": "Newcomer", "email": "", "usable_password": "true"}
    return {**names, "password1": PASSWORD, "password2": PASSWORD}


RULES: list[Rule] = [
    Rule("", EVERYBODY),
    Rule("login/", NOBODY, EVERYBODY, changes=False),  # leads to the sign-in of the accounts
    Rule("logout/", NOBODY, EVERYBODY, changes=False),
    Rule("password_change/", EVERYBODY),
    Rule("password_change/done/", EVERYBODY),
    Rule("autocomplete/", NOBODY),
    Rule("jsi18n/", EVERYBODY),
    Rule("r/<path:content_type_id>/<path:object_id>/", NOBODY, arguments=lambda world: {"content_type_id": 0, "object_id": 0}),
    Rule(r"^(?P<app_label>auth|audit|jobs|mail|articles|comments|accounts)/$", DESK, DESK, lambda world: {"app_label": "articles"}, changes=False),
    # --- articles ---------------------------------------------------------------------------------------------------
    Rule("articles/article/", DESK, DESK, changes=False),
    Rule("articles/article/add/", DESK, DESK, data=lambda world: {"title": "New", "kind": "article", "language": "en", "comment_policy": "open"}),
    Rule("articles/article/autosave/", NOBODY, DESK, data=lambda world: {"title": "Begun", "session": "a" * 32, "language": "en", "comment_policy": "open"}),
    Rule("articles/article/alive/", EVERYBODY),
    Rule("articles/article/signed-in/", EVERYBODY),
    Rule("articles/article/find/", DESK),
    *of_article("<path:object_id>/change/", "draft", get=DESK, post=DESK, data=lambda things: fields_of(things.draft, title="Changed")),
    *of_article("<path:object_id>/delete/", "draft", get=DESK, post=DESK, data=lambda things: {"post": "yes"}),
    *of_article("<path:object_id>/history/", "draft", get=DESK, post=NOBODY),
    *of_article("<int:pk>/autosave/", "draft", get=NOBODY, post=DESK, data=lambda things: fields_of(things.draft, title="Typed", session="b" * 32)),
    *of_article("<int:pk>/presence/", "draft", get=NOBODY, post=DESK, data=lambda things: {"session": "c" * 32}),
    *of_article("<int:pk>/card/", "draft", get=DESK, post=NOBODY),
    *of_article("<int:pk>/drafts/", "draft", get=DESK, post=DESK, data=lambda things: {"days": "14"}),
    *of_article("<int:pk>/drafts/<int:link>/revoke/", "draft", get=NOBODY, post=DESK, more=lambda things: {"link": things.link.pk}),
    *of_article("<int:pk>/notes/", "draft", get=DESK, post=NOBODY),
    *of_article("<int:pk>/notes/<int:note>/", "draft", get=NOBODY, post=DESK, more=lambda things: {"note": things.note.pk}, data=lambda things: {"act": "close"}),
    *of_article("<int:pk>/history/", "draft", get=DESK, post=NOBODY),
    *of_article("<int:pk>/history/compare/", "draft", get=DESK, post=NOBODY),
    *of_article("<int:pk>/history/<int:version>/", "draft", get=DESK, post=DESK, more=lambda things: {"version": first_of(things.draft)}),
    *of_article("<int:pk>/publish/", "draft", get=EDITORS, post=EDITORS, data=lambda things: {"visibility": "public"}),
    *of_article("<int:pk>/withdraw/", "live", get=EDITORS, post=EDITORS),
    *of_article("<int:pk>/unschedule/", "waiting", get=EDITORS, post=EDITORS),
    *of_article("<int:pk>/restore/", "withdrawn", get=EDITORS, post=EDITORS),
    *of_article("<int:pk>/correct/", "live", get=EDITORS, post=EDITORS, data=lambda things: {"text": "It was 2025."}),
    *of_article("<int:pk>/feature/", "live", get=EDITORS, post=EDITORS),
    Rule("articles/article/<int:pk>/unfeature/", EDITORS, EDITORS, lambda world: {"pk": world.corrected.pk}),
    # --- pictures, tags, series, corrections ------------------------------------------------------------------------
    Rule("articles/image/choose/", DESK),
    Rule("articles/image/upload/", NOBODY, DESK, data=lambda world: {"file": upload(), "alt": "A press."}),
    Rule("articles/image/<int:pk>/replace/", DESK, DESK, lambda world: {"pk": world.own.image.pk}, lambda world: {"file": upload(), "alt": "A press."}, OWN),
    Rule("articles/image/<int:pk>/replace/", EDITORS, EDITORS, lambda world: {"pk": world.others.image.pk}, lambda world: {"file": upload(), "alt": "A press."}, OTHERS),
    *stock("articles/image", see=DESK, add=DESK, change=EDITORS, delete=EDITORS, thing=lambda world: world.others.image,
           added=lambda world: {"file": upload(), "title": "", "alt": "A press.", "credit": ""},
           changed=lambda world: {"title": "Renamed", "alt": "A field.", "credit": "", "focal_x": "50", "focal_y": "50"}),
    Rule("articles/image/<path:object_id>/change/", DESK, DESK, lambda world: {"object_id": world.own.image.pk},
         lambda world: {"title": "Renamed", "alt": "A field.", "credit": "", "focal_x": "50", "focal_y": "50"}, OWN),
    Rule("articles/tag/suggest/", EVERYBODY),
    Rule("articles/tag/<int:pk>/merge/", EDITORS, EDITORS, lambda world: {"pk": world.tag.pk}, lambda world: {"into": "Press"}),
    Rule("articles/tag/<int:pk>/names/<int:alias>/", EDITORS, EDITORS, lambda world: {"pk": world.alias.tag_id, "alias": world.alias.pk}),
    *stock("articles/tag", see=DESK, change=EDITORS, delete=EDITORS, thing=lambda world: world.unused,
           changed=lambda world: {"name": "Renamed", "description": ""}),
    *stock("articles/series", see=DESK, add=EDITORS, change=EDITORS, delete=EDITORS, thing=lambda world: world.series,
           added=lambda world: {"title": "New"}, changed=series_fields),
    *stock("articles/correction", see=EDITORS, change=EDITORS, delete=EDITORS, thing=lambda world: world.correction,
           changed=lambda world: {"text": "It was 2026."}),
    # --- the conversation -------------------------------------------------------------------------------------------
    Rule("comments/comment/<int:pk>/change/", {M, D}, NOBODY, lambda world: {"pk": world.comment.pk}),
    Rule("comments/comment/<int:pk>/decide/", NOBODY, {M, D}, lambda world: {"pk": world.comment.pk}, lambda world: {"do": "approve"}),
    Rule("comments/comment/<int:pk>/answer/", NOBODY, {M, D}, lambda world: {"pk": world.comment.pk}, lambda world: {"text": "Thank you."}),
    Rule("comments/comment/queue/", {M, D}, NOBODY),
    Rule("comments/comment/queue/decide/", NOBODY, {M, D}, data=lambda world: {"do": "approve", "comment": world.comment.pk, "seen": "held "}),
    Rule("comments/comment/queue/undo/", NOBODY, {M, D}, data=lambda world: {"undo": world.decision.pk}),
    Rule("comments/comment/queue/several/", NOBODY, {M, D}, data=lambda world: {"like": world.comment.pk, "by": "writer", "do": "reject", "take": f"{world.comment.pk} held "}),
    Rule("comments/comment/queue/feed/", NOBODY, {M, D}),
    Rule("comments/comment/statistics/", {M, D}),
    *stock("comments/comment", see={M, D}, thing=lambda world: world.comment),
    *stock("comments/decision", see={M, D}, thing=lambda world: world.decision),
    Rule("comments/rounds/", {M, D}, {M, D}, data=lambda world: {"pace": "hour"}),
    # --- people, log, jobs ------------------------------------------------------------------------------------------
    Rule("accounts/user/<id>/password/", {D}, {D}, lambda world: {"id": world.somebody.pk}, lambda world: {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}),
    *stock("accounts/user", see={D}, add={D}, change={D}, delete={D}, thing=lambda world: world.somebody, added=new_user, changed=user_fields),
    *stock("auth/group", see={D}, add={D}, change={D}, delete={D}, thing=lambda world: world.group,
           added=lambda world: {"name": "New"}, changed=lambda world: {"name": "Renamed"}),
    *stock("audit/entry", see=EDITORS, thing=lambda world: first_entry()),
    *stock("jobs/job", see={D}, delete={D}, thing=lambda world: world.job),
    *stock("mail/letter", see={D}, thing=lambda world: world.letter),
]  # fmt: skip


def first_of(article: Article) -> int:
    return article.revisions.order_by("pk").values_list("pk", flat=True)[0]


def first_entry():
    from site_config.audit.models import Entry

    return Entry.objects.order_by("pk")[0]


class Act(NamedTuple):
    """An action on several rows of a list."""

    model: str
    name: str
    by: set[str]
    rows: Callable[[World], list]
    data: dict = {}
    leads_to: str = ""
    """The page that asks before anything is changed, which has a rule of its own."""


ACTS: list[Act] = [
    Act("articles.article", "publish", EDITORS, lambda world: [world.own.draft, world.others.draft], {"confirmed": "yes"}),
    Act("articles.article", "withdraw", EDITORS, lambda world: [world.own.live, world.others.live], {"confirmed": "yes"}),
    Act(
        "articles.article",
        "add_tags",
        EDITORS,
        lambda world: [world.own.live, world.others.live],
        {"confirmed": "yes", "tags": "More"},
    ),
    Act("articles.article", "close_comments", EDITORS, lambda world: [world.own.live, world.others.live], {"confirmed": "yes"}),
    Act("articles.article", "open_comments", EDITORS, lambda world: [world.own.live, world.others.live], {"confirmed": "yes"}),
    Act("articles.image", "delete_selected", EDITORS, lambda world: [world.own.image, world.others.image], {"post": "yes"}),
    Act(
        "comments.comment",
        "decide_together",
        {M, D},
        lambda world: [world.comment],
        leads_to="/admin/comments/comment/queue/several/?",
    ),
    Act("accounts.user", "delete_selected", {D}, lambda world: [make_nobody()], {"post": "yes"}),
    Act("auth.group", "delete_selected", {D}, lambda world: [world.group], {"post": "yes"}),
    Act("jobs.job", "try_again", {D}, lambda world: [dead(world.job)]),
    Act("mail.letter", "try_again", {D}, lambda world: [world.letter]),
    Act("mail.letter", "drop", {D}, lambda world: [world.letter]),
    Act("jobs.job", "delete_selected", {D}, lambda world: [world.job], {"post": "yes"}),
]


def make_nobody():
    from tests.factories import make_user

    return make_user(username="nobody")


def dead(job):
    type(job).objects.filter(pk=job.pk).update(state="dead")
    return job
