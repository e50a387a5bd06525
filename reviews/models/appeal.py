"""Appeals: what the requester holds against a decision or a suspension, and what a panel made of it."""

from django.db import models
from django.db.models import Q

from reviews.rules.appeals import AppealOutcome, AppealState

STATES = [state.value for state in AppealState]
OUTCOMES = [outcome.value for outcome in AppealOutcome]
OF_SUSPENSIONS = [AppealOutcome.LIFTED.value, AppealOutcome.UPHELD.value]
BEFORE_PANEL = [AppealState.FILED.value, AppealState.ENDED.value]


class Appeal(models.Model):
    """One appeal of a request, against a rejection or against a suspension; each is appealed once."""

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="appeals")
    number = models.PositiveSmallIntegerField(help_text="counted in the request")
    decision = models.ForeignKey(
        "reviews.Decision", on_delete=models.PROTECT, related_name="appeals",
        help_text="that is appealed, or whose suspension is",
    )  # fmt: skip
    suspension = models.ForeignKey(
        "reviews.Suspension", null=True, blank=True, on_delete=models.PROTECT, related_name="appeals"
    )
    grounds = models.TextField()
    filed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="until when the panel decides")
    state = models.CharField(max_length=10, default=AppealState.FILED, choices=[(s, s) for s in STATES])
    state_since = models.DateTimeField()
    panel = models.OneToOneField(
        "reviews.Board", null=True, blank=True, on_delete=models.PROTECT, related_name="appeal"
    )
    formed_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    formed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=30, blank=True, choices=[(o, o) for o in OUTCOMES])
    decided_at = models.DateTimeField(null=True, blank=True)
    led_to = models.OneToOneField(
        "reviews.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="appeal_heard",
        help_text="the panel's decision about a rejected request",
    )  # fmt: skip
    ending_reason = models.TextField(blank=True, help_text="why nothing was left to decide")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["filed", "heard"]), name="appeal_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="appeal_number_once"),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(suspension__isnull=True), name="appeal_once_a_decision"
            ),
            models.UniqueConstraint(fields=["suspension"], name="appeal_once_a_suspension"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(state__in=["filed", "heard"]), name="appeal_one_open"
            ),
            models.CheckConstraint(condition=~Q(grounds=""), name="appeal_has_grounds"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="appeal_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=BEFORE_PANEL)
                | Q(panel__isnull=False, formed_at__isnull=False, formed_by__isnull=False),
                name="appeal_heard_by_panel",
            ),
            models.CheckConstraint(
                condition=Q(state="decided", decided_at__isnull=False, outcome__in=OUTCOMES)
                | (~Q(state="decided") & Q(decided_at__isnull=True, outcome="", led_to__isnull=True)),
                name="appeal_decided_wholly",
            ),
            models.CheckConstraint(
                condition=Q(outcome="")
                | Q(suspension__isnull=False, outcome__in=OF_SUSPENSIONS, led_to__isnull=True)
                | (Q(suspension__isnull=True, led_to__isnull=False) & ~Q(outcome__in=OF_SUSPENSIONS)),
                name="appeal_outcome_fits_what_is_appealed",
            ),
            models.CheckConstraint(
                condition=(Q(state="ended") & ~Q(ending_reason=""))
                | (~Q(state="ended") & Q(ending_reason="")),
                name="appeal_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: appeal {self.number} ({self.state})"
