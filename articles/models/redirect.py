from __future__ import annotations

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models

TARGETS = ("article", "tag", "author", "series")


def one_target() -> models.Q:
    return reduce(or_, (models.Q(**{f"{name}__isnull": name != wanted for name in TARGETS}) for wanted in TARGETS))


class RedirectQuerySet(models.QuerySet):
    def moved(self, before: str, **target) -> None:
        """Lets the path of before lead to `target` (such as tag=tag), whose own address leads nowhere else any more.

        Without a path of before, or where it is the address of today, nothing leads there. Two queries, four if it moved.
        """
        ((_, thing),) = target.items()
        now = thing.get_absolute_url()
        self.filter(path=now).delete()
        if before and before != now:
            self.filter(path=before).delete()
            self.create(path=before, **target)


class Redirect(models.Model):
    """An old path that leads to an article, a tag, an author or a series: never to a path, so chains cannot form."""

    path = models.CharField(max_length=300, unique=True, help_text="With slashes at both ends, such as /old-name/.")
    article = models.ForeignKey("articles.Article", models.CASCADE, null=True, blank=True, related_name="redirects")
    tag = models.ForeignKey("articles.Tag", models.CASCADE, null=True, blank=True, related_name="redirects")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    series = models.ForeignKey("articles.Series", models.CASCADE, null=True, blank=True, related_name="redirects")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RedirectQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=one_target(), name="redirect_to_one_thing")]

    def __str__(self) -> str:
        return self.path

    @property
    def target(self):
        return self.article or self.tag or self.author or self.series
