from articles.models.article import Article, Byline
from articles.models.image import Image, Rendition
from articles.models.redirect import Redirect
from articles.models.revision import Revision
from articles.models.tag import Tag, TaggedArticle

__all__ = ["Article", "Byline", "Image", "Redirect", "Rendition", "Revision", "Tag", "TaggedArticle"]
