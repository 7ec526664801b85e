from hypothesis import given
from hypothesis import strategies as st

from articles.search.excerpts import AROUND, excerpt, marked
from articles.search.query import parse
from articles.search.words import tokens


def shown(pieces) -> str:
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in pieces)


def of(text: str, typed: str) -> str:
    return shown(excerpt(text, parse(typed).wanted))


def test_inflected_and_accented_words_are_marked_as_they_stand():
    assert of("The Régulations were regulating.", "regulation") == "The [Régulations] were [regulating]."


def test_the_stretch_with_most_of_the_words_is_shown():
    filler = "Other words go on and on. " * 30
    text = f"Control comes first. {filler}Here corporate control is explained. {filler}"
    found = of(text, "corporate control")
    assert "Here [corporate] [control] is explained." in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert len(found) < AROUND + 20


def test_words_are_not_cut():
    text = "alpha " * 100 + "needle " + "omega " * 100
    inner = of(text, "needle").strip("… ").replace("[", "").replace("]", "")
    assert set(inner.split()) <= {"alpha", "needle", "omega"}


def test_without_a_match_it_is_the_beginning():
    assert of("First words. " * 50, "absent").startswith("First words. First")


def test_scripts_without_spaces():
    assert of("我们讨论机器学习的模型", "学习") == "我们讨论机器[学习]的模型"


@given(st.text(max_size=400), st.text(max_size=40))
def test_no_letter_is_lost(text, typed):
    pieces = marked(text, frozenset(tokens(typed)))
    assert "".join(piece.text for piece in pieces) == text
