"""The four roles, as groups: what each may do, and the step that makes them after each migration."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

WRITES = {
    "articles.add_article", "articles.change_article", "articles.view_article", "articles.delete_article",
    "articles.add_image", "articles.change_image", "articles.view_image", "articles.view_tag", "articles.view_series",
}  # fmt: skip
EDITS = WRITES | {
    "articles.change_any_article", "articles.publish_article", "articles.delete_image",
    "articles.change_tag", "articles.delete_tag", "articles.add_series", "articles.change_series", "articles.delete_series",
    "articles.view_correction", "articles.change_correction", "articles.delete_correction", "audit.view_entry",
}  # fmt: skip
MODERATES = {"comments.moderate_comment", "comments.view_comment", "comments.view_decision"}

ROLES: dict[str, set[str] | None] = {"Author": WRITES, "Editor": EDITS, "Moderator": MODERATES, "Administrator": None}
"""By the group's name, the permissions; None for all there are."""


def make_groups(**signal: object) -> None:
    """Makes the groups that are missing and gives each what it lacks; takes nothing away that the owner added.

    Runs after each migration. Nine queries where there is nothing to do.
    """
    every = {f"{row.content_type.app_label}.{row.codename}": row for row in Permission.objects.select_related("content_type")}
    for name, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        has = set(group.permissions.values_list("pk", flat=True))
        lacks = [row for key, row in every.items() if (wanted is None or key in wanted) and row.pk not in has]
        if lacks:
            group.permissions.add(*lacks)
