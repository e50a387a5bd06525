"""All rows of the request page, read in few queries and put beside each other; nothing here decides anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from reviews.models import (
    Appeal,
    Ballot,
    BallotSeat,
    BoardReview,
    Condition,
    ContinuingReview,
    Decision,
    IncidentReport,
    MotionCondition,
    ReviewRequest,
    Revision,
    Seat,
    Vote,
)
from reviews.permissions.noting import notes_for
from reviews.permissions.sight import why_not_read_decisions
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import Matter
from reviews.selectors.approval_life import ApprovalLife, life_of
from reviews.selectors.counted import Counted, counted
from reviews.selectors.linked import Linked, linked_to
from reviews.selectors.looks import with_looks
from reviews.selectors.talk import Said, SaidKind, of_kind, said_about

BEFORE_REVIEW = (RequestState.DRAFT, RequestState.SUBMITTED, RequestState.TRIAGE)


@dataclass(frozen=True, slots=True)
class Rows:
    """What was read. `reviews` are those of the last round, `seats` those of boards without a ballot to show."""

    request: ReviewRequest
    reviews: tuple[BoardReview, ...]
    revisions: tuple[Revision, ...]
    said: tuple[Said, ...] = ()
    ballots: tuple[Counted, ...] = ()
    seats: tuple[Seat, ...] = ()
    motion_conditions: dict[int, list[MotionCondition]] = field(default_factory=dict)
    decision: Decision | None = None
    conditions: tuple[Condition, ...] = ()
    linked: Linked = field(default_factory=Linked)
    life: ApprovalLife = field(default_factory=ApprovalLife)

    @property
    def revision(self) -> Revision | None:
        """Return the last revision, or None before the first submission."""
        return self.revisions[0] if self.revisions else None

    def blockers(self, review: BoardReview) -> list[int]:
        """Return who holds a standing block in the board's review."""
        blocks = of_kind(self.said, SaidKind.BLOCK)
        return [
            block.person_id for block in blocks if block.review_id == review.pk and block.code == "standing"
        ]

    def ballots_of(self, review: BoardReview) -> list[Counted]:
        """Return the ballots of the board's review, oldest first."""
        return [found for found in self.ballots if found.ballot.review_id == review.pk]

    def ballot_of(self, review: BoardReview) -> Counted | None:
        """Return the ballot that the board's strip shows: one that runs, or the one by which it closed."""
        own = self.ballots_of(review)
        running = [found for found in own if found.ballot.state != "closed"]
        passed = [found for found in own if review.passed and found.ballot.kind == review.passed]
        shown = running or [found for found in passed if found.ballot.result == "passed"]
        return shown[-1] if shown else None


def rows_for(request: ReviewRequest, since: int | None, reader: User, now: datetime) -> Rows:
    """Read what the page of the request shows; `since` is the revision to compare with, the one before if None."""
    reviews = reviews_of_last_round(request)
    revisions = _revisions(request, since, reader)
    if request.state in BEFORE_REVIEW and not reviews:
        return Rows(request, (), revisions)
    said = tuple(said_about(request, notes_for(reader, request, now)))
    ballots = _ballots(request, reviews, said)
    waiting = [
        review
        for review in reviews
        if not _has_running(review, ballots) and review.state != "closed" and review.matter == Matter.RELEASE
    ]
    decision = _decision(request)
    conditions = _conditions(decision)
    return Rows(
        request=request,
        reviews=reviews,
        revisions=revisions,
        said=said,
        ballots=ballots,
        seats=_seats(waiting),
        motion_conditions=_motion_conditions(said),
        decision=decision,
        conditions=conditions,
        linked=linked_to(
            request, decision, reviews, reads_appeals=why_not_read_decisions(reader, request, now) is None
        ),
        life=life_of(request, decision),
    )


def reviews_of_last_round(request: ReviewRequest) -> tuple[BoardReview, ...]:
    """Return the reviews of the last round, the leading board first; from what was read with the request."""
    reviews = list(request.board_reviews.all())
    last = max((review.round for review in reviews), default=0)
    for review in reviews:
        review.request = request
    return tuple(
        sorted((r for r in reviews if r.round == last), key=lambda review: (not review.leading, review.pk))
    )


def _revisions(request: ReviewRequest, since: int | None, reader: User) -> tuple[Revision, ...]:
    """Return the last revision and the one to compare it with, newest first, with when the reader looked at them."""
    found = with_looks(Revision.objects.filter(request=request), reader).order_by("-number")
    newest = list(found[:2])
    if since is None or not newest or since >= newest[0].number or since == newest[-1].number:
        return tuple(newest)
    return (newest[0], *found.filter(number=since)[:1])


def _has_running(review: BoardReview, ballots: Sequence[Counted]) -> bool:
    return any(found.ballot.review_id == review.pk and found.ballot.state != "closed" for found in ballots)


def _ballots(
    request: ReviewRequest, reviews: Sequence[BoardReview], said: Sequence[Said]
) -> tuple[Counted, ...]:
    """Return the ballots of the request with their rosters and last votes, counted; one query."""
    by_review = {review.pk: review for review in reviews}
    seats: dict[int, list[BallotSeat]] = {}
    rows = seats_with_votes().filter(ballot__request=request).select_related("ballot__revision")
    for seat in rows.defer("ballot__revision__content"):
        seats.setdefault(seat.ballot_id, []).append(seat)
    found = []
    for roster in seats.values():
        ballot = roster[0].ballot
        if ballot.review_id not in by_review:
            continue
        ballot.request, ballot.review = request, by_review[ballot.review_id]
        keep_related(ballot, "seats", roster)
        found.append(counted_from(ballot, roster, _standing(ballot, said)))
    return tuple(sorted(found, key=lambda one: one.ballot.number))


def keep_related(row: Model, name: str, found: Sequence[Model]) -> None:
    """Let the row know its related rows, as prefetch_related would, so that asking for them reads nothing."""
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = list(found)


def _standing(ballot: Ballot, said: Sequence[Said]) -> int:
    blocks = of_kind(said, SaidKind.BLOCK)
    return sum(1 for block in blocks if block.review_id == ballot.review_id and block.code == "standing")


def seats_with_votes() -> "QuerySet[BallotSeat]":
    """Return lines of rosters, each with the last vote of the seat as `vote_position`, `vote_reason`, …"""
    last = Vote.objects.filter(seat=OuterRef("pk")).order_by("-id")
    columns = {
        "vote_position": "position",
        "vote_reason": "reason",
        "vote_at": "cast_at",
        "vote_id": "id",
        "vote_by": "entered_by__display_name",
        "vote_by_id": "entered_by_id",
    }
    return BallotSeat.objects.annotate(
        **{name: Subquery(last.values(column)[:1]) for name, column in columns.items()}
    ).order_by("ballot_id", "place")


def counted_from(ballot: Ballot, seats: Sequence[BallotSeat], blocks: int) -> Counted:
    """Count a ballot from the rows of `seats_with_votes`; in the order in which the votes came."""
    voted = sorted((seat for seat in seats if seat.vote_id), key=lambda seat: seat.vote_id)  # type: ignore[attr-defined]
    votes = [(seat.person_id, seat.vote_position) for seat in voted]  # type: ignore[attr-defined]
    return counted(ballot, seats, votes, blocks)


def _seats(reviews: Sequence[BoardReview]) -> tuple[Seat, ...]:
    if not reviews:
        return ()
    boards = [review.board_id for review in reviews]
    return tuple(Seat.objects.filter(board_id__in=boards, until__isnull=True).select_related("person"))


def _motion_conditions(said: Sequence[Said]) -> dict[int, list[MotionCondition]]:
    """Return the conditions of motions on which no ballot has opened."""
    motions = [
        motion.id
        for motion in of_kind(said, SaidKind.MOTION)
        if motion.code == "approve_with_conditions" and not motion.question and not motion.over_at
    ]
    found: dict[int, list[MotionCondition]] = {}
    if motions:
        rows = MotionCondition.objects.filter(motion__in=motions).select_related("owner", "verifier")
        for condition in rows:
            found.setdefault(condition.motion_id, []).append(condition)
    return found


def _decision(request: ReviewRequest) -> Decision | None:
    """Return the last decision with its record, refusal, release, signatures, and its suspension while it stands."""
    found = (
        Decision.objects.filter(request=request)
        .select_related("record", "refusal", "release__released_by", "revision")
        .defer("revision__content", "record__context")
        .prefetch_related("signatures")
        .annotate(
            appealed=Exists(Appeal.objects.filter(request=OuterRef("request"))),
            was_continued=Exists(ContinuingReview.objects.filter(decision=OuterRef("pk"))),
            had_incidents=Exists(IncidentReport.objects.filter(request=OuterRef("request"))),
            was_followed=Exists(
                ReviewRequest.objects.filter(Q(amends=OuterRef("request")) | Q(renews=OuterRef("request")))
            ),
        )
        .order_by("-id")
        .first()
    )
    if found is not None:
        found.request = request
        suspended = request.state == RequestState.SUSPENDED
        rows = list(found.suspensions.select_related("suspended_by")) if suspended else []
        keep_related(found, "suspensions", rows)
    return found


def _conditions(decision: Decision | None) -> tuple[Condition, ...]:
    """Return the conditions of the decision; it knows them from then on."""
    if decision is None:
        return ()
    found: list[Condition] = []
    if decision.outcome == "approved_with_conditions":
        rows = decision.conditions.select_related("owner", "verifier", "review__board")
        found = list(rows.order_by("number"))
    for condition in found:
        condition.decision = decision
    keep_related(decision, "conditions", found)
    return tuple(found)
