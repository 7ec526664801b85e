from django.db import models


class Generation(models.Model):
    """How often the thing that `subject` names has changed: `site`, `lists`, `article:7`.

    A row is written last in the transaction of each change, so that the two are seen together or not at all.
    """

    subject = models.CharField(max_length=64, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"
