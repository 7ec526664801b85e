"""The cards of articles, which the job runner draws by itself, and what is close to what, which a job then finds."""

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor) -> None:
    """Has the job runner relate what is published already."""
    if apps.get_model("articles", "Article").objects.exclude(published_at=None).exists():
        apps.get_model("jobs", "Job").objects.create(task="articles.related.relate_everything", arguments={"args": [], "kwargs": {}})


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_feeds"),
        ("jobs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Card",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=80)),
                ("article", models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="card", to="articles.article")),
            ],
            options={
                "indexes": [models.Index(fields=["name"], name="cards_by_name")],
                "constraints": [models.UniqueConstraint(condition=models.Q(("article", None)), fields=("key",), name="one_card_of_the_site")],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.FloatField()),
                ("article", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="relations", to="articles.article")),
                ("other", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.article")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("article", "other"), name="one_relation_each")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
