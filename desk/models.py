"""What the desk remembers: how far the sample organisation has been made."""

from django.db import models


class SampleStep(models.Model):
    """A step of the sample's story that was done, in the transaction of what it did: killed, it goes on after it."""

    name = models.CharField(max_length=120, unique=True)
    made = models.JSONField(
        default=dict, help_text="ids by name, for the steps that follow; of the first: totals"
    )
    counts = models.BooleanField(default=False, help_text="begins a request; progress counts these")
    happened_at = models.DateTimeField(help_text="in the story")
    done_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
