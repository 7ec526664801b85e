"""What rewrites the database as a whole counts as a change of everything."""

import json

import pytest
from django.core.management import call_command

from site_config.pages.models import Generation
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def generation() -> int:
    return Generation.objects.filter(subject="site").values_list("number", flat=True).first() or 0


def test_migrations_end_every_page():
    before = generation()
    call_command("migrate", verbosity=0)
    assert generation() > before


def test_loaded_rows_end_every_page(tmp_path):
    article = make_article()
    file = tmp_path / "rows.json"
    call_command("dumpdata", "articles.tag", "articles.article", output=str(file), verbosity=0)
    before = generation()
    call_command("loaddata", str(file), verbosity=0)
    assert generation() > before
    assert json.loads(file.read_text())[0]["pk"] == article.pk
