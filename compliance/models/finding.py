"""Findings of an assessment, and the actions that mend them."""

from collections.abc import Sequence

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from compliance.models.assessment import Assessment
from compliance.models.library import Control
from compliance.rules.findings import ActionState, Closing, Severity


class SeverityChoice(models.TextChoices):
    """The severities in words."""

    CRITICAL = Severity.CRITICAL, pgettext_lazy("severity", "Critical")
    HIGH = Severity.HIGH, pgettext_lazy("severity", "High")
    MEDIUM = Severity.MEDIUM, pgettext_lazy("severity", "Medium")
    LOW = Severity.LOW, pgettext_lazy("severity", "Low")


class Finding(models.Model):
    """What is wrong with a control. Raised until the assessment is accepted; closed at any time after."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="findings")
    control = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="+")
    severity = models.CharField(max_length=10, choices=SeverityChoice)
    text = models.TextField(help_text="what is wrong")
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closing = models.CharField(max_length=10, blank=True, choices=[(each, each) for each in Closing])
    closing_reason = models.TextField(blank=True)

    planned: Sequence["Action"] = ()  # its actions, where a selector has read them

    class Meta:
        ordering = ["raised_at", "id"]
        indexes = [models.Index(fields=["severity", "closed_at"], name="finding_open")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="finding_says_what"),
            models.CheckConstraint(
                condition=Q(severity__in=SeverityChoice.values), name="finding_severity_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closing="", closing_reason="")
                | Q(closed_at__isnull=False, closing="resolved", closing_reason="")
                | Q(closed_at__isnull=False, closing="withdrawn") & ~Q(closing_reason=""),
                name="finding_closed_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"F{self.pk}"

    @property
    def is_open(self) -> bool:
        """Say whether it is neither mended nor withdrawn."""
        return self.closed_at is None


class Action(models.Model):
    """What somebody does about a finding until a day; somebody else verifies that it is done."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="actions")
    text = models.TextField(help_text="what is to be done")
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="compliance_actions")
    due = models.DateField(help_text="the last day that is in time")
    state = models.CharField(
        max_length=10, choices=[(each, each) for each in ActionState], default=ActionState.OPEN
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(help_text="since when its owner has it")
    done_at = models.DateTimeField(null=True, blank=True)
    report = models.TextField(blank=True, help_text="what the owner says was done")
    returned_reason = models.TextField(blank=True, help_text="why the last report was given back")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="verified or dropped")
    settled_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    drop_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["due", "id"]
        indexes = [
            models.Index(fields=["state", "due"], name="action_due"),
            models.Index(fields=["owner", "state"], name="action_owner"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="action_says_what"),
            models.CheckConstraint(condition=Q(state__in=list(ActionState)), name="action_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "done"], settled_at__isnull=True, settled_by__isnull=True)
                | Q(state__in=["verified", "dropped"], settled_at__isnull=False, settled_by__isnull=False),
                name="action_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "verified"]) | Q(done_at__isnull=False) & ~Q(report=""),
                name="action_done_with_a_report",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | ~Q(settled_by=F("owner")), name="action_verified_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="dropped") & ~Q(drop_reason="") | ~Q(state="dropped") & Q(drop_reason=""),
                name="action_dropped_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}/{self.pk}"
