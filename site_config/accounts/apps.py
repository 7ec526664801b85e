from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "site_config.accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_migrate

        from site_config.accounts import log, roles
        from site_config.accounts.models import User
        from site_config.pages import watcher

        post_migrate.connect(roles.make_groups, sender=self)
        user_logged_in.connect(log.signed_in)

        private = {field.column for field in User._meta.local_fields} - set(User.PUBLIC)
        watcher.watch(User, private=private)
