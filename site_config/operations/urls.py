from django.urls import path

from site_config.operations import health

urlpatterns = [
    path("live/", health.live, name="health_live"),
    path("ready/", health.ready, name="health_ready"),
    path("metrics/", health.figures, name="health_metrics"),
    # Monitors rarely follow a redirect.
    path("live", health.live),
    path("ready", health.ready),
    path("metrics", health.figures),
]
