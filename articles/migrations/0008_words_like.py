"""On PostgreSQL the words' trigrams are kept where a look for equal words does not find them: see postgres.SCHEMA_OF_WORDS."""

from django.db import migrations

from articles.search import postgres


def move(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('DROP INDEX IF EXISTS "articles_word_trigrams"')
        schema_editor.execute(postgres.SCHEMA_OF_WORDS)


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_cards")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
