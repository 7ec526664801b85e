"""What the classifier has learned."""

from __future__ import annotations

from django.db import models


class Clue(models.Model):
    """How many good and how many bad comments had a feature. The number stands for it; nobody can read it back."""

    number = models.BigIntegerField(primary_key=True)
    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.good} good, {self.bad} bad"


class Lessons(models.Model):
    """How many comments were learned from in all, and up to which decision. There is one row at most."""

    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    last_decision = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "lessons"

    def __str__(self) -> str:
        return f"{self.good} good, {self.bad} bad"
