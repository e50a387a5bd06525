"""A board's review of a request: interests, positions, and the clock of it all."""

from django.db import models
from django.db.models import F, Q

from reviews.rules.ballot import Position
from reviews.rules.review_lifecycle import Matter, ReviewState

STATES = [state.value for state in ReviewState]
MATTERS = [matter.value for matter in Matter]
POSITIONS = [position.value for position in Position]
INTERESTS = ["financial", "personal", "professional", "other"]
CLOCK_STATES = ["running", "paused", "idle"]


class BoardReview(models.Model):
    """One board's part in a request. A request that comes back is routed again, and `round` counts that: boards that
    have no part in the last round keep their row, closed, with an older one. After an approval it is taken up again for
    another `matter`; `passed` stays what the board passed about the release.
    """

    request = models.ForeignKey(
        "reviews.ReviewRequest", on_delete=models.PROTECT, related_name="board_reviews"
    )
    board = models.ForeignKey("reviews.Board", on_delete=models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField(default=1)
    leading = models.BooleanField(default=False)
    state = models.CharField(max_length=20, default=ReviewState.ASSIGNED, choices=[(s, s) for s in STATES])
    matter = models.CharField(max_length=12, default=Matter.RELEASE, choices=[(m, m) for m in MATTERS])
    state_since = models.DateTimeField()
    revision = models.ForeignKey("reviews.Revision", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(
        help_text="when the request was drafted: lists of a board are sorted by it"
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="at the procedure's limit, open questions not counted")
    return_on = models.DateTimeField(null=True, blank=True, help_text="deferred until then")
    passed = models.CharField(
        max_length=30, blank=True, help_text="kind of the motion that passed, when closed"
    )
    note = models.TextField(blank=True, help_text="why its open work stopped")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["request", "round", "-leading", "id"]
        indexes = [
            models.Index(fields=["board", "-opened_at", "-id"], name="board_review_board"),
            models.Index(fields=["board", "-requested_at", "-request"], name="board_review_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "board"], name="board_review_once_a_request"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(leading=True), name="board_review_one_leads"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="board_review_state_known"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & (Q(passed="") | ~Q(matter="release"))),
                name="board_review_passed_when_closed",
            ),
            models.CheckConstraint(condition=Q(matter__in=MATTERS), name="board_review_matter_known"),
            models.CheckConstraint(
                condition=~Q(state="deferred") | Q(return_on__isnull=False),
                name="board_review_deferred_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.board_id}, round {self.round}"


class Deferral(models.Model):
    """A member asked for more time: once for each member, with a date of return."""

    review = models.ForeignKey(BoardReview, on_delete=models.PROTECT, related_name="deferrals")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    until = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="deferral_once_a_member")]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.person_id}"


class Declaration(models.Model):
    """An interest that a member declared, and what the chair or the secretary found."""

    request = models.ForeignKey(
        "reviews.ReviewRequest", on_delete=models.PROTECT, related_name="declarations"
    )
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, choices=[(i, i) for i in INTERESTS])
    text = models.TextField()
    disclosed = models.ForeignKey(
        "reviews.DisclosedInterest", null=True, blank=True, on_delete=models.PROTECT, related_name="judged",
        help_text="the line of a disclosure that was judged for this request; empty: declared for it",
    )  # fmt: skip
    declared_at = models.DateTimeField()
    is_conflict = models.BooleanField(null=True, help_text="empty: not yet judged")
    judged_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    finding = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="declaration_has_text"),
            models.UniqueConstraint(
                fields=["request", "disclosed"], name="declaration_once_a_disclosed_interest"
            ),
            models.CheckConstraint(
                condition=Q(is_conflict__isnull=True, judged_at__isnull=True)
                | Q(is_conflict__isnull=False, judged_at__isnull=False, judged_by__isnull=False),
                name="declaration_judged_wholly",
            ),
            models.CheckConstraint(
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=F("person")),
                name="declaration_judged_by_other",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.person_id}"


class Recusal(models.Model):
    """A person takes no part in judging a request; others see only the kind of the reason."""

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="recusals")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="recusals")
    kind = models.CharField(
        max_length=30, help_text="a ConflictReason found by the screen, or one of INTERESTS"
    )
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: by the conflict screen",
    )  # fmt: skip
    detail = models.JSONField(
        default=dict, blank=True,
        help_text="what the screen found: id of the board whose rule it is, of the project or of a person, name of a "
        "team, author with file and place in the card",
    )  # fmt: skip

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="recusal_once_a_person")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.person_id}"


class Stance(models.Model):
    """A position taken while the board deliberates, before any ballot; a change of mind is a new row.

    It is for a revision: on a newer one it is stale until its holder affirms it, which is a new row too.
    """

    review = models.ForeignKey(BoardReview, on_delete=models.PROTECT, related_name="stances")
    revision = models.ForeignKey("reviews.Revision", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=10, choices=[(p, p) for p in POSITIONS])
    reason = models.TextField()
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["review", "person", "-id"], name="stance_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(position__in=POSITIONS), name="stance_position_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="stance_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.person_id} {self.position}"


class ClockSpan(models.Model):
    """A stretch of a request's review clock; an open question pauses it, and the pause stays on record."""

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="clock")
    state = models.CharField(max_length=10, choices=[(s, s) for s in CLOCK_STATES])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(until__isnull=True), name="clock_one_span_open"
            ),
            models.CheckConstraint(condition=Q(state__in=CLOCK_STATES), name="clock_state_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="clock_span_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.state}"
