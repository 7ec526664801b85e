from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "site_config.operations"
    label = "operations"

    def ready(self) -> None:
        from site_config.jobs import periodic
        from site_config.operations import checkpoints, housekeeping

        periodic.every(60, housekeeping.sweep_pages)
        periodic.every(10, housekeeping.heal_counters)
        periodic.every(checkpoints.SECONDS, checkpoints.keep_logs_small)
