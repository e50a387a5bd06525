"""What was found when the rows of the database were compared with what the log tells of them."""

from django.db import models


class Reconciliation(models.Model):
    """One comparison; without `finished_at` it waits, runs, or was given up.

    `first` lists the first findings: kind, table, type, id, fields where they are known, and the event that told of
    the row last.
    """

    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=36, blank=True, help_text="pseudonym; empty: the system")
    events = models.BigIntegerField(default=0, help_text="events that were read")
    last_event = models.BigIntegerField(default=0, help_text="id of the last of them")
    rows = models.BigIntegerField(default=0, help_text="rows that were compared")
    erased = models.BigIntegerField(default=0, help_text="rows whose state was erased as personal")
    findings = models.BigIntegerField(default=0)
    first = models.JSONField(default=list, help_text="the first findings, at most 1,000")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.rows} rows, {self.findings} findings"

    @property
    def is_well(self) -> bool:
        """Say whether every row is as the log tells."""
        return self.finished_at is not None and not self.findings
