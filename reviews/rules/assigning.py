"""Whom to propose as the lead reader of a request, ranked with reasons; who is left out, and why.

All weights are ours (P). Each fact gives points, so that the reasons of a place can be told and checked; equal points
go to whoever was assigned longest ago, then to whoever sat first. The proposal binds nobody: a secretary who chooses
another than the first says why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reviews.rules.roster import SeatAttribute, SeatRole


class ReaderRole(StrEnum):
    """As what somebody reads a request for their board."""

    LEAD = "lead"
    SECOND = "second"


class Excluded(StrEnum):
    """Why a member isn't proposed."""

    CONFLICT = "conflict"
    RECUSED = "recused"
    INTEREST = "interest"
    AWAY = "away"
    LEFT = "left"
    ALTERNATE = "alternate"
    DECLINED = "declined"
    READS_ALREADY = "reads_already"


class Fact(StrEnum):
    """What speaks for or against a member."""

    LOAD = "load"
    IDLE = "idle"
    EXPERT = "expert"
    SAME_MODEL = "same_model"
    SAME_TOPICS = "same_topics"
    NEVER_ASSIGNED = "never_assigned"
    LONG_AGO = "long_ago"
    LANGUAGE = "language"
    NEAR = "near"
    FAR = "far"
    COMPLEMENT = "complement"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class Load:
    """What a member has open: `tiers` of the requests that they read as lead or second, ballots, conditions."""

    tiers: tuple[int, ...] = ()
    reviews: int = 0
    ballots: int = 0
    conditions: int = 0

    @property
    def points(self) -> int:
        """Return the weight: a request read first weighs its tier (1 to 4), everything else one."""
        return sum(self.tiers) + self.reviews + self.ballots + self.conditions


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of the board with the facts; `hours_apart`: between their clock and the board's.

    `same_model`, `same_topics`: earlier reviews of the model, and of requests that touch the same topics, in which they
    took a position or voted. `speaks`: whether the request is in their language.
    """

    person: int
    role: SeatRole = SeatRole.MEMBER
    attributes: frozenset[str] = frozenset()
    excluded: tuple[Excluded, ...] = ()
    away_until: datetime | None = None
    load: Load = Load()
    same_model: int = 0
    same_topics: int = 0
    last_assigned: datetime | None = None
    speaks: bool = True
    hours_apart: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact with its points and its number, as words tell it."""

    fact: Fact
    points: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A member with their place (1 is the first), points and reasons, what counts most first."""

    person: int
    place: int
    points: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everybody who may read, ranked, and everybody else with why not."""

    ranked: tuple[Ranked, ...]
    left_out: tuple[Candidate, ...]

    def place_of(self, person: int) -> int | None:
        """Return the place of a member, None for who is left out."""
        return next((one.place for one in self.ranked if one.person == person), None)


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for each fact (P)."""

    load: int = -2  # for each point of load
    expert: int = 3
    same_model: int = 3  # for each review, up to twice
    same_topics: int = 1  # for each review, up to three
    never_assigned: int = 4
    week_ago: int = 1  # for each week since the last assignment, up to four
    language: int = 2
    near: int = 1
    far: int = -2
    complement: int = 2
    chair: int = -3  # the chair leads the board already


DEFAULT_WEIGHTS = Weights()
NEAR_HOURS, FAR_HOURS = 3, 7
WEEK = timedelta(days=7)
_OUTSIDE = frozenset(
    {SeatAttribute.LAY.value, SeatAttribute.EXTERNAL.value, SeatAttribute.NON_TECHNICAL.value}
)


def propose(
    candidates: Sequence[Candidate],
    now: datetime,
    *,
    role: ReaderRole = ReaderRole.LEAD,
    lead_attributes: Iterable[str] = (),
    weights: Weights = DEFAULT_WEIGHTS,
) -> Proposal:
    """Rank the candidates, who are given in the order in which they took their seats.

    For a second reader, `lead_attributes` are those of the lead: somebody who sees with other eyes (lay, external,
    non-technical where the lead is none of it, or an expert beside one who isn't) is the better second.
    """
    free = [one for one in candidates if not one.excluded]
    lead = frozenset(lead_attributes) if role == ReaderRole.SECOND else None
    told = {one.person: reasons_of(one, now, lead, weights) for one in free}
    points = {person: sum(reason.points for reason in reasons) for person, reasons in told.items()}
    never = datetime.min.replace(tzinfo=now.tzinfo)
    ordered = sorted(free, key=lambda one: (-points[one.person], one.last_assigned or never))
    ranked = tuple(
        Ranked(one.person, place, points[one.person], told[one.person])
        for place, one in enumerate(ordered, start=1)
    )
    return Proposal(ranked, tuple(one for one in candidates if one.excluded))


def reasons_of(
    one: Candidate, now: datetime, lead: frozenset[str] | None, weights: Weights = DEFAULT_WEIGHTS
) -> tuple[Reason, ...]:
    """Return what speaks for and against the candidate, what counts most first; `lead` None: no lead yet."""
    found = [_load(one.load, weights), *_knows(one, weights), _last(one.last_assigned, now, weights)]
    if one.speaks:
        found.append(Reason(Fact.LANGUAGE, weights.language))
    if one.hours_apart <= NEAR_HOURS:
        found.append(Reason(Fact.NEAR, weights.near, one.hours_apart))
    elif one.hours_apart >= FAR_HOURS:
        found.append(Reason(Fact.FAR, weights.far, one.hours_apart))
    if lead is not None and _complements(one.attributes, lead):
        found.append(Reason(Fact.COMPLEMENT, weights.complement))
    if one.role == SeatRole.CHAIR:
        found.append(Reason(Fact.CHAIR, weights.chair))
    return tuple(sorted(found, key=lambda reason: -abs(reason.points)))


def _load(load: Load, weights: Weights) -> Reason:
    return Reason(Fact.LOAD, weights.load * load.points, load.points) if load.points else Reason(Fact.IDLE, 0)


def _knows(one: Candidate, weights: Weights) -> list[Reason]:
    found = []
    if SeatAttribute.EXPERT in one.attributes:
        found.append(Reason(Fact.EXPERT, weights.expert))
    if one.same_model:
        found.append(Reason(Fact.SAME_MODEL, weights.same_model * min(one.same_model, 2), one.same_model))
    if one.same_topics:
        found.append(Reason(Fact.SAME_TOPICS, weights.same_topics * min(one.same_topics, 3), one.same_topics))
    return found


def _last(last: datetime | None, now: datetime, weights: Weights) -> Reason:
    if last is None:
        return Reason(Fact.NEVER_ASSIGNED, weights.never_assigned)
    weeks = max(0, (now - last) // WEEK)
    return Reason(Fact.LONG_AGO, weights.week_ago * min(weeks, 4), (now - last).days)


def _complements(attributes: frozenset[str], lead: frozenset[str]) -> bool:
    outside = bool(attributes & _OUTSIDE) and not lead & _OUTSIDE
    expert = SeatAttribute.EXPERT in attributes and SeatAttribute.EXPERT not in lead
    return outside or expert


class NotChosen(StrEnum):
    """Why a choice isn't possible as it was made."""

    NOT_ON_THE_BOARD = "not_on_the_board"
    LEFT_OUT = "left_out"
    NEEDS_REASON = "needs_reason"


def why_not_choose(proposal: Proposal, person: int, reason: str) -> NotChosen | None:
    """Return why the member may not be assigned so, or None: other than the first only with a reason."""
    place = proposal.place_of(person)
    if place is None:
        left_out = any(one.person == person for one in proposal.left_out)
        return NotChosen.LEFT_OUT if left_out else NotChosen.NOT_ON_THE_BOARD
    return NotChosen.NEEDS_REASON if place > 1 and not reason.strip() else None
