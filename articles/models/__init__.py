from articles.models.article import Article, Byline
from articles.models.authority import Authority
from articles.models.card import Card
from articles.models.correction import Correction
from articles.models.draft_link import DraftLink, Note
from articles.models.image import Image, ImageUse, Rendition
from articles.models.presence import Presence
from articles.models.redirect import Redirect
from articles.models.relation import Relation
from articles.models.revision import Revision
from articles.models.series import Series
from articles.models.tag import Tag, TagAlias, TaggedArticle
from articles.models.word import Word

__all__ = [
    "Article",
    "Authority",
    "Byline",
    "Card",
    "Correction",
    "DraftLink",
    "Image",
    "ImageUse",
    "Note",
    "Presence",
    "Redirect",
    "Relation",
    "Rendition",
    "Revision",
    "Series",
    "Tag",
    "TagAlias",
    "TaggedArticle",
    "Word",
]
