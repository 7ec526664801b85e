"""A backend of the django-tasks API that keeps jobs in the site's own database.

Enqueueing is one INSERT in the caller's transaction: the job exists if and only if the act does.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.utils import normalize_json

from site_config.jobs.models import Job


class DatabaseBackend(BaseTaskBackend):
    supports_defer = True
    supports_priority = True

    def enqueue(self, task: Task, args, kwargs, *, key: str | None = None) -> TaskResult:
        """Writes the job. With `key`, a job of that key that still waits is left as it is: it will see what we wrote."""
        self.validate_task(task)
        fields = {
            "task": task.module_path,
            "arguments": normalize_json({"args": list(args), "kwargs": kwargs}),
            "priority": task.priority,
            "run_at": task.run_after or timezone.now(),
        }
        if key is None:
            job = Job.objects.create(**fields)
        else:
            with transaction.atomic():  # and locked: it is taken only once the caller's change is there
                job, _ = Job.objects.select_for_update().get_or_create(key=key, defaults=fields)
        return TaskResult(
            task=task,
            id=str(job.pk),
            status=TaskResultStatus.READY,
            enqueued_at=job.created_at,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def enqueue_once(task: Task, *args, key: str, **kwargs) -> TaskResult:
    """`task.enqueue(*args)`, unless a job of the same `key` waits to be done. One that runs may have looked already."""
    return task.get_backend().enqueue(task, args, kwargs, key=f"{task.module_path}:{key}")
