"""Motions: what a board is asked to vote on."""

from django.db import models
from django.db.models import F, Q

from reviews.rules.ballot import MotionKind

KINDS = [kind.value for kind in MotionKind]


class Motion(models.Model):
    """A motion with its mover and seconder; it is frozen when a ballot on it opens."""

    review = models.ForeignKey("reviews.BoardReview", on_delete=models.PROTECT, related_name="motions")
    kind = models.CharField(max_length=30, choices=[(k, k) for k in KINDS])
    text = models.TextField(help_text="Markdown: the motion with its reasons")
    revision = models.ForeignKey("reviews.Revision", on_delete=models.PROTECT, related_name="+")
    block = models.ForeignKey(
        "reviews.Block", null=True, blank=True, on_delete=models.PROTECT, related_name="overrides"
    )
    suspension = models.ForeignKey(
        "reviews.Suspension", null=True, blank=True, on_delete=models.PROTECT, related_name="motions"
    )
    report = models.ForeignKey(
        "reviews.ContinuingReport", null=True, blank=True, on_delete=models.PROTECT, related_name="motions",
        help_text="what the board has read when it lets the approval go on",
    )  # fmt: skip
    condition = models.ForeignKey(
        "reviews.Condition", null=True, blank=True, on_delete=models.PROTECT, related_name="waivers"
    )
    ends_older = models.BooleanField(
        default=False, help_text="with this approval the older ones of the same version end at once"
    )
    continues = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="continued_by",
        help_text="the motion, tabled for want of quorum, that this one puts again word for word",
    )  # fmt: skip
    moved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    seconded_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seconded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="motion_kind_known"),
            models.CheckConstraint(condition=~Q(text=""), name="motion_has_text"),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("moved_by")),
                name="motion_seconded_by_other",
            ),
            models.CheckConstraint(
                condition=Q(kind="override", block__isnull=False)
                | (~Q(kind="override") & Q(block__isnull=True)),
                name="motion_override_names_block",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["ratify", "lift"], suspension__isnull=False)
                | (~Q(kind__in=["ratify", "lift"]) & Q(suspension__isnull=True)),
                name="motion_names_suspension",
            ),
            models.CheckConstraint(
                condition=Q(kind="continue", report__isnull=False)
                | (~Q(kind="continue") & Q(report__isnull=True)),
                name="motion_names_report",
            ),
            models.CheckConstraint(
                condition=Q(kind="waive", condition__isnull=False)
                | (~Q(kind="waive") & Q(condition__isnull=True)),
                name="motion_names_condition",
            ),
            models.CheckConstraint(
                condition=Q(ends_older=False) | Q(kind__in=["approve", "approve_with_conditions"]),
                name="motion_ends_older_with_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.kind}"


class MotionCondition(models.Model):
    """A condition as part of a motion to approve with conditions."""

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    due = models.DateField()
    verifier = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    blocks_release = models.BooleanField(default=False)

    class Meta:
        ordering = ["motion", "number"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "number"], name="motion_condition_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="motion_condition_has_text"),
            models.CheckConstraint(
                condition=~Q(owner=F("verifier")), name="motion_condition_verified_by_other"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id}: {self.number}"
