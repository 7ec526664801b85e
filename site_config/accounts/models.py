from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from articles.cards import keeping as cards
from articles.models import Redirect
from articles.slugs import free_slug
from site_config import pages
from site_config.lib.addresses import path_to


class User(AbstractUser):
    """Somebody who writes, edits or moderates. Readers have no accounts."""

    PUBLIC = ("display_name", "slug", "biography")

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(max_length=100, blank=True, help_text="Shown in bylines and beside comments.")
    slug = models.SlugField(
        max_length=100,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text="The address of the page of this person's articles.",
    )
    biography = models.TextField(max_length=1000, blank=True, help_text="A sentence or two, shown on that page.")

    REQUIRED_FIELDS = ["email"]

    class Meta:
        ordering = ["display_name", "username"]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    def get_absolute_url(self) -> str:
        return path_to("author", self.slug)

    def delete(self, *args, **kwargs):
        """Who is named on an article cannot be deleted (ProtectedError): close the account instead."""
        with pages.changing("site"):
            pages.hide("site")
            return super().delete(*args, **kwargs)

    def save(self, *args, **kwargs) -> None:
        """Bylines show the name: saving it changes every page, and an old slug leads to the new.

        `update_fields` without a public field changes no page.
        """
        fields = kwargs.get("update_fields")
        if fields is not None and not set(fields) & set(self.PUBLIC):
            super().save(*args, **kwargs)
            return
        was = type(self).objects.filter(pk=self.pk).only("slug", "display_name", "username").first() if self.pk else None
        before = was.slug if was else None
        self.slug = self.slug or free_slug(str(self), type(self).objects.exclude(pk=self.pk), default="writer")
        with pages.changing("site"):
            super().save(*args, **kwargs)
            if was and str(was) != str(self):
                cards.look_again_soon()
            if before and before != self.slug:
                Redirect.objects.moved(path_to("author", before), author=self)
