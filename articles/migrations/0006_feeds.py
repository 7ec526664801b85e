"""Ids of feeds that outlast a move. A site that has published keeps the ids that its readers know."""

from django.db import migrations, models

from articles.authority import FIRST_DAY, host, is_local


def keep(apps, schema_editor) -> None:
    if apps.get_model("articles", "Article").objects.exclude(first_published_at=None).exists() and not is_local(host()):
        apps.get_model("articles", "Authority").objects.create(pk=1, name=f"{host()},{FIRST_DAY}")


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=300)),
            ],
            options={
                "verbose_name_plural": "authorities",
            },
        ),
        migrations.AddField(
            model_name="article",
            name="feed_id",
            field=models.CharField(blank=True, max_length=300, null=True, unique=True),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
