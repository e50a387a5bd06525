"""Exceptions: a control that is not met, excused by legal staff until a day."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from compliance.models.schedule import Scope
from compliance.rules.findings import ExceptionState, counts


class ControlException(models.Model):
    """A control of a library (any version of it) that something may leave unmet, for a reason and for a time.

    About the organisation (then it excuses everybody), a board, a project with its versions, or one version.
    """

    library_code = models.SlugField(max_length=60)
    control_number = models.CharField(max_length=20)
    scope = models.CharField(max_length=20, choices=Scope)
    board = models.PositiveBigIntegerField(null=True, blank=True, help_text="id; boards live above this app")
    project = models.ForeignKey(
        "registry.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.ForeignKey(
        "registry.ModelVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(help_text="why it can't be met now")
    instead = models.TextField(blank=True, help_text="what is done instead")
    until = models.DateField(help_text="the last day on which it counts")
    state = models.CharField(
        max_length=10, choices=[(each, each) for each in ExceptionState], default=ExceptionState.ASKED
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="revoked or taken back")
    ended_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["library_code", "control_number", "state"], name="exception_of_control"),
            models.Index(fields=["state", "until"], name="exception_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    scope="organisation", board__isnull=True, project__isnull=True, version__isnull=True
                )
                | Q(scope="board", board__isnull=False, project__isnull=True, version__isnull=True)
                | Q(scope="project", board__isnull=True, project__isnull=False, version__isnull=True)
                | Q(scope="version", board__isnull=True, project__isnull=False, version__isnull=False),
                name="exception_about",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exception_with_a_reason"),
            models.CheckConstraint(condition=Q(state__in=list(ExceptionState)), name="exception_state_known"),
            models.CheckConstraint(
                condition=~Q(state="approved") & ~Q(state="refused")
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="exception_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", ended_at__isnull=False, ended_by__isnull=False)
                | ~Q(state="revoked") & Q(ended_at__isnull=True, ended_by__isnull=True),
                name="exception_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_code} {self.control_number}"

    def counts_on(self, day: date) -> bool:
        """Say whether it excuses anything on this day; its last day still counts."""
        return counts(self.state, self.until, day)
