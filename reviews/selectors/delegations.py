"""Delegations in force: who stands in for whom, on which board and for whose signature."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from reviews.models import Delegation
from reviews.rules.delegation import DelegationKind


def running(now: datetime) -> Q:
    """Return the condition for delegations that count at this moment."""
    return Q(ended_at__isnull=True, since__lte=now, until__gt=now)


def not_over(now: datetime) -> Q:
    """Return the condition for delegations that count now or later."""
    return Q(ended_at__isnull=True, until__gt=now)


def deputies_on(board_id: int, now: datetime) -> dict[int, Delegation]:
    """Return the delegations of seats of the board by who gave them; one query."""
    rows = Delegation.objects.filter(running(now), kind=DelegationKind.SEAT, board=board_id)
    return {row.giver_id: row for row in rows.select_related("giver", "deputy")}


def delegations_of(board_ids: Iterable[int], now: datetime) -> "QuerySet[Delegation]":
    """Return the delegations of seats of these boards that count now or later, the first first."""
    rows = Delegation.objects.filter(not_over(now), kind=DelegationKind.SEAT, board__in=list(board_ids))
    return rows.select_related("giver", "deputy", "board").order_by("since", "id")


def signs_for(deputy_id: int, now: datetime) -> Delegation | None:
    """Return for whom of the legal staff the person signs now, or None; who is away themself signs for nobody."""
    rows = Delegation.objects.filter(running(now), kind=DelegationKind.LEGAL)
    found = list(rows.filter(Q(deputy=deputy_id) | Q(giver=deputy_id)).select_related("giver", "deputy"))
    if any(row.giver_id == deputy_id for row in found):
        return None
    return next((row for row in found if row.deputy_id == deputy_id and row.giver.is_active), None)


def legal_delegations(now: datetime) -> "QuerySet[Delegation]":
    """Return the delegations of legal staff that count now."""
    return Delegation.objects.filter(running(now), kind=DelegationKind.LEGAL).select_related(
        "giver", "deputy"
    )
