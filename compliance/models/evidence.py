"""Evidence: files that show that a control is met, named by the SHA-256 of their bytes."""

from django.db import models
from django.db.models import F, Q

from compliance.models.assessment import Assessment
from compliance.models.library import Control


class Evidence(models.Model):
    """A file for a control. The same name twice is two rows; a withdrawn or replaced file stays."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="evidence")
    control = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255, help_text="as the person's computer called it")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="bytes")
    effective_on = models.DateField(help_text="the day that it is about, apart from the day of the upload")
    expires_on = models.DateField(
        null=True, blank=True, help_text="the last day on which it shows anything; empty: it doesn't grow old"
    )
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by",
        help_text="the version before, for the same control of the same checklist",
    )  # fmt: skip
    reused_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="the evidence elsewhere whose bytes these are",
    )  # fmt: skip
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["added_at", "id"]
        indexes = [
            models.Index(F("sha256"), name="evidence_sha256"),
            models.Index(fields=["expires_on"], name="evidence_expiry"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(sha256=""), name="evidence_has_its_digest"),
            models.CheckConstraint(condition=~Q(name=""), name="evidence_has_a_name"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("effective_on")),
                name="evidence_expires_after_its_day",
            ),
            models.CheckConstraint(
                condition=Q(version=1, replaces__isnull=True) | Q(version__gt=1, replaces__isnull=False),
                name="evidence_version_replaces_one",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                name="evidence_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name
