"""The index of articles, and the words that they are spelt with. A job then fills both."""

from django.db import migrations, models
from django.db.utils import DatabaseError

from articles.search import postgres, sqlite
from articles.search.shelf import ARTICLES

NEEDS_TRIGRAMS = """\
PostgreSQL's extension pg_trgm is missing: misspelt words are found by it. Let a superuser of the database run
    CREATE EXTENSION pg_trgm;
in it (Debian has it in the package postgresql-contrib or in postgresql itself), and start again."""


def build(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(sqlite.schema(ARTICLES))
        schema_editor.execute(sqlite.SCHEMA_OF_WORDS)
        return
    try:
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as error:
        raise RuntimeError(NEEDS_TRIGRAMS) from error
    schema_editor.execute(postgres.schema(ARTICLES))
    schema_editor.execute(postgres.SCHEMA_OF_WORDS)


def drop(apps, schema_editor) -> None:
    schema_editor.execute(f'DROP TABLE IF EXISTS "{ARTICLES.table}"')
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f'DROP TABLE IF EXISTS "{sqlite.WORDS}"')


def fill(apps, schema_editor) -> None:
    """Has the job runner index what is published already."""
    if apps.get_model("articles", "Article").objects.exclude(published_at=None).exists():
        apps.get_model("jobs", "Job").objects.create(task="articles.search.rebuilding.rebuild_soon", arguments={"args": [], "kwargs": {}})


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_tag_aliases"),
        ("jobs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40, unique=True)),
                ("token", models.CharField(db_index=True, max_length=40)),
                ("seen", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.RunPython(build, drop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
