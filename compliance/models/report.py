"""Reports for a period that were issued; what they say stands in their sealed record."""

from django.db import models
from django.db.models import F, Q


class PeriodReport(models.Model):
    """A report for some days, about the organisation or about one project; never changed."""

    since = models.DateField(help_text="the first day that it covers")
    until = models.DateField(help_text="the last day that it covers")
    project = models.ForeignKey(
        "registry.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: the whole organisation",
    )  # fmt: skip
    record = models.ForeignKey(
        "records.Record", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="what it says; empty only while it is being issued",
    )  # fmt: skip
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="report_of_days_in_their_order")
        ]

    def __str__(self) -> str:
        return f"{self.since}/{self.until}"
