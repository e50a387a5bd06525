"""What was determined about a request without a ballot, and each change of the procedure under which it is reviewed."""

from django.db import models
from django.db.models import F, Q

from reviews.rules.exemption import Capacity
from reviews.rules.triage import Procedure

CAPACITIES = [capacity.value for capacity in Capacity]
PROCEDURES = [procedure.value for procedure in Procedure]


class Determination(models.Model):
    """Somebody other than the requester found that a request is exempt: no ballot was held, and this is why."""

    decision = models.OneToOneField(
        "reviews.Decision", on_delete=models.PROTECT, related_name="determination"
    )
    review = models.ForeignKey(
        "reviews.BoardReview", on_delete=models.PROTECT, related_name="determinations",
        help_text="of the board for which the person determined",
    )  # fmt: skip
    revision = models.ForeignKey("reviews.Revision", on_delete=models.PROTECT, related_name="+")
    revision_sha256 = models.CharField(max_length=64)
    policy_version = models.PositiveIntegerField()
    policy = models.JSONField(help_text="the board's policy as it was")
    policy_sha256 = models.CharField(max_length=64)
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=10, choices=[(c, c) for c in CAPACITIES])
    grounds = models.JSONField(help_text="codes of what the person confirmed: ExemptionGround")
    reason = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="determination_has_reason"),
            models.CheckConstraint(condition=Q(capacity__in=CAPACITIES), name="determination_capacity_known"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: exempt"


class ProcedureChange(models.Model):
    """A request goes on under another procedure, because somebody who decides had a doubt."""

    request = models.ForeignKey(
        "reviews.ReviewRequest", on_delete=models.PROTECT, related_name="procedure_changes"
    )
    review = models.ForeignKey(
        "reviews.BoardReview", on_delete=models.PROTECT, related_name="procedure_changes",
        help_text="of the board for which the person spoke",
    )  # fmt: skip
    round = models.PositiveSmallIntegerField(help_text="of the board's review")
    before = models.CharField(max_length=20, choices=[(p, p) for p in PROCEDURES])
    after = models.CharField(max_length=20, choices=[(p, p) for p in PROCEDURES])
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=10, choices=[(c, c) for c in CAPACITIES])
    reason = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="procedure_change_has_reason"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="procedure_change_changes"),
            models.CheckConstraint(
                condition=Q(before__in=PROCEDURES, after__in=PROCEDURES),
                name="procedure_change_between_known",
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=CAPACITIES), name="procedure_change_capacity_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.before} to {self.after}"
