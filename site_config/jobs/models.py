from __future__ import annotations

from django.db import models
from django.db.models import F
from django.utils import timezone


class JobQuerySet(models.QuerySet):
    def ready(self, now) -> JobQuerySet:
        """Waiting jobs whose time has come, in the order in which they are taken. The index `jobs_ready` has that order."""
        return self.filter(state=Job.State.WAITING, run_at__lte=now).order_by("-priority", "run_at", "id")

    def abandoned(self, now) -> JobQuerySet:
        """Running jobs whose lease ran out: their runner died."""
        return self.filter(state=Job.State.RUNNING, lease_until__lt=now).order_by("lease_until", "id")

    def due(self, now) -> JobQuerySet:
        """Both, in no order."""
        return (self.ready(now) | self.abandoned(now)).order_by()


class Job(models.Model):
    """A call of a task, written in the transaction of the verb that wants it done."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DEAD = "dead"

    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    priority = models.SmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    run_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index("state", F("priority").desc(), "run_at", "id", name="jobs_ready")]

    def __str__(self) -> str:
        return self.task.rpartition(".")[2]
