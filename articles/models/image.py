from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from articles.richtext import Picture, picture


class ImageQuerySet(models.QuerySet):
    def pictures(self, ids: Iterable[int]) -> dict[int, Picture]:
        """What pages need of these images, by id. Two queries, none for no ids."""
        found = self.filter(pk__in=ids).prefetch_related("renditions") if ids else ()
        return {image.pk: picture(image) for image in found}


class Image(models.Model):
    """A picture of the library. The file that is served is re-encoded and named by its own digest.

    `drawn` is the version of the drawing that its renditions are of; 0: they are to be drawn.
    """

    title = models.CharField(max_length=200)
    alt = models.CharField(
        "text alternative", max_length=500, blank=True, help_text="What the picture shows, for those who cannot see it."
    )
    decorative = models.BooleanField(default=False, help_text="The picture says nothing that the text does not.")
    credit = models.CharField(max_length=200, blank=True, help_text="Shown with the picture: who made it.")
    focal_x = models.PositiveSmallIntegerField(
        "what matters: from the left",
        default=50,
        validators=[MaxValueValidator(100, "Write a number from 0 to 100: per cent of the width.")],
        help_text="In per cent of the width. Where the site cuts the picture to fit, this point stays.",
    )
    focal_y = models.PositiveSmallIntegerField(
        "from the top",
        default=50,
        validators=[MaxValueValidator(100, "Write a number from 0 to 100: per cent of the height.")],
        help_text="In per cent of the height.",
    )
    digest = models.CharField(max_length=64, editable=False)
    extension = models.CharField(max_length=5, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    original = models.CharField(max_length=100, editable=False)
    drawn = models.PositiveSmallIntegerField(default=0, editable=False)
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


class ImageUse(models.Model):
    """That an article shows an image: in what readers see (or will, once it is due), or in its newest version."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="image_uses")
    image = models.ForeignKey(Image, models.PROTECT, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "image"], name="one_use_each")]

    def __str__(self) -> str:
        return f"{self.image} in {self.article}"


def media_url(digest: str, extension: str) -> str:
    return f"{settings.MEDIA_URL}{digest}.{extension}"
