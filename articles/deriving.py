"""What follows from an article's body and lead image and is kept beside them; and finding it anew when something moved."""

from __future__ import annotations

from collections.abc import Iterable

from django_tasks import task

from articles import richtext
from articles.cards import keeping as cards
from articles.models import Article, Image
from articles.revisions import lock
from site_config import pages


def derive(article: Article) -> None:
    """Sets what follows from body and image: html, contents, plain text, words, lead. Three queries."""
    ids = richtext.image_ids(article.body) | ({article.image_id} if article.image_id else set())
    found = Image.objects.pictures(ids)
    linked = Article.objects.live().filter(pk__in=richtext.article_ids(article.body))
    rendered = richtext.render(
        article.body, pictures=found, links={other.pk: other.get_absolute_url() for other in linked.only("slug")}
    )
    article.html, article.contents, article.plain_text, article.words = rendered
    article.lead = lead_of(article, found.get(article.image_id)) if article.image_id else None


def lead_of(article: Article, found: richtext.Picture | None) -> dict | None:
    """What templates need of the lead image, as JSON."""
    if not found or not article.image:
        return None
    return {
        **richtext.lead(found),
        "alt": "" if article.image.decorative else article.image.alt,
        "credit": article.image.credit,
    }


def redraw(articles: Iterable[Article]) -> int:
    """Derives these articles anew, after a rendition or a linked address moved; how many there were."""
    count = 0
    for article in articles:
        with pages.changing(f"article:{article.pk}", "lists"):
            article = lock(article)
            derive(article)
            article.save(update_fields=["html", "contents", "plain_text", "words", "lead"])
            cards.draw_soon(article)
        count += 1
    return count


@task
def redraw_links_to(article_id: int) -> None:
    """Has the articles that link to this one show its new address."""
    redraw(Article.objects.filter(body__contains=f'data-article="{article_id}"'))
