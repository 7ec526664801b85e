"""What a half-typed or misspelt word may have meant, by the words of this site's own articles."""

from __future__ import annotations

from django.db.models import F

from articles.models import Word
from articles.search.index import backend
from articles.search.words import surface, tokens_of_word
from site_config.lib.text import fold

BATCH = 500
MOST_ENDINGS = 12
CANDIDATES = 40


def learn(text: str) -> None:
    """Counts the words of an article. Two queries for each BATCH words."""
    words = sorted(surface(text))
    for at in range(0, len(words), BATCH):
        batch = words[at : at + BATCH]
        known = set(Word.objects.filter(word__in=batch).values_list("word", flat=True))
        Word.objects.filter(word__in=known).update(seen=F("seen") + 1)
        new = [Word(word=word, token=" ".join(tokens_of_word(word))[:40]) for word in batch if word not in known]
        Word.objects.bulk_create(new, ignore_conflicts=True)
        backend().learn([word.word for word in new])


def forget_all() -> None:
    Word.objects.all().delete()
    backend().forget_words()


def is_known(token: str) -> bool:
    return Word.objects.filter(token=token).exists()


def endings(beginning: str) -> list[str]:
    """The tokens of the commonest words that begin so."""
    start = fold(beginning)
    if len(start) < 2:
        return []
    found = Word.objects.filter(backend().beginning(start)).order_by("-seen", "word")
    return list(dict.fromkeys(found.values_list("token", flat=True)[:MOST_ENDINGS]))


def nearest(word: str) -> str | None:
    """The commonest of the words that are one slip away, or two for a long word; None if there is none."""
    wrong = fold(word)
    most = 0 if len(wrong) < 3 else 1 if len(wrong) < 6 else 2
    near = [(slips(wrong, other, most), other) for other in backend().words_like(wrong, CANDIDATES)]
    best = min((count for count, _ in near), default=99)
    if best > most:
        return None
    nearest = [other for count, other in near if count == best]
    return Word.objects.filter(word__in=nearest).order_by("-seen", "word").values_list("word", flat=True).first()


def slips(one: str, other: str, most: int) -> int:
    """Letters left out, put in, exchanged or in wrong order between two words; `most` + 1 for more than that.

    The optimal string alignment distance, row by row.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, theirs in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != theirs))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == theirs:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]
