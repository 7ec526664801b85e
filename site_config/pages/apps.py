from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


def everything_changed(sender, using: str, **kwargs) -> None:
    """After migrations no page that was drawn before them holds."""
    from site_config.pages.changes import announce_everything

    announce_everything(connections[using])


class PagesConfig(AppConfig):
    name = "site_config.pages"

    def ready(self) -> None:
        from site_config.lib import lookups
        from site_config.pages import watcher

        lookups.install()
        connection_created.connect(watcher.install, dispatch_uid="pages-watcher")
        post_migrate.connect(everything_changed, sender=self)
