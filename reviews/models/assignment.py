"""Who reads a request first for a board: the lead reader and a second one, with the reasons for the choice."""

from django.db import models
from django.db.models import F, Q

from reviews.rules.assigning import ReaderRole

ROLES = [role.value for role in ReaderRole]
ENDINGS = ["reassigned", "declined", "recused", "closed"]


class Assignment(models.Model):
    """A member reads first for the board's review; it ends, it isn't deleted.

    `reasons` keeps what was known when it was made: the place in the proposal, the facts of everybody ranked and
    excluded. The word on a choice that wasn't the first stands in `choice_reason`.
    """

    review = models.ForeignKey("reviews.BoardReview", on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=10, choices=[(r, r) for r in ROLES])
    round = models.PositiveSmallIntegerField(default=1, help_text="of the board's review")
    place = models.PositiveSmallIntegerField(help_text="in the proposal, 1 is the first")
    reasons = models.JSONField(default=dict)
    choice_reason = models.TextField(blank=True)
    assigned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: by the system",
    )  # fmt: skip
    ending = models.CharField(max_length=12, blank=True, choices=[(e, e) for e in ENDINGS])
    ending_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["person", "-assigned_at"], name="assignment_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "role"], condition=Q(ended_at__isnull=True), name="assignment_once_a_role"
            ),
            models.UniqueConstraint(
                fields=["review", "person"],
                condition=Q(ended_at__isnull=True),
                name="assignment_once_a_person",
            ),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="assignment_role_known"),
            models.CheckConstraint(
                condition=Q(place=1) | ~Q(choice_reason=""), name="assignment_other_choice_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | Q(ended_at__gte=F("assigned_at"), ending__in=ENDINGS),
                name="assignment_ended_somehow",
            ),
            models.CheckConstraint(
                condition=~Q(ending="declined") | ~Q(ending_reason=""), name="assignment_declined_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.person_id} ({self.role})"
