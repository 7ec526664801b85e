from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles import models
        from site_config.jobs import periodic
        from site_config.pages import watcher

        watcher.watch(models.Article, private=models.Article.PRIVATE_COLUMNS)
        watcher.watch(models.Byline, models.Tag, models.TaggedArticle, models.Redirect)
        watcher.watch(models.Image, private=("title", "uploaded_by_id", "original", "drawn"))
        watcher.watch(models.Rendition, models.Correction, models.Series, models.Relation)
        watcher.watch(models.Card, private=("key",))
        periodic.every(0.5, "articles.due.make_due")
        periodic.every(3600, "articles.images.draw_outdated")
        periodic.every(3600, "articles.authority.settle")
        periodic.every(3600, "articles.cards.keeping.draw_outdated")
        periodic.every(600, "articles.thinning.thin_autosaves")
