from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "site_config.operations"
    label = "operations"

    def ready(self) -> None:
        from site_config.jobs import periodic
        from site_config.operations import checkpoints

        periodic.every(checkpoints.SECONDS, checkpoints.keep_logs_small)
