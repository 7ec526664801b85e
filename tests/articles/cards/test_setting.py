from __future__ import annotations

import shutil
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.cards import faces, setting
from articles.cards.faces import SANS, SERIF

SIZES = (100, 60, 40)
ROOM = (800, 300)


def fit(text: str) -> setting.Block:
    return setting.fit(text, SERIF, SIZES, room=ROOM)


def test_a_short_title_is_large_and_a_long_one_small():
    assert fit("Short").size == 100
    assert fit("A title of some more words, and of some more").size == 60
    assert fit("word " * 30).size == 40


def test_lines_are_balanced():
    """Not one word alone on the last line."""
    block = fit("One two three four five six seven eight")
    widths = [setting.width(line, SERIF, block.size) for line in block.lines]
    assert len(widths) > 1
    assert min(widths) > max(widths) * 0.6


def test_what_is_too_much_ends_in_an_ellipsis():
    block = fit("and many more words " * 30)
    assert block.lines[-1].endswith("…")
    assert block.height <= ROOM[1]


def test_a_word_without_end_is_parted():
    block = fit("x" * 200)
    assert "".join(block.lines).rstrip("…") == ("x" * 200)[: len("".join(block.lines).rstrip("…"))]
    assert len(block.lines) > 1


def test_a_mark_stays_with_its_letter():
    lines = setting.parted("e\u0301" * 100, SERIF, 40, 300)
    assert not any(unicodedata.combining(line[0]) for line in lines)


@pytest.mark.parametrize(
    ("text", "backwards"),
    [("Hello", False), ("שלום Hello", True), ("Hello שלום", False), ("«١» مرحبا", True), ("123", False), ("", False)],
)
def test_direction_is_that_of_the_first_letter(text, backwards):
    assert setting.is_right_to_left(text) == backwards


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "Z", "S", "M"]), min_size=1, max_size=200))
def test_any_title_fits(text):
    shown = faces.drawable(text)
    if not shown:
        return
    block = fit(shown)
    assert block.height <= ROOM[1]
    assert all(setting.width(line, SERIF, block.size) <= ROOM[0] + 2 for line in block.lines)


class TestFaces:
    @pytest.mark.parametrize(
        "text",
        [
            "Ligature “affine” — café",
            "Сила знания",
            "Ελληνικά ᾧ",
            "Tiếng Việt",
            "שָׁלוֹם",
            "پاکستان کی",
            "क्षत्रिय",
            "ไทย",
            "ქართული ᲥᲐ",
            "հայերեն և",
        ],
    )
    def test_the_own_fonts_have_all_letters(self, text):
        assert faces.drawable(text) == unicodedata.normalize("NFC", text)

    def test_pictographs_are_left_out(self):
        assert faces.drawable("Celebrating 🎉 100 ❤️").replace("\ufe0f", "").strip() == "Celebrating 100"

    def test_a_text_of_letters_that_no_font_has_is_not_drawn_at_all(self):
        assert faces.drawable("On 日本語") == ""

    def test_letters_that_stand_for_others(self):
        assert faces.drawable("𝐁𝐨𝐥𝐝 ﬁne") in {"Bold fine", "Bold ﬁne"}

    def test_what_is_drawn_is_in_the_font_that_draws_it(self):
        """No box for a letter that is missing, in no line."""
        for piece in faces.pieces(faces.drawable("Hello שלום Ω मराठी — 42 €"), SANS):
            missing = {one for one in piece.text if ord(one) not in faces.coverage(piece.face) and not one.isspace()}
            assert {unicodedata.category(one) for one in missing} <= {"Cf", "Mn"}

    def test_the_owner_adds_fonts(self, settings, tmp_path):
        """Here one that the own ones stand in for: what it has is found, and drawn with it."""
        settings.DATA_DIR = tmp_path
        (tmp_path / "fonts").mkdir()
        shutil.copy(SANS, tmp_path / "fonts" / "more.ttf")
        (tmp_path / "fonts" / "README.txt").write_text("No font.")
        faces.more.cache_clear()
        try:
            assert [file.name for file in faces.more()] == ["more.ttf"]
            only = chr(next(iter(faces.coverage(SANS) - faces.coverage(SERIF))))
            assert faces.pieces(only, SERIF)[0].face == tmp_path / "fonts" / "more.ttf"
            assert faces.described() == [("more.ttf", SANS.stat().st_size)]
        finally:
            faces.more.cache_clear()
