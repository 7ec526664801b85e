from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from taggit.managers import TaggableManager

from articles.models.tag import TaggedArticle
from articles.richtext import safe
from articles.richtext.paragraphs import linked
from site_config.lib.addresses import absolute, path_to

WORDS_A_MINUTE = 230
CHANGE_ANY = "articles.change_any_article"
LONG = ("body", "html", "plain_text", "contents")
LONG_OF_ARTICLE = tuple(f"article__{name}" for name in LONG)
"""The columns that hold texts, here and in what is joined with an article: lists do without."""


class ArticleQuerySet(models.QuerySet):
    def live(self, now: datetime | None = None) -> ArticleQuerySet:
        """What readers may see: published by now, and not withdrawn. Nothing else decides this."""
        return self.filter(published_at__lte=now or timezone.now(), withdrawn_at=None)

    def listed(self, now: datetime | None = None) -> ArticleQuerySet:
        """Live articles that lists, feeds and the sitemap name, newest first."""
        return self.live(now).filter(kind=Article.Kind.ARTICLE, visibility="public").order_by("-published_at", "-pk")

    def withdrawn(self) -> ArticleQuerySet:
        """What readers once could see: its address answers 410."""
        return self.exclude(withdrawn_at=None).exclude(first_published_at=None)

    def scheduled(self, now: datetime | None = None) -> ArticleQuerySet:
        return self.filter(published_at__gt=now or timezone.now(), withdrawn_at=None)

    def drafts(self) -> ArticleQuerySet:
        return self.filter(published_at=None, withdrawn_at=None)

    def of_desk(self, user) -> ArticleQuerySet:
        """What this person works on: everything, or for an author what they began or are named on."""
        if user.has_perm(CHANGE_ANY):
            return self
        return self.filter(
            models.Q(created_by=user.pk) | models.Q(pk__in=Byline.objects.filter(user=user.pk).values("article"))
        )

    def with_unpublished_changes(self) -> ArticleQuerySet:
        """Public or scheduled articles whose newest revision is not what was published."""
        return self.exclude(published=None).exclude(newest=models.F("published"))

    def summaries(self) -> ArticleQuerySet:
        """Without the long columns: for lists."""
        return self.defer(*LONG)


class Article(models.Model):
    """What readers see. What editors work on is its newest revision; publishing copies it here.

    `body` is safe HTML as the editor writes it, `html` what is served; see articles.richtext. The `due` columns are a
    change of a public article that waits for its minute; `due_trouble` says why one could not be made. `feed_id` is the id
    that it had in the feeds of where it came from, so that readers of those do not see it twice; else it follows from the key.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article"
        PAGE = "page", "plain page"

    class Visibility(models.TextChoices):
        PUBLIC = "public", "in lists, feeds and the sitemap"
        UNLISTED = "unlisted", "only by its address"

    class CommentPolicy(models.TextChoices):
        OPEN = "open", "open"
        CLOSED = "closed", "closed: those there are shown"
        OFF = "off", "off: none are shown"

    PRIVATE_COLUMNS = ("newest_id", "working_title", "comments_held", "source_digest", "due_trouble")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ARTICLE)
    title = models.CharField(max_length=200, blank=True)
    subtitle = models.CharField(max_length=300, blank=True)
    summary = models.TextField(max_length=500, blank=True)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    language = models.CharField(max_length=15, default="en")
    canonical_url = models.URLField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    contents = models.JSONField(default=list, blank=True)
    plain_text = models.TextField(blank=True)
    words = models.PositiveIntegerField(default=0)
    image = models.ForeignKey("articles.Image", models.PROTECT, null=True, blank=True, related_name="+")
    lead = models.JSONField(null=True, blank=True)

    published_at = models.DateTimeField(null=True, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    first_published_at = models.DateTimeField(null=True, blank=True)
    revised_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    comment_policy = models.CharField(max_length=10, choices=CommentPolicy, default=CommentPolicy.OPEN)
    comment_count = models.PositiveIntegerField(default=0)
    comments_held = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    working_title = models.CharField(max_length=200, blank=True)
    newest = models.ForeignKey("articles.Revision", models.SET_NULL, null=True, blank=True, related_name="+")
    published = models.ForeignKey("articles.Revision", models.SET_NULL, null=True, blank=True, related_name="+")
    due = models.ForeignKey("articles.Revision", models.SET_NULL, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    due_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    due_updated = models.BooleanField(default=False)
    due_trouble = models.CharField(max_length=500, blank=True)
    featured_at = models.DateTimeField(null=True, blank=True)
    series = models.ForeignKey("articles.Series", models.SET_NULL, null=True, blank=True, related_name="articles")
    series_place = models.PositiveSmallIntegerField(default=0)
    correction_count = models.PositiveSmallIntegerField(default=0)
    source_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    feed_id = models.CharField(max_length=300, null=True, blank=True, unique=True)
    source_digest = models.CharField(max_length=64, blank=True)

    tags = TaggableManager(through=TaggedArticle, blank=True)
    card_name = ""
    """The file of its card: `reading.article_at()` tells it. '' before it is drawn, and where nobody asked."""

    objects = ArticleQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "visibility", "-published_at", "-id"], name="articles_listed"),
            models.Index(fields=["published_at"], name="articles_by_publication"),
            models.Index(fields=["working_title"], name="articles_by_working_title"),
            models.Index(fields=["due_at"], name="articles_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["featured_at"], name="articles_featured", condition=models.Q(featured_at__isnull=False)),
        ]
        permissions = [
            ("publish_article", "Can publish, schedule, unlist and withdraw articles"),
            ("change_any_article", "Can change articles of others"),
        ]

    def __str__(self) -> str:
        return self.working_title or self.title or "Untitled"

    def get_absolute_url(self) -> str:
        return path_to("article", self.slug)

    @property
    def canonical(self) -> str:
        """The absolute address that search engines and share links name."""
        return self.canonical_url or absolute(self.get_absolute_url())

    @property
    def safe_html(self) -> str:
        return safe(self.html)

    @property
    def linked_html(self) -> str:
        """The body as its own page has it: each paragraph with a link to itself."""
        return linked(self.html)

    @property
    def state(self) -> str:
        """One of draft, scheduled, live, unlisted, withdrawn."""
        if self.withdrawn_at:
            return "withdrawn"
        if not self.published_at:
            return "draft"
        if self.published_at > timezone.now():
            return "scheduled"
        return "unlisted" if self.visibility == self.Visibility.UNLISTED else "live"

    def is_of(self, user) -> bool:
        """Whether this person began the article or is named on it. A query at most."""
        return self.created_by_id == user.pk or self.bylines.filter(user=user.pk).exists()

    @property
    def is_live(self) -> bool:
        return self.state in {"live", "unlisted"}

    @property
    def is_listed(self) -> bool:
        """Whether lists, feeds and the sitemap name it."""
        return self.state == "live" and self.kind == self.Kind.ARTICLE

    @property
    def has_unpublished_changes(self) -> bool:
        return bool(self.published_id) and self.newest_id != self.published_id

    @property
    def minutes(self) -> int:
        """Reading time in whole minutes, at least one."""
        return max(1, round(self.words / WORDS_A_MINUTE))

    @property
    def updated_at(self) -> datetime | None:
        """What feeds call updated: the editor's word, else the publication."""
        return self.revised_at or self.published_at

    @property
    def shows_update(self) -> bool:
        """Whether readers are told of an update: only if an editor said so, and on a later day."""
        return bool(
            self.revised_at
            and self.published_at
            and timezone.localdate(self.revised_at) > timezone.localdate(self.published_at)
        )


class Byline(models.Model):
    """A user named on an article, in order."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="bylines")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bylines")
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="one_byline_each")]

    def __str__(self) -> str:
        return str(self.user)
