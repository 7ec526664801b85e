"""What machines are told about an article and the site: JSON-LD by schema.org's vocabulary, facts for Open Graph."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils.safestring import SafeString

from articles import parts
from articles.cards import keeping as cards
from articles.models import Article, Correction
from articles.reading import Subject
from articles.richtext import safe
from articles.series import Part
from site_config.lib.addresses import absolute, path_to
from site_config.templatetags.site import asset_url

# Inside a script element only these end it or confuse its parser; JSON can hold them escaped.
ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
WRITER = json.JSONEncoder(ensure_ascii=False)
CONTEXT = "https://schema.org"
CARD = (1200, 630)
"""Pixels of a card."""


class Image(NamedTuple):
    """The picture that stands for an article elsewhere."""

    address: str
    width: int
    height: int
    alt: str


def share_image(article: Article) -> Image:
    """The picture beside a shared link: the article's card, that of the site as long as its own is not drawn."""
    alt = f"{article.title} · {settings.SITE_NAME}" if article.card_name else settings.SITE_NAME
    return Image(absolute(f"{settings.MEDIA_URL}{article.card_name or cards.name_of_default()}"), *CARD, alt)


def lead_image(article: Article) -> Image | None:
    lead = article.lead
    return Image(absolute(lead["full"]), lead["width"], lead["height"], lead["alt"]) if lead else None


def locale_of(language: str) -> str:
    """As Open Graph has it, en_GB; the territory is the site's where the article names none. '' where none is known."""
    known = next(
        (tag for tag in (language, settings.LANGUAGE_CODE) if "-" in tag and tag.split("-")[0] == language.split("-")[0]), ""
    )
    base, _, territory = known.partition("-")
    return f"{base}_{territory.upper()}" if len(territory) == 2 else ""


def publisher() -> dict:
    logo = {"@type": "ImageObject", "url": absolute(asset_url("site/icon.svg"))}
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute("/"), "logo": logo}


def website() -> SafeString:
    """The site, and how to search it."""
    target = {"@type": "EntryPoint", "urlTemplate": f"{absolute(path_to('search'))}?q={{search_term_string}}"}
    search = {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"}
    data = {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "description": settings.SITE_TAGLINE,
        "url": absolute("/"),
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": publisher(),
        "potentialAction": search,
    }
    return safe(script(data))


@lru_cache(maxsize=256)
def breadcrumbs(title: str, canonical: str, tags: tuple[Subject, ...]) -> SafeString:
    """The way from the front page to an article, by its first tag."""
    steps = [(settings.SITE_NAME, absolute("/")), *((tag.name, absolute(tag.address)) for tag in tags[:1] if tag.address)]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate([*steps, (title, canonical)], 1)
    ]
    return safe(script({"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}))


def script(data: dict) -> str:
    """JSON as it may stand in a script element."""
    return guarded(WRITER.encode(data))


def guarded(written: str) -> str:
    for character, escaped in ESCAPES.items():  # several times faster than translate(), which looks at each letter
        written = written.replace(character, escaped)
    return written


def json_ld(
    article: Article, *, authors: list, tags: list, corrections: Sequence[Correction] = (), part: Part | None = None
) -> SafeString:
    """The article as a schema.org Article, ready to stand in a script element of a page that `parts.fill_in()` finishes. No
    query."""
    canonical, image, site = article.canonical, lead_image(article) or share_image(article), publisher()
    data = {
        "@context": CONTEXT,
        "@type": "Article" if article.kind == Article.Kind.ARTICLE else "WebPage",
        "headline": article.title,
        "alternativeHeadline": article.subtitle,
        "description": article.summary or article.subtitle,
        "inLanguage": article.language,
        "url": canonical,
        "mainEntityOfPage": canonical,
        "datePublished": article.published_at.isoformat() if article.published_at else "",
        "dateModified": article.updated_at.isoformat() if article.updated_at else "",
        "wordCount": article.words if article.kind == Article.Kind.ARTICLE else 0,
        "keywords": [tag.name for tag in tags],
        "author": [{"@type": "Person", "name": str(user), "url": absolute(user.get_absolute_url())} for user in authors]
        or site,
        "publisher": site,
        "image": image and image_object(image),
        "isPartOf": part and {"@type": "CreativeWorkSeries", "name": part.title, "url": absolute(part.address)},
        "position": part.number if part else 0,
        "correction": [
            {"@type": "CorrectionComment", "text": correction.text, "datePublished": correction.made_at.isoformat()}
            for correction in corrections
        ],
    }
    written = script({key: value for key, value in data.items() if value})
    return safe(f"{written[:-1]}{parts.FACTS}}}")


def image_object(image: Image) -> dict:
    found = {"@type": "ImageObject", "url": image.address}
    return {**found, "caption": image.alt} if image.alt else found
