"""Conditions of an approval: what their owner reports, and what somebody else verifies."""

from django.db import models
from django.db.models import F, Q

STATES = ["open", "partly", "met", "waived"]
SETTLED = ["met", "waived"]


class Condition(models.Model):
    """A condition of a decision, joined from all boards; `partly`: reported, waits for its verifier.

    `escalate_at` and `suspend_at` follow from the date and the policy by which it was decided.
    """

    decision = models.ForeignKey("reviews.Decision", on_delete=models.PROTECT, related_name="conditions")
    review = models.ForeignKey("reviews.BoardReview", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="1 is shown as C1")
    text = models.TextField()
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="conditions_owned")
    due = models.DateField()
    due_at = models.DateTimeField(help_text="the end of that day where the board sits")
    verifier = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="conditions_verified"
    )
    blocks_release = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in STATES])
    met_at = models.DateTimeField(null=True, blank=True)
    escalate_at = models.DateTimeField(
        null=True, blank=True, help_text="from then on the board's chair and secretary are told"
    )
    suspend_at = models.DateTimeField(
        null=True, blank=True, help_text="when the policy suspends, if nobody reported it; empty: never"
    )
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_ballot = models.ForeignKey(
        "reviews.Ballot", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["decision", "number"]
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(state__in=SETTLED), name="condition_outstanding"),
            models.Index(fields=["suspend_at"], condition=Q(state="open"), name="condition_suspending"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="condition_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="condition_has_text"),
            models.CheckConstraint(condition=~Q(owner=F("verifier")), name="condition_verified_by_other"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="condition_state_known"),
            models.CheckConstraint(
                condition=Q(state="met", met_at__isnull=False) | (~Q(state="met") & Q(met_at__isnull=True)),
                name="condition_met_when",
            ),
            models.CheckConstraint(
                condition=Q(state="waived", waived_at__isnull=False, waived_ballot__isnull=False)
                | (~Q(state="waived") & Q(waived_at__isnull=True, waived_ballot__isnull=True)),
                name="condition_waived_by_ballot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: C{self.number}"

    @property
    def is_settled(self) -> bool:
        """Say whether it holds nothing any more: met, or waived by a ballot."""
        return self.state in SETTLED


class ConditionReport(models.Model):
    """What the owner reported, with evidence, and the verifier's verdict on it."""

    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="reports")
    text = models.TextField()
    reported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    verify_by = models.DateTimeField(null=True, blank=True, help_text="the verifier's word is due")
    accepted = models.BooleanField(null=True, help_text="empty: waits for the verifier")
    verdict = models.TextField(blank=True)
    judged_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["condition"], condition=Q(accepted__isnull=True), name="condition_report_one_waits"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="condition_report_has_text"),
            models.CheckConstraint(
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=F("reported_by")),
                name="condition_report_judged_by_other",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, judged_at__isnull=True, judged_by__isnull=True)
                | Q(accepted__isnull=False, judged_at__isnull=False, judged_by__isnull=False),
                name="condition_report_judged_wholly",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.condition_id}: report"


class ConditionFile(models.Model):
    """A file of evidence; two files of the same name are two files."""

    report = models.ForeignKey(ConditionReport, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(sha256=""), name="condition_file_has_digest")]

    def __str__(self) -> str:
        return self.name
