"""Boards as their pages show them: who sits, the policy in words with its versions, what they review now."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.grants import in_force
from accounts.models import User
from compliance import gates
from reviews.models import Board, BoardReview, BoardUserGrant, Delegation, Policy, Seat
from reviews.permissions.boards import board_by_slug, visible_boards, why_not_manage_boards
from reviews.permissions.disclosing import why_not_see_disclosures
from reviews.permissions.sight import visible_to
from reviews.rules.panels import BoardPurpose
from reviews.rules.policy import BoardPolicy, parse
from reviews.rules.roster import SeatRole
from reviews.selectors.delegations import delegations_of
from reviews.selectors.policy_in_words import policy_in_words

OPEN_SHOWN = 50


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The page of a board. `reviews` are the open ones of requests that the person may see.

    `away`: who of its members is away now or later, and who stands in; `sees_disclosures`: the person leads the board.
    """

    board: Board
    seats: tuple[Seat, ...]
    former: tuple[Seat, ...]
    policy: Policy | None
    sentences: tuple[str, ...]
    gates: tuple[str, ...]
    versions: tuple[Policy, ...]
    reviews: tuple[BoardReview, ...]
    grants: tuple[BoardUserGrant, ...]
    away: tuple[Delegation, ...]
    sees_disclosures: bool
    why_not_manage: str | None

    @property
    def alternates(self) -> tuple[Seat, ...]:
        """Return the alternates in the order in which they sit."""
        return tuple(seat for seat in self.seats if seat.role == SeatRole.ALTERNATE)


def boards_for(user: User, now: datetime) -> "QuerySet[Board]":
    """Return the standing boards whose pages the person may open, with seats and the number of open reviews.

    Panels of one request stand on the page of that request.
    """
    seats = Seat.objects.filter(until__isnull=True).select_related("person")
    open_reviews = Count("reviews", filter=~Q(reviews__state="closed"), distinct=True)
    boards = visible_boards(user, now).filter(purpose=BoardPurpose.STANDING)
    boards = boards.annotate(open_reviews=open_reviews)
    return boards.prefetch_related(Prefetch("seats", seats)).order_by("name_en", "id")


def board_page(user: User, slug: str, now: datetime) -> BoardPage:
    """Return the page of the board, or raise Http404."""
    board = board_by_slug(user, slug, now)
    order = {"chair": 0, "member": 1, "alternate": 2}
    seats = sorted(
        Seat.objects.filter(board=board).select_related("person", "alternate"),
        key=lambda seat: (order[seat.role], seat.pk),
    )
    versions = tuple(Policy.objects.filter(board=board).select_related("made_by").order_by("-version"))
    requests = visible_to(user, now)
    reviews = (
        BoardReview.objects.filter(board=board, request__in=requests)
        .exclude(state="closed")
        .select_related("request__version__model", "revision")
        .defer("revision__content")
        .order_by("due_at", "id")[:OPEN_SHOWN]
    )
    return BoardPage(
        board=board,
        seats=tuple(seat for seat in seats if seat.until is None),
        former=tuple(seat for seat in seats if seat.until is not None),
        policy=versions[0] if versions else None,
        sentences=tuple(policy_in_words(parse(versions[0].content))) if versions else (),
        gates=tuple(gates.in_words(versions[0].content.get("gates", []))) if versions else (),
        versions=versions,
        reviews=tuple(reviews),
        grants=tuple(grants_on(board, now)),
        away=tuple(delegations_of([board.pk], now)),
        sees_disclosures=why_not_see_disclosures(user, board, now) is None,
        why_not_manage=why_not_manage_boards(user),
    )


def grants_on(board: Board, now: datetime) -> "QuerySet[BoardUserGrant]":
    """Return who keeps the board, or reads with it, by a grant of their own that is in force."""
    rows = BoardUserGrant.objects.filter(in_force(now), content_object=board)
    return rows.select_related("user", "permission").order_by("pk")


def policy_of(board: Board) -> BoardPolicy:
    """Return the present policy of the board, or the default one if it has none."""
    kept = Policy.objects.filter(board=board).order_by("-version").first()
    return parse(kept.content) if kept else BoardPolicy()
