"""Cards beside stored pictures of them, which somebody has looked at. To look at new ones: `python -m tests.articles.cards`."""

from __future__ import annotations

import io

import pytest
from PIL import Image as Pillow
from PIL import ImageChops, ImageStat

from articles.cards import drawing
from tests.articles.cards.examples import EXAMPLES, SIZE, example, stored

MOST = 4.0
"""Mean difference of a channel, of 255: another FreeType moves edges a little; another line break gives 10 and more."""


def opened(data: bytes) -> Pillow.Image:
    return Pillow.open(io.BytesIO(data)).convert("RGB")


def difference(one: Pillow.Image, other: Pillow.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_looks_as_it_did(name):
    drawn = opened(example(name)[0])
    assert drawn.size == (1200, 630)
    assert difference(drawn.resize(SIZE, Pillow.Resampling.BOX), opened(stored(name).read_bytes())) < MOST


def test_the_comparison_sees_another_card():
    assert difference(opened(stored("plain").read_bytes()), opened(stored("one_letter").read_bytes())) > MOST


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_runs_over_the_edges(name):
    """Beside the picture of a card, nothing is drawn nearer to an edge than the rule."""
    data, extension = example(name)
    if extension == "jpg":
        return
    box = ImageChops.difference(opened(data), Pillow.new("RGB", (1200, 630), drawing.PAPER)).getbbox()
    assert box is not None
    assert box[0] >= drawing.EDGE - 8
    assert box[2] <= drawing.WIDTH - drawing.EDGE + 8
    assert box[3] <= drawing.HEIGHT - 24


def test_it_is_small_and_of_the_kind_it_says():
    plain, extension = example("plain")
    assert (extension, Pillow.open(io.BytesIO(plain)).format) == ("png", "PNG")
    assert len(plain) < 40_000
    pictured, extension = example("pictured")
    assert (extension, Pillow.open(io.BytesIO(pictured)).format) == ("jpg", "JPEG")
    assert len(pictured) < 200_000


def test_what_matters_in_the_picture_stays():
    """A red mark at the right end of a wide picture is on the card where the focal point is there, and only then."""
    wide = Pillow.new("RGB", (2000, 600), "white")
    wide.paste("red", (1900, 250, 2000, 350))
    words = drawing.Words("A", (), "B")

    def reds(focal: tuple[int, int]) -> int:
        card = opened(drawing.draw(words, drawing.Lead(wide, focal))[0])
        return sum(count for count, (red, green, blue) in card.getcolors(1_000_000) if red > 200 and green < 60 and blue < 60)

    assert reds((100, 50)) > 5_000
    assert reds((0, 50)) == 0


def test_a_transparent_picture_lies_on_paper():
    clear = Pillow.new("RGBA", (600, 600), (0, 0, 0, 0))
    card = opened(drawing.draw(drawing.Words("A", (), "B"), drawing.Lead(clear, (50, 50)))[0])
    assert min(card.getpixel((1000, 300))) > 245
