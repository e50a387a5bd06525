"""Reports of incidents: the clocks of their classes, what was told over time, and what went to authorities.

What happened, to what and when is `compliance.Incident`, of which there is one list; a report is what follows from it.
"""

from django.db import models
from django.db.models import F, Q

from reviews.rules.incidents import IncidentKind, IncidentState

STATES = [state.value for state in IncidentState]
KINDS = [kind.value for kind in IncidentKind]
FILINGS = ["initial", "complete", "further"]


class IncidentReport(models.Model):
    """What is done about one incident. `kind`, `aware_at` and `due_at` repeat its last classification.

    Until somebody classifies it the shortest clock runs, so that no deadline is missed by waiting for a class.
    """

    incident = models.OneToOneField("compliance.Incident", on_delete=models.PROTECT, related_name="report")
    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="incident_reports")
    request = models.ForeignKey(
        "reviews.ReviewRequest", null=True, blank=True, on_delete=models.PROTECT, related_name="incidents",
        help_text="whose approval it concerns; empty: none of the version was approved",
    )  # fmt: skip
    reporter = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=IncidentState.RAISED, choices=[(s, s) for s in STATES])
    state_since = models.DateTimeField()
    kind = models.CharField(max_length=30, blank=True, choices=[(k, k) for k in KINDS])
    aware_at = models.DateTimeField(help_text="from which the clock runs")
    due_at = models.DateTimeField(null=True, blank=True, help_text="empty: not to be reported")
    filed_at = models.DateTimeField(null=True, blank=True, help_text="the first report to an authority")
    suspension = models.ForeignKey(
        "reviews.Suspension", null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closing = models.TextField(blank=True, help_text="what came of it, when it was closed")

    class Meta:
        ordering = ["-raised_at", "-id"]
        indexes = [
            models.Index(fields=["project", "-raised_at", "-id"], name="incident_report_project"),
            models.Index(fields=["due_at"], condition=~Q(state="closed"), name="incident_report_running"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="incident_report_state_known"),
            models.CheckConstraint(condition=Q(kind__in=["", *KINDS]), name="incident_report_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="not_serious", due_at__isnull=True)
                | (~Q(kind="not_serious") & Q(due_at__isnull=False)),
                name="incident_report_due_by_kind",
            ),
            models.CheckConstraint(
                condition=(Q(state="closed", closed_at__isnull=False) & ~Q(closing=""))
                | (~Q(state="closed") & Q(closed_at__isnull=True, closing="")),
                name="incident_report_closed_wholly",
            ),
            models.CheckConstraint(
                condition=Q(aware_at__lte=F("raised_at")), name="incident_report_aware_before"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Return the number by which people name it."""
        return f"INC-{self.incident_id:04d}"


class IncidentEntry(models.Model):
    """What somebody told about it, first when it was raised; only ever added."""

    report = models.ForeignKey(IncidentReport, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True, help_text="what happened, as far as it is known")
    harm = models.TextField(blank=True, help_text="whom or what it harmed, and how")
    measures = models.TextField(blank=True, help_text="what was done about it")
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="incident_entry_number_once"),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(harm="") | ~Q(measures=""), name="incident_entry_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: entry {self.number}"


class IncidentFile(models.Model):
    """A file of evidence; two files of the same name are two files."""

    entry = models.ForeignKey(IncidentEntry, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(sha256=""), name="incident_file_has_digest")]

    def __str__(self) -> str:
        return self.name


class IncidentClass(models.Model):
    """One classification with its reason and the clock that followed from it; only ever added."""

    report = models.ForeignKey(IncidentReport, on_delete=models.PROTECT, related_name="classes")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30, choices=[(k, k) for k in KINDS])
    reason = models.TextField()
    aware_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="incident_class_number_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="incident_class_kind_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="incident_class_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.kind}"


class IncidentFiling(models.Model):
    """What went to an authority, when, and by whom; the first one may be incomplete and is completed by another."""

    report = models.ForeignKey(IncidentReport, on_delete=models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(f, f) for f in FILINGS])
    authority = models.CharField(max_length=200)
    reference = models.CharField(max_length=100, blank=True, help_text="as the authority numbers it")
    text = models.TextField(help_text="what was reported")
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="the clock that ran then")
    entered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="incident_filing_number_once"),
            models.CheckConstraint(condition=Q(kind__in=FILINGS), name="incident_filing_kind_known"),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(authority=""), name="incident_filing_says_what"
            ),
            models.CheckConstraint(
                condition=Q(filed_at__lte=F("entered_at")), name="incident_filing_entered_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.kind}"
