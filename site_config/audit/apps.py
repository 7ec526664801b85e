from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "site_config.audit"
    verbose_name = "Audit log"
