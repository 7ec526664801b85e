from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class MastheadAdminConfig(AdminConfig):
    default_site = "site_config.admin.MastheadAdminSite"


class SiteConfig(AppConfig):
    name = "site_config"
    verbose_name = "Site"

    def ready(self) -> None:
        from site_config import checks  # noqa: F401 (registers itself)
