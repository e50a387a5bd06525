"""When a delegation counts, and what forbids one (process.md, section 1: a member delegates to the alternate)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reviews.rules.roster import Person, SeatRole


class DelegationKind(StrEnum):
    """What is delegated: a seat on a board, or signing as legal staff."""

    SEAT = "seat"
    LEGAL = "legal"


class DelegationFault(StrEnum):
    """Why a delegation can't be given."""

    TO_ONESELF = "to_oneself"
    NO_SEAT = "no_seat"
    NOT_AN_ALTERNATE = "not_an_alternate"
    SEATED_ALREADY = "seated_already"
    NOT_LEGAL = "not_legal"
    NOT_ACTIVE = "not_active"
    ENDS_BEFORE_START = "ends_before_start"
    OVER_ALREADY = "over_already"
    OVERLAPS = "overlaps"
    DEPUTY_IS_AWAY = "deputy_is_away"
    DEPUTY_STANDS_IN = "deputy_stands_in"
    NO_REASON = "no_reason"


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when: the first moment that counts and the first that doesn't any more."""

    since: datetime
    until: datetime

    def contains(self, moment: datetime) -> bool:
        """Say whether it counts at the moment."""
        return self.since <= moment < self.until

    def meets(self, other: "Span") -> bool:
        """Say whether the two share a moment."""
        return self.since < other.until and other.since < self.until


@dataclass(frozen=True, slots=True)
class Given:
    """A delegation of the same board (or of legal staff) that is there already."""

    giver: Person
    deputy: Person
    span: Span


@dataclass(frozen=True, slots=True)
class Asked:
    """A delegation that somebody wants to give; roles are those of seats in force, None: no seat."""

    kind: DelegationKind
    giver: Person
    deputy: Person
    span: Span
    reason: str
    giver_role: SeatRole | None = None
    deputy_role: SeatRole | None = None
    both_legal: bool = False
    deputy_is_active: bool = True


def faults_of(asked: Asked, there: Iterable[Given], now: datetime) -> tuple[DelegationFault, ...]:
    """Return why the delegation can't be given; empty when it can.

    An alternate stands in for one person at a time, and nobody who is away stands in for others: a vote would
    otherwise pass through two hands.
    """
    found = [DelegationFault.TO_ONESELF] if asked.giver == asked.deputy else []
    if not asked.deputy_is_active:
        found.append(DelegationFault.NOT_ACTIVE)
    found += _of_seats(asked) if asked.kind == DelegationKind.SEAT else _of_legal(asked)
    if asked.span.until <= asked.span.since:
        found.append(DelegationFault.ENDS_BEFORE_START)
    elif asked.span.until <= now:
        found.append(DelegationFault.OVER_ALREADY)
    if not asked.reason.strip():
        found.append(DelegationFault.NO_REASON)
    return (*found, *_beside(asked, there))


def _of_seats(asked: Asked) -> list[DelegationFault]:
    if asked.giver_role in (None, SeatRole.ALTERNATE):
        return [DelegationFault.NO_SEAT]
    if asked.deputy_role is None:
        return [DelegationFault.NOT_AN_ALTERNATE]
    return [] if asked.deputy_role == SeatRole.ALTERNATE else [DelegationFault.SEATED_ALREADY]


def _of_legal(asked: Asked) -> list[DelegationFault]:
    return [] if asked.both_legal else [DelegationFault.NOT_LEGAL]


def _beside(asked: Asked, there: Iterable[Given]) -> list[DelegationFault]:
    """Return what other delegations of the same time forbid."""
    found: dict[DelegationFault, None] = {}
    for other in there:
        if not other.span.meets(asked.span):
            continue
        if other.giver == asked.giver:
            found[DelegationFault.OVERLAPS] = None
        if other.giver == asked.deputy:
            found[DelegationFault.DEPUTY_IS_AWAY] = None
        if asked.kind == DelegationKind.SEAT and asked.deputy == other.deputy and asked.giver != other.giver:
            found[DelegationFault.DEPUTY_STANDS_IN] = None
    return list(found)
