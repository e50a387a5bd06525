"""Continuing reviews of an approval: what the requester reports when they are due, and that the board let it go on."""

from django.db import models
from django.db.models import Q

STATES = ["asked", "reported", "closed"]
ENDINGS = ["continued", "ended"]


class ContinuingReview(models.Model):
    """One continuing review: it opens by itself ahead of its date and ends with the board's vote or with the approval.

    `asked`: the requester's report is waited for; `reported`: the board is to vote; 45 CFR 46.109(e) asks for one at
    least yearly (second-hand), the months are a setting of the board's policy.
    """

    decision = models.ForeignKey(
        "reviews.Decision", on_delete=models.PROTECT, related_name="continuing_reviews"
    )
    number = models.PositiveSmallIntegerField(help_text="counted in the decision")
    due = models.DateField()
    due_at = models.DateTimeField(help_text="the end of that day where the leading board sits")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="asked", choices=[(s, s) for s in STATES])
    ballot = models.ForeignKey(
        "reviews.Ballot", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ending = models.CharField(max_length=10, blank=True, choices=[(e, e) for e in ENDINGS])
    next_due = models.DateField(null=True, blank=True, help_text="empty: the approval ends before")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["decision", "number"]
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(state="closed"), name="continuing_review_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="continuing_review_number_once"),
            models.UniqueConstraint(
                fields=["decision"], condition=~Q(state="closed"), name="continuing_review_one_open"
            ),
            models.UniqueConstraint(fields=["decision", "due"], name="continuing_review_once_a_date"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="continuing_review_state_known"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, ending="continued", ballot__isnull=False)
                | Q(state="closed", closed_at__isnull=False, ending="ended", ballot__isnull=True)
                | (~Q(state="closed") & Q(closed_at__isnull=True, ending="", ballot__isnull=True)),
                name="continuing_review_closed_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: continuing review {self.number}"


class ContinuingReport(models.Model):
    """What the requester's side reported; never edited: one that the board returned is followed by another."""

    review = models.ForeignKey(ContinuingReview, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    changes = models.TextField(help_text="what changed about the model and its use since the last look")
    incidents = models.TextField(help_text="what went wrong, or that nothing did")
    monitoring = models.TextField(help_text="what monitoring showed")
    conditions = models.TextField(blank=True, help_text="how the conditions stand")
    reported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    returned_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_because = models.TextField(blank=True)

    class Meta:
        ordering = ["review", "number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="continuing_report_number_once"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(returned_at__isnull=True), name="continuing_report_one_stands"
            ),
            models.CheckConstraint(
                condition=~Q(changes="") & ~Q(incidents="") & ~Q(monitoring=""),
                name="continuing_report_says_all",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned_by__isnull=True, returned_because="")
                | (Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(returned_because="")),
                name="continuing_report_returned_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: report {self.number}"
