"""The body of an article: cleaned once on the way in, rendered once for readers at publication.

`clean()` gives `body`, the HTML that editors edit; `render()` turns it into what is served. Images are
`data-image=ID` and links to own articles `data-article=ID` in a body; only rendering looks them up.
"""

from articles.richtext.cleaning import BodyTooLong, clean
from articles.richtext.plain import plain_text
from articles.richtext.references import alternatives, article_ids, image_ids
from articles.richtext.rendering import Card, Picture, Rendered, for_editor, lead, picture, render, safe

__all__ = [
    "BodyTooLong",
    "Card",
    "Picture",
    "Rendered",
    "alternatives",
    "article_ids",
    "clean",
    "for_editor",
    "image_ids",
    "lead",
    "picture",
    "plain_text",
    "render",
    "safe",
]
