"""Delegations in force: who stands in for whom, on which board and for whose signature."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from reviews.models import Delegation, Seat
from reviews.permissions.delegating import not_over, running
from reviews.rules.delegation import DelegationKind


def with_delegations(seats: "QuerySet[Seat]", now: datetime) -> "QuerySet[Seat]":
    """Annotate seats with the delegation that counts now, for `delegation_of`; no query more."""
    found = Delegation.objects.filter(
        running(now), kind=DelegationKind.SEAT, board=OuterRef("board"), giver=OuterRef("person")
    )
    parts = ("pk", "deputy", "deputy__display_name", "until")
    return seats.annotate(
        **{f"away_{part.rsplit('__')[-1]}": Subquery(found.values(part)[:1]) for part in parts}
    )


def delegation_of(seat: Seat) -> Delegation | None:
    """Return the delegation of a seat that was annotated: who gave it, the deputy with their name, until when."""
    read = seat.__dict__
    if read["away_pk"] is None:
        return None
    deputy = User(pk=read["away_deputy"], display_name=read["away_display_name"])
    return Delegation(pk=read["away_pk"], giver=seat.person, deputy=deputy, until=read["away_until"])


def delegations_of(board_ids: Iterable[int], now: datetime) -> "QuerySet[Delegation]":
    """Return the delegations of seats of these boards that count now or later, the first first."""
    rows = Delegation.objects.filter(not_over(now), kind=DelegationKind.SEAT, board__in=list(board_ids))
    return rows.select_related("giver", "deputy", "board").order_by("since", "id")


def legal_delegations(now: datetime) -> "QuerySet[Delegation]":
    """Return the delegations of legal staff that count now."""
    return Delegation.objects.filter(running(now), kind=DelegationKind.LEGAL).select_related(
        "giver", "deputy"
    )
