import json
import re
import zlib

import brotli
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

IMAGE = re.compile(r'data-image="([0-9]{1,18})"')
BATCH = 500


def note_uses(apps, schema_editor):
    """A row for each picture that an article shows or that its newest or due revision names."""
    Article, Image, ImageUse = (apps.get_model("articles", name) for name in ("Article", "Image", "ImageUse"))
    there = set(Image.objects.values_list("pk", flat=True))
    articles = Article.objects.select_related("newest", "due")
    articles = articles.only("body", "image_id", "newest__packed", "due__packed")
    waiting = []
    for article in articles.iterator(chunk_size=BATCH):
        found = named({"image": article.image_id, "body": article.body})
        for revision in (article.newest, article.due):
            if revision is not None:
                found |= named(unpacked(bytes(revision.packed)))
        waiting += [ImageUse(article_id=article.pk, image_id=pk) for pk in sorted(found & there)]
        if len(waiting) >= BATCH:
            ImageUse.objects.bulk_create(waiting, ignore_conflicts=True)
            waiting = []
    ImageUse.objects.bulk_create(waiting, ignore_conflicts=True)


def unpacked(packed):
    """A revision in either of the two forms that revisions have had."""
    return json.loads(brotli.decompress(packed[1:]) if packed[:1] == b"\x01" else zlib.decompress(packed))


def named(data):
    lead = {data["image"]} if data.get("image") else set()
    return {int(number) for number in IMAGE.findall(data.get("body") or "")} | lead


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0002_editorial_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='image',
            name='drawn',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='image',
            name='focal_x',
            field=models.PositiveSmallIntegerField(default=50, help_text='In per cent of the width. Where the site cuts the picture to fit, this point stays.', validators=[django.core.validators.MaxValueValidator(100, 'Write a number from 0 to 100: per cent of the width.')], verbose_name='what matters: from the left'),
        ),
        migrations.AlterField(
            model_name='image',
            name='focal_y',
            field=models.PositiveSmallIntegerField(default=50, help_text='In per cent of the height.', validators=[django.core.validators.MaxValueValidator(100, 'Write a number from 0 to 100: per cent of the height.')], verbose_name='from the top'),
        ),
        migrations.AlterField(
            model_name='imageuse',
            name='image',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='articles.image'),
        ),
        migrations.RunPython(note_uses, migrations.RunPython.noop, elidable=True),
    ]
