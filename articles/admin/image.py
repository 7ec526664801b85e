"""The picture library on the desk, and the list that the body editor picks from."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html

from articles import images
from articles.admin.forms import ImageForm, prepared_or_trouble
from articles.models import Article, Image
from site_config.lib.refusing import RefusingAdmin
from site_config.pages.admin import ChangingAdmin

MOST_CHOICES = 60


@admin.register(Image)
class ImageAdmin(RefusingAdmin, ChangingAdmin, admin.ModelAdmin):
    form = ImageForm
    list_display = ["thumbnail", "title", "described", "credit", "uploaded_at"]
    list_display_links = ["title"]
    search_fields = ["title", "alt", "credit"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("renditions")

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        words = ["title", "alt", "decorative", "credit"]
        return ["preview", *words] if obj else ["file", *words]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        return ["preview"] if obj else []

    @admin.display(description="picture")
    def thumbnail(self, image: Image) -> str:
        return format_html(
            '<img src="{}" alt="" width="80" height="{}" loading="lazy">', small(image), 80 * image.height // image.width
        )

    @admin.display(description="picture")
    def preview(self, image: Image) -> str:
        return format_html('<img src="{}" alt="" class="image-preview">', small(image))

    @admin.display(description="text alternative")
    def described(self, image: Image) -> str:
        return "decorative" if image.decorative else image.alt or "missing"

    def save_model(self, request: HttpRequest, obj: Image, form: ImageForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        file = form.cleaned_data["file"]
        words = {name: form.cleaned_data[name] for name in ("alt", "decorative", "credit")}
        title = form.cleaned_data["title"] or file.name.rpartition(".")[0] or file.name
        added = images.add(file.prepared, by=request.user, title=title, **words)
        obj.__dict__.update(added.__dict__)

    def changeform_view(self, request: HttpRequest, object_id=None, *args, **kwargs) -> HttpResponse:
        """A picture is drawn before the transaction begins: nobody else waits for that."""
        file = request.FILES.get("file") if request.method == "POST" and object_id is None else None
        if file is not None and self.has_add_permission(request):
            file.prepared = prepared_or_trouble(file)
        return super().changeform_view(request, object_id, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """Nothing that an article uses, live or in a revision that can come back, is deleted. Bulk deletion is off."""
        return super().has_delete_permission(request, obj) and obj is not None and not in_use(obj)

    def get_urls(self) -> list:
        return [
            path("choose/", self.admin_site.admin_view(self.choose), name="articles_image_choose"),
            *super().get_urls(),
        ]

    def choose(self, request: HttpRequest) -> HttpResponse:
        """The pictures that match `q`, newest first, as the body editor's picker wants them."""
        if not self.has_view_permission(request):
            raise PermissionDenied("Choosing pictures needs the permission to see the library.")
        words = request.GET.get("q", "").strip()[:100]
        found = self.get_queryset(request)
        if words:
            found = found.filter(Q(title__icontains=words) | Q(alt__icontains=words) | Q(credit__icontains=words))
        rows = [
            {
                "id": image.pk, "title": image.title, "alt": image.alt, "decorative": image.decorative,
                "credit": image.credit, "src": small(image), "width": image.width, "height": image.height,
            }
            for image in found[:MOST_CHOICES]
        ]  # fmt: skip
        return JsonResponse({"images": rows, "upload_url": reverse("admin:articles_image_add")})


def small(image: Image) -> str:
    """The address of the smallest rendition, or of the picture itself until there is one."""
    found = image.renditions.all()
    return found[0].url if found else image.url


def in_use(image: Image) -> bool:
    """Whether an article shows it, or its newest revision does."""
    if images.uses(image.pk).exists():
        return True
    newest = Article.objects.exclude(newest=None).select_related("newest").only("newest__packed")
    return any(
        article.newest.data["image"] == image.pk or f'data-image="{image.pk}"' in article.newest.data["body"]
        for article in newest.iterator()
    )
