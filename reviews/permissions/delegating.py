"""Who may delegate, to whom, and who ends a delegation."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from accounts.roles import Role, has_role
from reviews.models import BallotSeat, Delegation, Seat
from reviews.permissions.reasons import WrongPerson, WrongState
from reviews.rules.delegation import DelegationFault, DelegationKind
from reviews.rules.roster import SeatRole

FAULTS: dict[DelegationFault, StrOrPromise] = {
    DelegationFault.TO_ONESELF: _("Nobody stands in for themself. Choose somebody else."),
    DelegationFault.NO_SEAT: _("You have no seat on this board that you could delegate."),
    DelegationFault.NOT_AN_ALTERNATE: _(
        "Only an alternate of this board stands in for a member. An administrator can seat one."
    ),
    DelegationFault.SEATED_ALREADY: _(
        "This person has a seat of their own on the board and can't vote for two. Choose an alternate."
    ),
    DelegationFault.NOT_LEGAL: _("Legal staff delegate to other legal staff."),
    DelegationFault.NOT_ACTIVE: _("This account is deactivated. Choose somebody who can sign in."),
    DelegationFault.ENDS_BEFORE_START: _("The absence ends before it begins. Choose a later end."),
    DelegationFault.OVER_ALREADY: _("The absence is over already. Choose an end that lies ahead."),
    DelegationFault.OVERLAPS: _(
        "You have named somebody for a part of this time already. End that delegation, or choose another time."
    ),
    DelegationFault.DEPUTY_IS_AWAY: _("This person is away themself in this time. Choose somebody else."),
    DelegationFault.DEPUTY_STANDS_IN: _(
        "This person stands in for another member in this time, and can't vote for two. Choose somebody else."
    ),
    DelegationFault.NO_REASON: _("Say why you are away; it stands in the roster."),
}


def running(now: datetime) -> Q:
    """Return the condition for delegations that count at this moment."""
    return Q(ended_at__isnull=True, since__lte=now, until__gt=now)


def not_over(now: datetime) -> Q:
    """Return the condition for delegations that count now or later."""
    return Q(ended_at__isnull=True, until__gt=now)


def signs_for(deputy_id: int, now: datetime) -> list[User]:
    """Return those of the legal staff for whom the person signs now, who went away first first.

    Nobody who is away themself signs for others, and nobody for who is no legal staff any more. One query, or two.
    """
    rows = Delegation.objects.filter(running(now), kind=DelegationKind.LEGAL)
    found = list(rows.filter(Q(deputy=deputy_id) | Q(giver=deputy_id)).select_related("giver"))
    if any(row.giver_id == deputy_id for row in found):
        return []
    return [row.giver for row in found if has_role(row.giver, Role.LEGAL)]


def still_away(seats: Iterable[BallotSeat], now: datetime) -> frozenset[int]:
    """Return which members of a roster are away by the delegation under which the ballot opened; no query if none."""
    given = {
        seat.delegation_id: seat.person_id
        for seat in seats
        if seat.delegation_id and seat.role != "alternate"
    }
    if not given:
        return frozenset()
    rows = Delegation.objects.filter(running(now), pk__in=[key for key in given if key is not None])
    return frozenset(given[key] for key in rows.values_list("pk", flat=True))


def delegable_seats(user: User) -> list[Seat]:
    """Return the person's seats in force that they may delegate: alternates stand in, they don't delegate."""
    seats = Seat.objects.filter(person=user, until__isnull=True).exclude(role=SeatRole.ALTERNATE)
    return list(seats.select_related("board").order_by("board__name_en", "pk"))


def may_delegate(user: User) -> bool:
    """Say whether the person has anything to delegate: a seat, or signing as legal staff."""
    return user.is_active and (has_role(user, Role.LEGAL) or bool(delegable_seats(user)))


def why_not_end_delegation(actor: User, delegation: Delegation) -> str | None:
    """Return why the person may not end the delegation: who gave it does."""
    if delegation.giver_id != actor.pk or not actor.is_active:
        return WrongPerson(_("Who is away ends their own delegation."))
    if delegation.ended_at is not None:
        return WrongState(_("This delegation has ended already."))
    return None


def both_legal(giver: User, deputy: User) -> bool:
    """Say whether both are legal staff."""
    return has_role(giver, Role.LEGAL) and has_role(deputy, Role.LEGAL)


def kind_of(board_id: int | None) -> DelegationKind:
    """Return what is delegated: a seat on a board, or signing as legal staff."""
    return DelegationKind.LEGAL if board_id is None else DelegationKind.SEAT
