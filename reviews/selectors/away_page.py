"""The page of a person's account where they say who stands in for them while they are away."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from accounts.selectors import people_with_role
from reviews.models import Delegation, Seat
from reviews.permissions.delegating import delegable_seats, not_over
from reviews.rules.roster import SeatRole

PAST_SHOWN = 20
LEGAL = "legal"
"""The key of signing as legal staff among what can be delegated; boards have their ids."""


@dataclass(frozen=True, slots=True)
class Delegable:
    """Something that the person may delegate and to whom: a seat (key: id of the board), or signing ("legal")."""

    key: str
    label: str
    people: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class AwayPage:
    """The page: what can be delegated; what counts now or later; who the person stands in for; what is over."""

    offers: tuple[Delegable, ...]
    given: tuple[Delegation, ...]
    received: tuple[Delegation, ...]
    past: tuple[Delegation, ...]
    chairs: tuple[Seat, ...]
    now: datetime

    @property
    def why_not(self) -> str:
        """Return why there is nobody to delegate to; "" if there is."""
        if not self.offers:
            return _(
                "You have no seat on a board and don't sign as legal staff, so there is nothing to delegate."
            )
        if not any(offer.people for offer in self.offers):
            return _(
                "Nobody could stand in for you: the board has no alternate, or you are the only legal staff."
            )
        return ""


def away_page(user: User, now: datetime) -> AwayPage:
    """Return the page of this person."""
    seats = delegable_seats(user)
    rows = Delegation.objects.select_related("giver", "deputy", "board")
    given = rows.filter(giver=user)
    past = given.exclude(not_over(now)).order_by("-since", "-id")[:PAST_SHOWN]
    return AwayPage(
        offers=(*_offers_of_seats(user, seats), *_offers_of_legal(user)),
        given=tuple(given.filter(not_over(now))),
        received=tuple(rows.filter(not_over(now), deputy=user)),
        past=tuple(past),
        chairs=tuple(seat for seat in seats if seat.role == SeatRole.CHAIR),
        now=now,
    )


def _offers_of_seats(user: User, seats: list[Seat]) -> list[Delegable]:
    boards = [seat.board_id for seat in seats]
    found = Seat.objects.filter(
        board__in=boards, until__isnull=True, role=SeatRole.ALTERNATE, person__is_active=True
    )
    alternates = list(found.select_related("person").order_by("pk").exclude(person=user))
    return [
        Delegable(
            str(seat.board_id),
            _("Seat on {board}").format(board=seat.board.name),
            tuple(other.person for other in alternates if other.board_id == seat.board_id),
        )
        for seat in seats
    ]


def _offers_of_legal(user: User) -> list[Delegable]:
    if not has_role(user, Role.LEGAL):
        return []
    others = people_with_role(Role.LEGAL).exclude(pk=user.pk)
    return [Delegable(LEGAL, _("Signing as legal staff"), tuple(others))]
