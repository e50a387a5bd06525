"""Whom the rules propose as a reader of a board's review: the facts about each member, read in few queries."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, OuterRef, Q

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
    """Return whom to propose for the board's review; about ten queries, however many members there are."""
    rows = Seat.objects.filter(board=review.board, until__isnull=True).select_related("person")
    seats = sorted(rows, key=lambda seat: (seat.since, ORDER[seat.role], seat.pk))
    present = readers_of(review)
    facts = _facts(review, [seat.person_id for seat in seats], present, now)
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


def _facts(
    review: BoardReview, people: Sequence[int], present: Mapping[str, Assignment], now: datetime
) -> Facts:
    request, facts = review.request, Facts()
    _add_load(facts, review, people)
    _add_past(facts, request, people)
    own = Assignment.objects.filter(review=review, round=review.round, ending="declined")
    facts.declined = set(own.values_list("person_id", flat=True))
    facts.reads = {row.person_id: row.role for row in present.values()}
    unjudged = Declaration.objects.filter(request=request, judged_at__isnull=True)
    facts.unjudged = set(unjudged.values_list("person_id", flat=True))
    away = Delegation.objects.filter(
        kind="seat",
        board=review.board,
        giver__in=people,
        since__lte=now,
        until__gt=now,
        ended_at__isnull=True,
    )
    facts.away = dict(away.values_list("giver_id", "until"))
    return facts


def _add_load(facts: Facts, review: BoardReview, people: Sequence[int]) -> None:
    """Count what the members have open, on every board: requests that they read, ballots, conditions to verify."""
    reading = Assignment.objects.filter(person__in=people, ended_at__isnull=True).exclude(
        review__state="closed"
    )
    for person, tier in reading.exclude(review=review).values_list("person_id", "review__request__tier"):
        facts.tiers[person].append(tier or 1)
    voted = Exists(Vote.objects.filter(seat=OuterRef("pk")))
    due = BallotSeat.objects.filter(
        ~voted, ballot__state="open", recused=False, present=True, person__in=people
    )
    facts.ballots = Counter(due.values_list("person_id", flat=True))
    to_judge = Condition.objects.filter(verifier__in=people, state="partly", decision__status="in_force")
    facts.conditions = Counter(to_judge.values_list("verifier_id", flat=True))
    last = Assignment.objects.filter(person__in=people, review__board=review.board).exclude(review=review)
    facts.last = dict(last.order_by().values_list("person_id").annotate(Max("assigned_at")))


def _add_past(facts: Facts, request: ReviewRequest, people: Sequence[int]) -> None:
    """Count the earlier requests that each member judged: of the same model, and with a reason of triage in common."""
    topics = set(_topics(Triage.objects.filter(request=request)).get(request.pk, ()))
    others = ReviewRequest.objects.exclude(pk=request.pk)
    related = Q(version__model=request.version.model_id)
    if topics:
        related |= Q(triage__isnull=False)
    judged = _judged(others.filter(related), people)
    ids = {pk for found in judged.values() for pk in found}
    same_model = set(
        others.filter(pk__in=ids, version__model=request.version.model_id).values_list("pk", flat=True)
    )
    shared = _topics(Triage.objects.filter(request__in=ids)) if topics else {}
    alike = {pk for pk, codes in shared.items() if topics & set(codes)} - same_model
    facts.same_model = {person: len(found & same_model) for person, found in judged.items()}
    facts.same_topics = {person: len(found & alike) for person, found in judged.items()}


def _judged(requests: Any, people: Sequence[int]) -> dict[int, set[int]]:  # noqa: ANN401 (a queryset of requests)
    """Return the requests on which each member took a position or voted."""
    found: dict[int, set[int]] = defaultdict(set)
    stances = Stance.objects.filter(person__in=people, review__request__in=requests)
    votes = Vote.objects.filter(seat__person__in=people, ballot__request__in=requests)
    for person, request in stances.order_by().values_list("person_id", "review__request_id").distinct():
        found[person].add(request)
    for person, request in votes.order_by().values_list("seat__person_id", "ballot__request_id").distinct():
        found[person].add(request)
    return found


def _topics(triages: Any) -> dict[int, list[str]]:  # noqa: ANN401 (a queryset of triages)
    """Return the codes of the reasons that triage found, by request."""
    return {
        request: [str(reason.get("code", "")) for reason in proposed.get("reasons", [])]
        for request, proposed in triages.values_list("request_id", "proposed")
    }


def _hours_apart(one: str, other: str, now: datetime) -> int:
    """Return how far two clocks stand apart at the moment, in whole hours, at most twelve."""
    offsets = [now.astimezone(ZoneInfo(name)).utcoffset() for name in (one, other)]
    first, second = (offset.total_seconds() if offset else 0.0 for offset in offsets)
    hours = round(abs(first - second) / 3600)
    return min(hours, 24 - hours)
