"""Whom the rules propose as a reader of a board's review: the facts about each member, read in few queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, DateTimeField, Exists, F, IntegerField, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Cast

from reviews.models import (
    Assignment,
    BallotSeat,
    BoardReview,
    Condition,
    Declaration,
    Delegation,
    ReviewRequest,
    Seat,
    Stance,
    Triage,
    Vote,
)
from reviews.permissions.standing import parties_of
from reviews.rules.assigning import Candidate, Excluded, Load, Proposal, ReaderRole, propose
from reviews.rules.recusal import ConflictReason, Parties, conflicts_of
from reviews.rules.roster import SeatRole

ORDER = {"chair": 0, "member": 1, "alternate": 2}


@dataclass(slots=True)
class Facts:
    """What is known of the members, by person."""

    tiers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    ballots: Counter[int] = field(default_factory=Counter)
    conditions: Counter[int] = field(default_factory=Counter)
    last: dict[int, datetime] = field(default_factory=dict)
    same_model: Mapping[int, int] = field(default_factory=dict)
    same_topics: Mapping[int, int] = field(default_factory=dict)
    away: dict[int, datetime] = field(default_factory=dict)
    reads: dict[int, str] = field(default_factory=dict)
    declined: set[int] = field(default_factory=set)
    unjudged: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class ReaderProposal:
    """The proposal with the seats of everybody in it and who reads already."""

    review: BoardReview
    role: ReaderRole
    proposal: Proposal
    seats: Mapping[int, Seat]
    candidates: Mapping[int, Candidate]
    present: Mapping[str, Assignment]

    def name_of(self, person: int) -> str:
        """Return the name of a member."""
        return self.seats[person].person.display_name


def readers_of(review: BoardReview) -> dict[str, Assignment]:
    """Return who reads the request for the board now, by role."""
    rows = Assignment.objects.filter(review=review, ended_at__isnull=True).select_related(
        "person", "assigned_by"
    )
    return {row.role: row for row in rows}


def proposal_for(review: BoardReview, role: ReaderRole, now: datetime) -> ReaderProposal:
    """Return whom to propose for the board's review; seven queries, however many members there are."""
    rows = Seat.objects.filter(board=review.board, until__isnull=True).select_related("person")
    seats = sorted(rows, key=lambda seat: (seat.since, ORDER[seat.role], seat.pk))
    kept = list(Assignment.objects.filter(review=review).select_related("person", "assigned_by"))
    present = {row.role: row for row in kept if row.ended_at is None}
    facts = _facts(review, [seat.person_id for seat in seats], kept, now)
    parties = parties_of(review.request)
    candidates = {seat.person_id: _candidate(seat, review, facts, parties, role, now) for seat in seats}
    lead = present.get(ReaderRole.LEAD)
    lead_seat = next((seat for seat in seats if lead and seat.person_id == lead.person_id), None)
    found = propose(
        list(candidates.values()), now, role=role, lead_attributes=lead_seat.attributes if lead_seat else ()
    )
    return ReaderProposal(review, role, found, {seat.person_id: seat for seat in seats}, candidates, present)


def _candidate(
    seat: Seat, review: BoardReview, facts: Facts, parties: Parties, role: ReaderRole, now: datetime
) -> Candidate:
    person = seat.person
    return Candidate(
        person=person.pk,
        role=SeatRole(seat.role),
        attributes=frozenset(seat.attributes),
        excluded=tuple(_excluded(seat, facts, parties, role)),
        away_until=facts.away.get(person.pk),
        load=Load(
            tiers=tuple(facts.tiers.get(person.pk, ())), ballots=facts.ballots[person.pk],
            conditions=facts.conditions[person.pk],
        ),
        same_model=facts.same_model.get(person.pk, 0),
        same_topics=facts.same_topics.get(person.pk, 0),
        last_assigned=facts.last.get(person.pk),
        speaks=person.language == review.request.language,
        hours_apart=_hours_apart(person.time_zone, review.board.time_zone, now),
    )  # fmt: skip


def _excluded(seat: Seat, facts: Facts, parties: Parties, role: ReaderRole) -> list[Excluded]:
    person, found = seat.person_id, []
    conflicts = conflicts_of(person, parties)
    if any(conflict != ConflictReason.DECLARED for conflict in conflicts):
        found.append(Excluded.CONFLICT)
    elif conflicts:
        found.append(Excluded.RECUSED)
    if person in facts.unjudged:
        found.append(Excluded.INTEREST)
    if not seat.person.is_active:
        found.append(Excluded.LEFT)
    if person in facts.away:
        found.append(Excluded.AWAY)
    if seat.role == SeatRole.ALTERNATE:
        found.append(Excluded.ALTERNATE)
    if person in facts.declined:
        found.append(Excluded.DECLINED)
    if facts.reads.get(person, role) != role:
        found.append(Excluded.READS_ALREADY)
    return found


def _facts(review: BoardReview, people: Sequence[int], rows: Sequence[Assignment], now: datetime) -> Facts:
    """Return what is known of these members; three queries. `rows`: all assignments of the review."""
    facts = Facts()
    facts.declined = {row.person_id for row in rows if row.ending == "declined" and row.round == review.round}
    facts.reads = {row.person_id: row.role for row in rows if row.ended_at is None}
    for what, person, number, at in _open_work(review, people, now):
        match what:
            case "read":
                facts.tiers[person].append(number or 1)
            case "ballot":
                facts.ballots[person] += 1
            case "condition":
                facts.conditions[person] += 1
            case "interest":
                facts.unjudged.add(person)
            case "away":
                facts.away[person] = at
            case "last":
                facts.last[person] = at
    _add_past(facts, review.request, people)
    return facts


def _open_work(review: BoardReview, people: Sequence[int], now: datetime) -> "QuerySet[Any, tuple[Any, ...]]":
    """Return rows alike (what, person, number, moment) of what the members have open, on every board; one query."""
    elsewhere = Assignment.objects.filter(person__in=people).exclude(review=review)
    reading = elsewhere.filter(ended_at__isnull=True).exclude(review__state="closed")
    voted = Exists(Vote.objects.filter(seat=OuterRef("pk")))
    votes = BallotSeat.objects.filter(
        ~voted, ballot__state="open", recused=False, present=True, person__in=people
    )
    to_judge = Condition.objects.filter(verifier__in=people, state="partly", decision__status="in_force")
    unjudged = Declaration.objects.filter(request=review.request, person__in=people, judged_at__isnull=True)
    away = Delegation.objects.filter(
        kind="seat",
        board=review.board,
        giver__in=people,
        since__lte=now,
        until__gt=now,
        ended_at__isnull=True,
    )
    return _alike(reading, "read", "person_id", number=F("review__request__tier")).union(
        _alike(votes, "ballot", "person_id"),
        _alike(to_judge, "condition", "verifier_id"),
        _alike(unjudged, "interest", "person_id"),
        _alike(away, "away", "giver_id", at=F("until")),
        _alike(elsewhere.filter(review__board=review.board), "last", "person_id", at=Max("assigned_at")),
        all=True,
    )


def _alike(
    rows: "QuerySet[Any]", what: str, person: str, *, number: F | None = None, at: F | Max | None = None
) -> "QuerySet[Any, tuple[Any, ...]]":
    named = rows.order_by().annotate(r_what=Cast(Value(what), CharField()), r_person=F(person))
    found: QuerySet[Any, tuple[Any, ...]] = (
        named.values("r_what", "r_person")
        .annotate(
            r_number=Cast(number or Value(None), IntegerField()),
            r_at=at or Cast(Value(None), DateTimeField()),
        )
        .values_list("r_what", "r_person", "r_number", "r_at")
    )
    return found


def _add_past(facts: Facts, request: ReviewRequest, people: Sequence[int]) -> None:
    """Count the earlier requests that each member judged: of the same model, and with a reason of triage in common."""
    judged: dict[int, set[int]] = defaultdict(set)
    same_model: set[int] = set()
    for person, other, model in _judged(request, people):
        judged[person].add(other)
        if model == request.version.model_id:
            same_model.add(other)
    ids = {other for found in judged.values() for other in found}
    codes = _topics({*ids, request.pk}) if ids else {}
    own = codes.get(request.pk, frozenset())
    alike = {other for other in ids - same_model if own & codes.get(other, frozenset())}
    facts.same_model = {person: len(found & same_model) for person, found in judged.items()}
    facts.same_topics = {person: len(found & alike) for person, found in judged.items()}


def _judged(request: ReviewRequest, people: Sequence[int]) -> "QuerySet[Any, tuple[Any, ...]]":
    """Return person, request and its model for whatever the members took a position or voted on; one query."""
    stances = Stance.objects.filter(person__in=people).exclude(review__request=request).order_by()
    votes = Vote.objects.filter(seat__person__in=people).exclude(ballot__request=request).order_by()
    return stances.values_list("person_id", "review__request_id", "review__request__version__model_id").union(
        votes.values_list("seat__person_id", "ballot__request_id", "ballot__request__version__model_id")
    )


def _topics(requests: Collection[int]) -> dict[int, frozenset[str]]:
    """Return the codes of the reasons that triage found, by request."""
    rows = Triage.objects.filter(request__in=requests).values_list("request_id", "proposed")
    return {
        request: frozenset(str(reason.get("code", "")) for reason in proposed.get("reasons", []))
        for request, proposed in rows
    }


def _hours_apart(one: str, other: str, now: datetime) -> int:
    """Return how far two clocks stand apart at the moment, in whole hours, at most twelve."""
    offsets = [now.astimezone(ZoneInfo(name)).utcoffset() for name in (one, other)]
    first, second = (offset.total_seconds() if offset else 0.0 for offset in offsets)
    hours = round(abs(first - second) / 3600)
    return min(hours, 24 - hours)
