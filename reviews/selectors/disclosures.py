"""Who has disclosed their interests and who hasn't, for how long it counts, and until when the next one is due."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from reviews.models import Board, Disclosure, Seat
from reviews.rules.disclosure import DisclosureCheck, DisclosureState, check_disclosure
from reviews.rules.policy import parse
from reviews.selectors.terms import Policies


@dataclass(frozen=True, slots=True)
class Asking:
    """What a board's policy asks: for how many months a disclosure counts (0: none is asked), since when, and whether
    who has none is kept from voting.
    """

    months: int = 0
    since: datetime | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class SeatCheck:
    """A seat, the last disclosure of its holder (None: never), and where they stand with it."""

    seat: Seat
    last: Disclosure | None
    check: DisclosureCheck


def asking_of(boards: Collection[int], policies: Policies | None = None) -> dict[int, Asking]:
    """Return what each board asks, since the first of the versions in a row that ask.

    One query, or none: without boards, and where `policies` are given that were read before.
    """
    policies = policies or Policies(boards)
    found: dict[int, Asking] = {}
    for board in boards:
        for version in policies.versions_of(board):
            policy = parse(version.content)
            before = found.get(board, Asking())
            since = before.since if before.months and before.since else version.made_at
            found[board] = Asking(policy.declaration_months, since, policy.declaration_required)
    return found


def newest_disclosures() -> "QuerySet[Disclosure]":
    """Return the newest disclosure of each person."""
    newest = Disclosure.objects.filter(person=OuterRef("person")).order_by("-id").values("pk")[:1]
    return Disclosure.objects.filter(pk=Subquery(newest))


def last_disclosures(people: Iterable[int], *, lines: bool = True) -> dict[int, Disclosure]:
    """Return the newest disclosure of each of the people, with its lines; two queries, one without them."""
    if not (wanted := set(people)):
        return {}
    rows = newest_disclosures().filter(person__in=wanted)
    return {row.person_id: row for row in (rows.prefetch_related("interests") if lines else rows)}


def checks_of(seats: Collection[Seat], now: datetime, *, lines: bool = False) -> list[SeatCheck]:
    """Return where the holders of these seats stand; at most two queries, one more with `lines`."""
    asked = asking_of({seat.board_id for seat in seats})
    wanted = {board for board, one in asked.items() if one.months}
    last = last_disclosures((seat.person_id for seat in seats if seat.board_id in wanted), lines=lines)
    return [
        SeatCheck(
            seat,
            last.get(seat.person_id),
            _check(seat, asked.get(seat.board_id, Asking()), last.get(seat.person_id), now),
        )
        for seat in seats
    ]


def _check(seat: Seat, asking: Asking, last: Disclosure | None, now: datetime) -> DisclosureCheck:
    since = max(seat.since, asking.since) if asking.since else seat.since
    return check_disclosure(
        months=asking.months, last=last.made_at if last else None, asked_since=since, now=now
    )


def checks_on(board: Board, now: datetime) -> list[SeatCheck]:
    """Return where the members and alternates of the board stand."""
    seats = Seat.objects.filter(board=board, until__isnull=True).select_related("person")
    order = {"chair": 0, "member": 1, "alternate": 2}
    return checks_of(sorted(seats, key=lambda seat: (order[seat.role], seat.pk)), now, lines=True)


def own_checks(user: User, now: datetime) -> list[SeatCheck]:
    """Return where the person stands on each of their boards that ask, what is due first first."""
    seats = list(Seat.objects.filter(person=user, until__isnull=True).select_related("board", "person"))
    found = [one for one in checks_of(seats, now) if one.check.state != DisclosureState.NOT_ASKED]
    return sorted(found, key=lambda one: (one.check.due or now, one.seat.pk))
