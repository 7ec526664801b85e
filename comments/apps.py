from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from articles import parts, search_views
        from articles.search import rebuilding
        from comments import joining, models, passages, retention, search, tokens
        from site_config import pages
        from site_config.jobs import periodic
        from site_config.pages import watcher

        if "comments/_section.html" not in parts.after_article:
            parts.after_article.append("comments/_section.html")
        if passages.body not in parts.body_filters:
            parts.body_filters.append(passages.body)
        if joining.feed_address not in parts.replies:
            parts.replies.append(joining.feed_address)
            parts.not_for_robots += joining.NOT_FOR_ROBOTS
        if search.rebuild not in rebuilding.others:
            rebuilding.others.append(search.rebuild)
            search_views.tabs.append(search_views.Tab("comments", "Comments", "comments/_found.html", search.find))
        watcher.watch(models.Comment, private=models.Comment.PRIVATE_COLUMNS)
        pages.prove("c", lambda token: tokens.owned(token) is not None)
        periodic.every(3600, retention.forget_networks)
        periodic.every(60, "comments.spam.classifier.learn")
        periodic.every(3600, "comments.notices.retention.forget")
        periodic.every(20, "comments.notices.digests.wake_if_due")
        periodic.every(60, "comments.notices.rounds.tell_moderators")
