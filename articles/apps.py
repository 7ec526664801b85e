from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles import models
        from site_config.pages import watcher

        watcher.watch(models.Article, private=models.Article.PRIVATE_COLUMNS)
        watcher.watch(models.Byline, models.Tag, models.TaggedArticle, models.Redirect)
        watcher.watch(models.Image, private=("title", "uploaded_by_id"))
        watcher.watch(models.Rendition)
