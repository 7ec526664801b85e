from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.richtext import Picture, picture


class ImageQuerySet(models.QuerySet):
    def pictures(self, ids: Iterable[int]) -> dict[int, Picture]:
        """What pages need of these images, by id. Two queries, none for no ids."""
        found = self.filter(pk__in=ids).prefetch_related("renditions") if ids else ()
        return {image.pk: picture(image) for image in found}


class Image(models.Model):
    """A picture of the library. The file that is served is re-encoded and named by its own digest."""

    title = models.CharField(max_length=200)
    alt = models.CharField(
        "text alternative", max_length=500, blank=True, help_text="What the picture shows, for those who cannot see it."
    )
    decorative = models.BooleanField(default=False, help_text="The picture says nothing that the text does not.")
    credit = models.CharField(max_length=200, blank=True, help_text="Shown with the picture: who made it.")
    digest = models.CharField(max_length=64, editable=False)
    extension = models.CharField(max_length=5, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    original = models.CharField(max_length=100, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        return media_url(self.digest, self.extension)


class Rendition(models.Model):
    """The picture in one of the set widths, drawn by a job."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="renditions")
    spec = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    extension = models.CharField(max_length=5)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["width"]
        constraints = [models.UniqueConstraint(fields=["image", "spec"], name="one_rendition_each")]

    def __str__(self) -> str:
        return f"{self.image} {self.spec}"

    @property
    def url(self) -> str:
        return media_url(self.digest, self.extension)


def media_url(digest: str, extension: str) -> str:
    return f"{settings.MEDIA_URL}{digest}.{extension}"
