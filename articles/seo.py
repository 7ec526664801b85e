"""What machines are told about an article: JSON-LD by schema.org's vocabulary."""

from __future__ import annotations

import json

from django.conf import settings
from django.utils.safestring import SafeString

from articles.models import Article
from articles.richtext import safe
from site_config.lib.addresses import absolute

# Inside a script element only these end it or confuse its parser; JSON can hold them escaped.
ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
WRITER = json.JSONEncoder(ensure_ascii=False)


def json_ld(article: Article, *, authors: list, tags: list) -> SafeString:
    """The article as a schema.org Article, ready to stand in a script element. No query."""
    canonical = article.canonical
    publisher = {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute("/")}
    data = {
        "@context": "https://schema.org",
        "@type": "Article" if article.kind == Article.Kind.ARTICLE else "WebPage",
        "headline": article.title,
        "alternativeHeadline": article.subtitle,
        "description": article.summary or article.subtitle,
        "inLanguage": article.language,
        "url": canonical,
        "mainEntityOfPage": canonical,
        "datePublished": article.published_at.isoformat() if article.published_at else "",
        "dateModified": article.updated_at.isoformat() if article.updated_at else "",
        "wordCount": article.words,
        "keywords": [tag.name for tag in tags],
        "author": [{"@type": "Person", "name": str(user), "url": absolute(user.get_absolute_url())} for user in authors]
        or publisher,
        "publisher": publisher,
        "image": absolute(article.lead["full"]) if article.lead else "",
    }
    filled = {key: value for key, value in data.items() if value}
    written = WRITER.encode(filled)
    for character, escaped in ESCAPES.items():  # several times faster than translate(), which looks at each letter
        written = written.replace(character, escaped)
    return safe(written)
