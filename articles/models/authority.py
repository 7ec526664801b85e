from __future__ import annotations

from django.db import models


class Authority(models.Model):
    """Who gives out the ids of feeds and entries, as RFC 4151 has it: a host, a comma, a day. One row, written once: ids
    stay what they are when the site moves to another host. See `articles.authority`."""

    name = models.CharField(max_length=300)

    class Meta:
        verbose_name_plural = "authorities"

    def __str__(self) -> str:
        return self.name
