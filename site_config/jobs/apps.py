from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "site_config.jobs"
    verbose_name = "Background jobs"

    def ready(self) -> None:
        from site_config.jobs import periodic, runner

        periodic.every(runner.RENEWED_EVERY, runner.renew_lease)
