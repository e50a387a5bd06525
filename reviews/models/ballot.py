"""Ballots: a frozen motion, copies of roster and policy, votes that are only ever added, and blocking positions."""

from django.db import models
from django.db.models import Q

from reviews.models.motion import KINDS
from reviews.models.procedure import PROCEDURES
from reviews.rules.ballot import BallotResult, ClosedBecause, Position
from reviews.rules.roster import SeatRole

POSITIONS = [position.value for position in Position]
STATES = ["open", "held", "closed"]
RESULTS = [result.value for result in BallotResult if result != BallotResult.HELD]
CLOSED_BECAUSE = [because.value for because in ClosedBecause]
BLOCK_STATES = ["standing", "cleared", "overridden"]


class Ballot(models.Model):
    """A ballot on a motion. What it shows is its own copy: later edits of board, policy or people change nothing.

    A ballot that is held has been counted (`opening`, `closing`, `because` are set) and waits for its blocks.
    """

    review = models.ForeignKey("reviews.BoardReview", on_delete=models.PROTECT, related_name="ballots")
    motion = models.OneToOneField("reviews.Motion", on_delete=models.PROTECT, related_name="ballot")
    meeting = models.ForeignKey(
        "reviews.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="ballots",
        help_text="in which it was opened; empty: by circulation, and from then on when it went on after the meeting",
    )  # fmt: skip
    number = models.PositiveIntegerField(help_text="counted in the request")
    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="ballots")
    kind = models.CharField(max_length=30, choices=[(k, k) for k in KINDS])
    text = models.TextField(help_text="the motion as it was when the ballot opened")
    conditions = models.JSONField(default=list, help_text="the motion's conditions as they were")
    ends_older = models.BooleanField(default=False, help_text="as the motion said")
    moved_by_name = models.CharField(max_length=200)
    seconded_by_name = models.CharField(max_length=200)
    revision = models.ForeignKey("reviews.Revision", on_delete=models.PROTECT, related_name="+")
    revision_sha256 = models.CharField(max_length=64)
    policy_version = models.PositiveIntegerField()
    policy = models.JSONField()
    policy_sha256 = models.CharField(max_length=64)
    procedure = models.CharField(
        max_length=20, blank=True, choices=[(p, p) for p in PROCEDURES],
        help_text="by whose rules the policy is read; empty: the board's own",
    )  # fmt: skip
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in STATES])
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    deadline = models.DateTimeField()
    opening = models.JSONField(help_text="arithmetic of quorum and composition when it opened")
    closing = models.JSONField(
        default=dict, blank=True, help_text="quorum, composition and threshold at the count; empty before"
    )
    counted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: it closed by itself",
    )  # fmt: skip
    because = models.CharField(max_length=20, blank=True, choices=[(b, b) for b in CLOSED_BECAUSE])
    result = models.CharField(max_length=10, blank=True, choices=[(r, r) for r in RESULTS])
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["deadline"], condition=~Q(state="closed"), name="ballot_running"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=Q(state="open"), name="ballot_one_open"),
            models.UniqueConstraint(fields=["review"], condition=Q(state="held"), name="ballot_one_held"),
            models.UniqueConstraint(fields=["request", "number"], name="ballot_number_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="ballot_state_known"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="ballot_kind_known"),
            models.CheckConstraint(
                condition=Q(
                    state="closed", closed_at__isnull=False, result__in=RESULTS, because__in=CLOSED_BECAUSE
                )
                | Q(state="held", closed_at__isnull=True, counted_at__isnull=False, result="")
                | Q(state="open", closed_at__isnull=True, counted_at__isnull=True, result="", because=""),
                name="ballot_closed_with_result",
            ),
            models.CheckConstraint(
                condition=Q(deadline__gt=models.F("opened_at")), name="ballot_deadline_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: ballot {self.number}"


class BallotSeat(models.Model):
    """One line of the roster as it was when the ballot opened; attendance and recusal go on until it closes."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="seats")
    place = models.PositiveSmallIntegerField()
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=10)
    attributes = models.JSONField(default=list)
    sits_for = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="whom a present alternate replaces",
    )  # fmt: skip
    sits_by = models.CharField(max_length=12, blank=True, help_text="why it is this alternate: a SitsBy")
    delegation = models.ForeignKey(
        "reviews.Delegation", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="by which an alternate sits, or a member is away",
    )  # fmt: skip
    present = models.BooleanField(default=True)
    attendance_note = models.TextField(blank=True)
    recused = models.BooleanField(default=False)
    recusal_kind = models.CharField(max_length=30, blank=True)
    recusal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["ballot", "place"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "person"], name="ballot_seat_once_a_person"),
            models.UniqueConstraint(fields=["ballot", "place"], name="ballot_seat_place_once"),
            models.CheckConstraint(
                condition=Q(recused=True) | Q(recusal_kind="", recusal_reason=""),
                name="ballot_seat_recused_wholly",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.name}"

    @property
    def is_eligible(self) -> bool:
        """Say whether a vote of this seat counts now."""
        has_seat = self.role != SeatRole.ALTERNATE or self.sits_for_id is not None
        return has_seat and self.present and not self.recused


class Vote(models.Model):
    """A position on a ballot; only ever added: the last one before closing counts."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="votes")
    seat = models.ForeignKey(BallotSeat, on_delete=models.PROTECT, related_name="votes")
    position = models.CharField(max_length=10, choices=[(p, p) for p in POSITIONS])
    reason = models.TextField()
    revision_sha256 = models.CharField(max_length=64)
    cast_at = models.DateTimeField()
    entered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["ballot", "seat", "-id"], name="vote_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(position__in=POSITIONS), name="vote_position_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="vote_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.seat_id} {self.position}"


class Block(models.Model):
    """A blocking position: while it stands nothing is approved. Its holder clears it, or an override ballot does."""

    review = models.ForeignKey("reviews.BoardReview", on_delete=models.PROTECT, related_name="blocks")
    ballot = models.ForeignKey(Ballot, null=True, blank=True, on_delete=models.PROTECT, related_name="blocks")
    holder = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="blocks")
    question_key = models.CharField(max_length=60, blank=True, help_text="the answer it is about; empty: all")
    text = models.TextField()
    revision = models.ForeignKey("reviews.Revision", on_delete=models.PROTECT, related_name="+")
    affirmed_on = models.ForeignKey(
        "reviews.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="the later revision on which its holder affirmed it",
    )  # fmt: skip
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="standing", choices=[(s, s) for s in BLOCK_STATES])
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_ballot = models.ForeignKey(
        Ballot, null=True, blank=True, on_delete=models.PROTECT, related_name="overridden_blocks"
    )
    ending_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "holder"], condition=Q(state="standing"), name="block_one_a_holder"
            ),
            models.CheckConstraint(condition=Q(state__in=BLOCK_STATES), name="block_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="block_has_text"),
            models.CheckConstraint(
                condition=Q(state="standing", ended_at__isnull=True)
                | (Q(state="cleared", ended_at__isnull=False) & ~Q(ending_reason=""))
                | Q(state="overridden", ended_at__isnull=False, ended_by_ballot__isnull=False),
                name="block_ended_by_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.holder_id} ({self.state})"
