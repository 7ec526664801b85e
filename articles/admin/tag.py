"""Tags on the desk. They are made by publishing an article with them, never here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from articles.models import Tag
from site_config.lib.text import fold
from site_config.pages.admin import ChangingAdmin

MOST_SUGGESTIONS = 10


@admin.register(Tag)
class TagAdmin(ChangingAdmin, admin.ModelAdmin):
    fields = ["name", "description"]
    readonly_fields = ["name"]
    list_display = ["name", "uses", "description"]
    search_fields = ["folded"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).annotate(used=Count("items"))

    @admin.display(description="articles", ordering="used")
    def uses(self, tag: Tag) -> int:
        return tag.used

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list:
        return [
            path("suggest/", self.admin_site.admin_view(self.suggest), name="articles_tag_suggest"),
            *super().get_urls(),
        ]

    def suggest(self, request: HttpRequest) -> HttpResponse:
        """Tags whose folded name begins with `q`, then those that contain it, the most used first."""
        words = fold(request.GET.get("q", ""))[:60]
        found = Tag.objects.filter(folded__contains=words).annotate(used=Count("items")).order_by("-used", "folded")[:50]
        ranked = sorted(found, key=lambda tag: not tag.folded.startswith(words))[:MOST_SUGGESTIONS]
        return JsonResponse({"tags": [{"name": tag.name, "count": tag.used} for tag in ranked]})
