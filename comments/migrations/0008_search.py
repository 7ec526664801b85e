"""The index of comments. A job then fills it."""

from django.db import migrations

from articles.search import postgres, sqlite
from articles.search.index import Index

COMMENTS = Index("comments_search", ("name", "words"), (2.0, 1.0))


def build(apps, schema_editor) -> None:
    schema_editor.execute((sqlite if schema_editor.connection.vendor == "sqlite" else postgres).schema(COMMENTS))


def drop(apps, schema_editor) -> None:
    schema_editor.execute(f'DROP TABLE IF EXISTS "{COMMENTS.table}"')


def fill(apps, schema_editor) -> None:
    if apps.get_model("comments", "Comment").objects.filter(state="visible").exists():
        apps.get_model("jobs", "Job").objects.create(task="comments.search.rebuild_soon", arguments={"args": [], "kwargs": {}})


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_search"),
        ("comments", "0007_queue"),
        ("jobs", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(build, drop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
