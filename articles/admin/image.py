"""The picture library on the desk, and the list that the body editor picks from."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import Script
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_POST

from articles import images
from articles.admin import upload
from articles.admin.image_form import FOCAL, WORDS, ImageForm, prepare_file
from articles.models import Article, Image, ImageUse
from articles.models.article import CHANGE_ANY
from articles.richtext import lead, picture
from site_config.lib.moments import by_the_clock
from site_config.lib.refusing import RefusingAdmin
from site_config.pages.admin import ChangingAdmin

MOST_CHOICES = 60
USES = ImageUse.objects.filter(image=OuterRef("pk")).order_by()


class UseFilter(admin.SimpleListFilter):
    title = "use"
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("yes", "Used in an article"), ("no", "Not used"), ("undescribed", "Without text alternative")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        choices = {
            "yes": queryset.filter(Exists(USES)),
            "no": queryset.exclude(Exists(USES)),
            "undescribed": queryset.filter(alt="", decorative=False),
        }
        return choices.get(self.value() or "", queryset)


@admin.register(Image)
class ImageAdmin(RefusingAdmin, ChangingAdmin, admin.ModelAdmin):
    page_subject = None
    form = ImageForm
    list_display = ["thumbnail", "title", "described", "use", "added"]
    list_display_links = ["title"]
    list_filter = [UseFilter]
    list_per_page = 50
    search_fields = ["title", "alt", "credit"]
    ordering = ["-pk"]
    change_list_template = "admin/articles/images.html"
    change_form_template = "admin/articles/change_image.html"
    delete_confirmation_template = "admin/articles/delete_image.html"
    delete_selected_confirmation_template = "admin/articles/delete_images.html"

    class Media:
        js = [Script("articles/desk/library.js", type="module"), Script("articles/desk/focal.js", type="module")]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counts = USES.values("image").annotate(count=Count("pk")).values("count")
        return super().get_queryset(request).annotate(used=Coalesce(Subquery(counts), 0)).prefetch_related("renditions")

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> list:
        if obj is None:
            return [(None, {"fields": ["file", *WORDS]})]
        return [(None, {"fields": WORDS}), ("What matters in it", {"fields": [tuple(FOCAL)]})]

    @admin.display(description="picture")
    def thumbnail(self, image: Image) -> str:
        return format_html('<img src="{}" alt="" width="120" height="80" loading="lazy">', picture(image).small)

    @admin.display(description="text alternative")
    def described(self, image: Image) -> str:
        return "decorative" if image.decorative else image.alt or format_html('<strong class="missing">{}</strong>', "missing")

    @admin.display(description="used in", ordering="used")
    def use(self, image: Image) -> str:
        return f"{image.used} article{'' if image.used == 1 else 's'}" if image.used else "–"

    @admin.display(description="added", ordering="pk")
    def added(self, image: Image) -> str:
        return by_the_clock(image.uploaded_at, "j M Y")

    # --- who may ------------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """Authors change what they uploaded, as long as no reader sees it: the change would be public at once."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or request.user.has_perm(CHANGE_ANY) or is_ones_own(request, obj))

    # --- adding and changing -----------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Image, form: ImageForm, change: bool) -> None:
        if change:
            words = {name: form.cleaned_data[name] for name in (*WORDS, *FOCAL)}
            saved = images.describe(obj, by=request.user, **words)
        else:
            saved = upload.add(form, by=request.user)
        obj.__dict__.update(saved.__dict__)

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        """A picture is drawn before the transaction begins: nobody else waits for that."""
        if request.method == "POST" and object_id is None and self.has_add_permission(request):
            prepare_file(request.FILES.get("file"))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs) -> HttpResponse:
        if image := context["original"]:
            context |= {
                "shown": lead(picture(image)),
                "articles": upload.articles_using(image, request.user),
                "uses": image.uses.count(),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return super().changelist_view(request, {"most_bytes": settings.IMAGE_MAX_BYTES, **(extra_context or {})})

    # --- deleting ----------------------------------------------------------------------------------------------

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple[list, dict, set, list]:
        """What stock admin asks before it deletes, one or several: nothing that an article uses. Three queries."""
        found = Image.objects.filter(pk__in=[image.pk for image in objs])
        found = list(found.select_for_update() if request.method == "POST" else found)
        rows = ImageUse.objects.filter(image__in=found).select_related("article").defer("article__html", "article__body")
        own = set(Article.objects.of_desk(request.user).filter(image_uses__image__in=found).values_list("pk", flat=True))
        uses: dict[int, list] = {}
        for use in rows.order_by("-article"):
            uses.setdefault(use.image_id, []).append(use.article)
        protected = [told(image, uses[image.pk], own) for image in found if image.pk in uses]
        return [str(image) for image in found], {"pictures": len(found)}, set(), protected

    def render_delete_form(self, request: HttpRequest, context: dict) -> HttpResponse:
        answer = super().render_delete_form(request, context)
        if request.method == "POST":
            answer.status_code = 400
        return answer

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        images.remove(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for image in queryset:
            images.remove(image, by=request.user)

    # --- pages beside the form ---------------------------------------------------------------------------------

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("choose/", wrap(self.choose), name="articles_image_choose"),
            path("upload/", wrap(require_POST(partial(upload.upload_view, self))), name="articles_image_upload"),
            path("<int:pk>/replace/", wrap(partial(upload.replace_view, self)), name="articles_image_replace"),
            *super().get_urls(),
        ]

    def choose(self, request: HttpRequest) -> HttpResponse:
        """The pictures that match `q`, newest first, as the body editor's picker wants them."""
        if not self.has_view_permission(request):
            raise PermissionDenied("Choosing pictures needs the permission to see the library.")
        words = request.GET.get("q", "").strip()[:100]
        found = Image.objects.prefetch_related("renditions")
        if words:
            found = found.filter(Q(title__icontains=words) | Q(alt__icontains=words) | Q(credit__icontains=words))
        upload_url = reverse("admin:articles_image_upload") if self.has_add_permission(request) else None
        return JsonResponse(
            {
                "images": [self.row(image) for image in found[:MOST_CHOICES]],
                "upload_url": upload_url,
                "most_bytes": settings.IMAGE_MAX_BYTES,
            }
        )

    @staticmethod
    def row(image: Image) -> dict:
        """What scripts of the desk need of a picture."""
        return {
            "id": image.pk, "title": image.title, "alt": image.alt, "decorative": image.decorative,
            "credit": image.credit, "src": picture(image).small, "width": image.width, "height": image.height,
            "url": reverse("admin:articles_image_change", args=[image.pk]),
        }  # fmt: skip


def told(image: Image, articles: list, own: set[int]) -> str:
    """A picture that stays, and the articles for which it does: by name those that this person works on."""
    shown = [article for article in articles if article.pk in own][: upload.MOST_USES]
    if not shown:
        return format_html("“{}” is used in {} article{} of others", image, len(articles), "s" if len(articles) != 1 else "")
    links = ((reverse("admin:articles_article_change", args=[article.pk]), article) for article in shown)
    more = f" and {len(articles) - len(shown)} more" if len(articles) > len(shown) else ""
    return format_html("“{}” is used in {}{}", image, format_html_join(", ", '<a href="{}">{}</a>', links), more)


def is_ones_own(request: HttpRequest, image: Image) -> bool:
    is_public = image.uses.exclude(article__published=None).exists()
    return image.uploaded_by_id == request.user.pk and not is_public
