from __future__ import annotations

from django.db import models


class Word(models.Model):
    """A word as articles spell it, folded, and what the index calls it: for words that are half typed or misspelt.

    `seen` grows with each article that is published with it; `rebuild_search` counts anew.
    """

    word = models.CharField(max_length=40, unique=True)
    token = models.CharField(max_length=40, db_index=True)
    seen = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.word
