"""Files for the picture library: several at once by script, and another one in the place of one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from articles import images, richtext
from articles.admin.image_form import ImageForm, ReplaceForm, prepare_file
from articles.models import Article, Image

if TYPE_CHECKING:
    from articles.admin.image import ImageAdmin

MOST_USES = 50


def upload_view(model_admin: ImageAdmin, request: HttpRequest) -> HttpResponse:
    """A picture from a script: 201 with what the picker needs of it, or 400 with {"error": a sentence}."""
    if not model_admin.has_add_permission(request):
        return JsonResponse({"error": "Adding pictures needs the permission to do so."}, status=403)
    prepare_file(request.FILES.get("file"))
    form = ImageForm(request.POST, request.FILES)
    if not form.is_valid():
        sentences = [sentence for errors in form.errors.values() for sentence in errors]
        return JsonResponse({"error": " ".join(sentences)}, status=400)
    return JsonResponse(model_admin.row(add(form, by=request.user)), status=201)


def add(form: ImageForm, *, by) -> Image:
    """Puts what a valid form holds into the library."""
    words = {name: form.cleaned_data[name] for name in ("title", "alt", "decorative", "credit")}
    return images.add(form.cleaned_data["file"].prepared, by=by, **words)


def replace_view(model_admin: ImageAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the new file and the words that fit it, beside the old ones; then every use shows it."""
    image = get_object_or_404(Image.objects.prefetch_related("renditions"), pk=pk)
    if not model_admin.has_change_permission(request, image):
        raise PermissionDenied("Replacing a picture needs the permission to change it.")
    prepare_file(request.FILES.get("file"))
    form = ReplaceForm(request.POST or None, request.FILES or None, initial={"alt": image.alt, "decorative": image.decorative})
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("alt", "decorative")}
        images.replace(image, form.cleaned_data["file"].prepared, by=request.user, **words)
        messages.success(request, "Replaced. Everything that showed the old file shows the new one.")
        return HttpResponseRedirect(reverse("admin:articles_image_change", args=[pk]))
    used = articles_using(image, request.user, with_words=True)
    context = {
        **admin.site.each_context(request),
        "opts": Image._meta, "image": image, "shown": richtext.picture(image), "form": form, "used": image.uses.exists(),
        "described": [(article, words) for article in used if (words := words_in(article, image))],
        "title": f"Replace the file of “{image}”",
    }  # fmt: skip
    return render(request, "admin/articles/replace_image.html", context, status=400 if request.method == "POST" else 200)


def articles_using(image: Image, user, *, with_words: bool = False) -> list[Article]:
    """The articles that show it and that this person works on, the newest first, MOST_USES of them. One query."""
    found = Article.objects.filter(image_uses__image=image).of_desk(user).summaries().order_by("-pk")
    return list((found.select_related("newest") if with_words else found)[:MOST_USES])


def words_in(article: Article, image: Image) -> list[str]:
    """How the article's own text describes the picture: those words stay when its file is replaced."""
    return richtext.alternatives(article.newest.data["body"], image.pk) if article.newest else []
