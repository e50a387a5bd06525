"""Who stands in for whom while somebody is away: an alternate on a board, a deputy of legal staff for signing."""

from django.db import models
from django.db.models import F, Q

from reviews.rules.delegation import DelegationKind

DELEGATION_KINDS = [kind.value for kind in DelegationKind]


class Delegation(models.Model):
    """For a time somebody acts for a person who is away; it can end early, and it is never edited otherwise.

    A delegation of a seat is to an alternate of the board, one of signing as legal staff to other legal staff.
    """

    kind = models.CharField(max_length=10, choices=[(k, k) for k in DELEGATION_KINDS])
    giver = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="delegated")
    board = models.ForeignKey(
        "reviews.Board", null=True, blank=True, on_delete=models.PROTECT, related_name="delegations"
    )
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.TextField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="before its time")
    ended_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["since", "id"]
        indexes = [
            models.Index(fields=["until"], condition=Q(ended_at__isnull=True), name="delegation_running")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DELEGATION_KINDS), name="delegation_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="seat", board__isnull=False) | Q(kind="legal", board__isnull=True),
                name="delegation_board_fits_kind",
            ),
            models.CheckConstraint(condition=~Q(giver=F("deputy")), name="delegation_to_another"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(reason=""), name="delegation_has_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="delegation_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.giver_id} ({self.kind})"
