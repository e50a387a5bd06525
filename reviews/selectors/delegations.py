"""Delegations in force: who stands in for whom, on which board and for whose signature."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from reviews.models import Delegation
from reviews.permissions.delegating import not_over, running
from reviews.rules.delegation import DelegationKind


def deputies_on(board_id: int, now: datetime) -> dict[int, Delegation]:
    """Return the delegations of seats of the board by who gave them; one query."""
    rows = Delegation.objects.filter(running(now), kind=DelegationKind.SEAT, board=board_id)
    return {row.giver_id: row for row in rows.select_related("giver", "deputy")}


def delegations_of(board_ids: Iterable[int], now: datetime) -> "QuerySet[Delegation]":
    """Return the delegations of seats of these boards that count now or later, the first first."""
    rows = Delegation.objects.filter(not_over(now), kind=DelegationKind.SEAT, board__in=list(board_ids))
    return rows.select_related("giver", "deputy", "board").order_by("since", "id")


def legal_delegations(now: datetime) -> "QuerySet[Delegation]":
    """Return the delegations of legal staff that count now."""
    return Delegation.objects.filter(running(now), kind=DelegationKind.LEGAL).select_related(
        "giver", "deputy"
    )
