from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from articles import parts
        from comments import models, retention, tokens
        from site_config import pages
        from site_config.jobs import periodic
        from site_config.pages import watcher

        if "comments/_section.html" not in parts.after_article:
            parts.after_article.append("comments/_section.html")
        watcher.watch(models.Comment, private=models.Comment.PRIVATE_COLUMNS)
        pages.prove("c", lambda token: tokens.owned(token) is not None)
        periodic.every(3600, retention.forget_networks)
