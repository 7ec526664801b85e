from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "site_config.accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from site_config.accounts.models import User
        from site_config.pages import watcher

        private = {field.column for field in User._meta.local_fields} - set(User.PUBLIC)
        watcher.watch(User, private=private)
