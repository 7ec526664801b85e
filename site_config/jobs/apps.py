from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "site_config.jobs"
    verbose_name = "Background jobs"
