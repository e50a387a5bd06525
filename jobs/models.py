"""A row that says work is due; the row is the truth, Celery only carries its id."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """Where a job stands."""

    DUE = "due", _("due")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Job(models.Model):
    """Work that has to happen after a commit."""

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200, blank=True, help_text="a key is done once; empty: no such promise")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.DUE)
    run_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True, help_text="when its id last went to the broker")
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="percent")
    progress_text = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "run_at"], name="job_due")]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="job_key_once"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"
