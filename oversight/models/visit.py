"""Visits of auditors: one row and one event for each sitting, however often a page is opened in it."""

from django.db import models
from django.db.models import F, Q


class Visit(models.Model):
    """An auditor read one thing under an engagement, from `began_at` until `last_at`.

    `kind` and `key` name the thing: "request" and its reference, "record" and its number, "log" and nothing.
    """

    auditor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    engagement = models.ForeignKey("oversight.Engagement", on_delete=models.PROTECT, related_name="visits")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64, blank=True)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField(
        help_text="to the minute or so: a page that is reloaded doesn't write again"
    )
    position = models.PositiveBigIntegerField(
        default=0, help_text="how many leaves the log's tree had when the thing was last looked at"
    )

    class Meta:
        indexes = [models.Index(fields=["auditor", "kind", "key", "-last_at"], name="visit_last")]
        constraints = [
            models.CheckConstraint(condition=Q(last_at__gte=F("began_at")), name="visit_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.auditor_id}: {self.kind} {self.key}"
