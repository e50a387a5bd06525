"""A board at a glance: its seats in the order of the count, the line that a motion must reach, and the arithmetic.

The order is: for, still to vote, the line, against, abstaining, then absent and recused (ui.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from reviews.models import Ballot, BallotSeat, BoardReview, Seat
from reviews.rules.ballot import Position, tally
from reviews.rules.clocks import Procedure
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.arithmetic_in_words import ballot_in_words
from reviews.selectors.counted import Counted, Row, rows_of
from reviews.selectors.positions import Standpoint
from reviews.selectors.words import BLOCKED, EXEMPT, PASSED, REVIEW_STATES, STOPPED, Badge, role_in_words


@dataclass(frozen=True, slots=True)
class Place:
    """One seat of the strip: tone, icon, initials from the name, and what a screen reader says."""

    tone: str
    icon: str
    name: str
    said: str
    is_you: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """The state of one board's review. `needed` is where the line stands; None draws none.

    `arithmetic` tells the last ballot that was counted.
    """

    review: BoardReview
    badge: Badge
    before: tuple[Place, ...] = ()
    needed: int | None = None
    after: tuple[Place, ...] = ()
    rows: tuple[Row, ...] = ()
    ballot: Ballot | None = None
    summary: str = ""
    arithmetic: str = ""
    closed_at: datetime | None = None
    conditions: int = 0

    @property
    def places(self) -> int:
        """Return how many seats are drawn."""
        return len(self.before) + len(self.after)


def strip_of_ballot(
    review: BoardReview, found: Counted, blockers: Iterable[int], viewer_id: int, *, hidden: bool
) -> Strip:
    """Return the strip of a board that has a ballot; `hidden` shows who has voted, not how."""
    blocking = set(blockers)
    groups: dict[str, list[Place]] = {
        group: [] for group in ("for", "todo", "against", "abstain", "away", "recused")
    }
    for seat in found.seats:
        if seat.role == "alternate" and not seat.is_eligible:
            continue
        group, place = _place(seat, found.positions.get(seat.person_id), blocking, viewer_id, hidden)
        groups[group].append(place)
    return Strip(
        review=review,
        badge=badge_of(review, blocked=bool(blocking)),
        before=(*groups["for"], *groups["todo"]),
        needed=found.needed,
        after=(*groups["against"], *groups["abstain"], *groups["away"], *groups["recused"]),
        rows=rows_of(found, hidden=hidden),
        arithmetic=ballot_in_words(found.ballot) if found.ballot.state != "open" else "",
        ballot=found.ballot,
    )


def _place(
    seat: BallotSeat, position: Position | None, blocking: set[int], viewer_id: int, hidden: bool
) -> tuple[str, Place]:
    """Return the group and the drawing of a seat."""
    you = seat.person_id == viewer_id
    name = _named(seat.name, role_in_words(seat.role, seat.attributes), you)

    def place(group: str, tone: str, icon: str, said: str) -> tuple[str, Place]:
        return group, Place(tone, icon, seat.name, said.format(name=name), you)

    if seat.recused:
        return place("recused", "note", "ban", _("{name}: recused"))
    if not seat.present:
        return place("away", "away", "user-off", _("{name}: absent"))
    if position is not None and hidden and not you:
        return place("for", "", "lock", _("{name}: has voted, hidden until the ballot closes"))
    if seat.person_id in blocking and not hidden:
        group = "for" if position == Position.FOR else "against" if position else "todo"
        return place(group, "block", "hand-stop", _("{name}: blocking"))
    if position is None:
        return place("todo", "todo", "circle-dashed", _("{name}: not yet voted"))
    drawings = {
        Position.FOR: ("for", "good", "check", _("{name}: for")),
        Position.AGAINST: ("against", "bad", "x", _("{name}: against")),
        Position.ABSTAIN: ("abstain", "", "minus", _("{name}: abstains")),
    }
    return place(*drawings[position])


def _named(name: str, role: str, you: bool) -> str:
    """Return how a screen reader names a seat."""
    if you:
        return _("{name}, you").format(name=name)
    return _("{name}, {role}").format(name=name, role=role) if role else name


def strip_of_positions(
    review: BoardReview,
    seats: Sequence[Seat],
    standpoints: Mapping[int, Standpoint],
    blockers: Iterable[int],
    recused: Iterable[int],
    viewer_id: int,
) -> Strip:
    """Return the strip of a board that reads or deliberates: positions on the present revision, stale ones, none."""
    away, blocking = set(recused), set(blockers)
    places = []
    for seat in seats:
        if seat.board_id != review.board_id or seat.role == "alternate":
            continue
        person = seat.person_id
        drawn = _drawn(standpoints.get(person), person in blocking, person in away, person == viewer_id)
        places.append(_position_place(seat, drawn, person == viewer_id))
    places.sort(key=lambda place: _RANK[place.tone])
    fresh = sum(1 for place in places if place.tone in ("good", "bad", ""))
    stale = sum(1 for place in places if place.tone == "warn")
    standing = sum(1 for place in places if place.tone == "block")
    value = _("{fresh} on revision {revision}, {stale} stale, {blocking} blocking").format(
        fresh=fresh, revision=review.revision.number, stale=stale, blocking=standing
    )
    return Strip(
        review=review,
        badge=badge_of(review, blocked=bool(blocking)),
        before=tuple(places),
        rows=(Row(_("Positions"), value),),
    )


_RANK = {"good": 0, "bad": 1, "": 2, "warn": 3, "block": 4, "todo": 5, "away": 6, "note": 7}


def _position_place(seat: Seat, drawn: tuple[str, str, str], you: bool) -> Place:
    name = _named(seat.person.display_name, role_in_words(seat.role, seat.attributes), you)
    tone, icon, said = drawn
    return Place(tone, icon, seat.person.display_name, said.format(name=name), you)


def _drawn(standpoint: Standpoint | None, blocks: bool, recused: bool, you: bool) -> tuple[str, str, str]:
    """Return tone, icon and sentence for a seat outside a ballot."""
    if recused:
        return "note", "ban", _("{name}: recused")
    if blocks:
        return "block", "hand-stop", _("{name}: blocking")
    if standpoint is None:
        return "todo" if you else "away", "circle-dashed", _("{name}: no position yet")
    if standpoint.is_stale:
        return "warn", "refresh", _("{name}: position on an older revision, stale")
    return {
        Position.FOR: ("good", "check", _("{name}: supports this revision")),
        Position.AGAINST: ("bad", "x", _("{name}: has a concern about this revision")),
        Position.ABSTAIN: ("", "minus", _("{name}: takes no side on this revision")),
    }[Position(standpoint.position)]


def badge_of(review: BoardReview, *, blocked: bool) -> Badge:
    """Return the state of the board's review as a badge; a block counts more than the stage."""
    if review.state == ReviewState.CLOSED:
        exempt = (
            review.request.procedure == Procedure.EXEMPT and review.request.state != RequestState.WITHDRAWN
        )
        return PASSED.get(review.passed, EXEMPT if exempt else STOPPED)
    return BLOCKED if blocked else REVIEW_STATES[review.state]


def closed_strip(review: BoardReview, found: Counted | None, *, blocked: bool) -> Strip:
    """Return a board whose review is closed: the count by which it passed, or why its work stopped."""
    if found is None:
        return Strip(
            review=review,
            badge=badge_of(review, blocked=blocked),
            summary=review.note,
            closed_at=review.closed_at,
        )
    counts = tally(found.count)
    summary = _("{votes_for} for, {against} against, on revision {revision}").format(
        votes_for=counts.votes_for, against=counts.votes_against, revision=review.revision.number
    )
    return Strip(
        review=review,
        badge=badge_of(review, blocked=blocked),
        summary=summary,
        closed_at=review.closed_at,
        arithmetic=ballot_in_words(found.ballot),
        ballot=found.ballot,
        conditions=len(found.ballot.conditions),
    )
