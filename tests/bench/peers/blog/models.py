"""A blog page with comments, as somebody would write it for a first Wagtail site."""

from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page


class BlogPage(Page):
    intro = models.CharField(max_length=250, blank=True)
    body = StreamField([("paragraph", blocks.RichTextBlock()), ("html", blocks.RawHTMLBlock())])

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["comments"] = self.comments.all()
        return context


class Comment(models.Model):
    page = models.ForeignKey(BlogPage, models.CASCADE, related_name="comments")
    path = models.CharField(max_length=200)
    depth = models.PositiveIntegerField(default=0)
    author = models.CharField(max_length=100)
    body_html = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["path"]
        indexes = [models.Index(fields=["page", "path"])]

    def __str__(self):
        return self.author
