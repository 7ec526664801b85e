"""Articles know nothing of comments: the page is drawn with that app taken out of the project."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
from tests.factories import make_article
article = make_article(title="Alone")
answer = Client().get(article.get_absolute_url())
print(answer.status_code, "Alone" in answer.content.decode(), 'id="talk"' in answer.content.decode())
import sys
print(any(name == "comments" or name.startswith("comments.") for name in sys.modules))
"""


def test_an_article_is_drawn_without_the_comments_app():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.without_comments", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["200", "True", "False", "False"], done.stderr
