from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "site_config.operations"
    label = "operations"
