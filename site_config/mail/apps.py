from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "site_config.mail"
    verbose_name = "Mail"

    def ready(self) -> None:
        from site_config.jobs import periodic

        periodic.every(15, "site_config.mail.delivery.wake_if_due")
        periodic.every(3600, "site_config.mail.retention.forget")
