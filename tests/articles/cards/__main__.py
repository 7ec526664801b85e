"""Stores the pictures that the tests compare with, after the design has changed. Look at them before they are committed."""

import io
import os

import django
from PIL import Image as Pillow

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.articles.cards.examples import EXAMPLES, SIZE, example, stored  # noqa: E402

for name in EXAMPLES:
    card = Pillow.open(io.BytesIO(example(name)[0])).convert("RGB").resize(SIZE, Pillow.Resampling.BOX)
    card.quantize(32).save(stored(name), optimize=True)
