from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from articles import parts
        from comments import models, retention
        from site_config.jobs import periodic
        from site_config.pages import watcher

        if "comments/_section.html" not in parts.after_article:
            parts.after_article.append("comments/_section.html")
        watcher.watch(models.Comment, private=models.Comment.PRIVATE_COLUMNS)
        periodic.every(3600, retention.forget_networks)
