"""Lines of the list of requests: where each stands, whom it waits for, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from registry.models import Project
from registry.permissions import visible_projects
from reviews.models import Board, BoardReview, ReviewRequest
from reviews.permissions.containers import Containers
from reviews.permissions.sight import SEES_SUBMITTED
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.words import PASSED, REQUEST_STATES, REVIEW_STATES, STOPPED, TIERS, Badge, joined


@dataclass(frozen=True, slots=True)
class Mark:
    """How one board stands: its initial for the eye, name and state for the ear."""

    sign: str
    name: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the list. `days` it has been in its state; `due` of the board that is due first.

    `must_fix`: how many open findings say that something must be fixed; they are for everyone who sees the request.
    """

    request: ReviewRequest
    badge: Badge
    tier: str
    marks: tuple[Mark, ...]
    waits_for: str
    days: int
    due: datetime | None
    is_late: bool
    must_fix: int = 0


def line_of(request: ReviewRequest, now: datetime) -> Line:
    """Return the line; reads only what `requests_page` loaded."""
    reviews = _present(request)
    open_reviews = [review for review in reviews if review.state != ReviewState.CLOSED]
    due = min((review.due_at for review in open_reviews), default=None)
    return Line(
        request=request,
        badge=REQUEST_STATES[request.state],
        tier=str(TIERS[request.tier]) if request.tier else "",
        marks=tuple(_mark(review) for review in reviews),
        waits_for=_waits_for(request, open_reviews),
        days=max(0, (now - request.state_since).days),
        due=due,
        is_late=due is not None and due < now,
        must_fix=getattr(request, "must_fix", 0),
    )


def _present(request: ReviewRequest) -> list[BoardReview]:
    """Return the boards of the last round, the leading one first."""
    reviews = list(request.board_reviews.all())
    return [review for review in reviews if review.round == reviews[0].round]


def _mark(review: BoardReview) -> Mark:
    name = review.board.name
    if review.state != ReviewState.CLOSED:
        return Mark(name[:1], name, REVIEW_STATES[review.state])
    return Mark(name[:1], name, PASSED.get(review.passed, STOPPED))


def _waits_for(request: ReviewRequest, open_reviews: Iterable[BoardReview]) -> str:
    match request.state:
        case RequestState.DRAFT:
            return _("{person}: submission").format(person=request.requester.display_name)
        case RequestState.SUBMITTED:
            return _("Secretary: completeness")
        case RequestState.TRIAGE:
            return _("Secretary: routing")
        case RequestState.IN_REVIEW:
            return joined(review.board.name for review in open_reviews)
        case RequestState.DECIDED:
            return _("Legal staff and chair: signatures")
        case RequestState.APPROVED:
            return _("Release manager: release")
        case RequestState.SUSPENDED:
            return _("The board: ratify or lift")
    return ""


def boards_to_choose(user: User, reached: Containers) -> list[Board]:
    """Return the boards by which the person may filter: those that they reach, or all."""
    boards = Board.objects.filter(formed_for__isnull=True).order_by("id")
    sees_all = has_role(user, *SEES_SUBMITTED, Role.SECRETARY)
    return list(boards if sees_all else boards.filter(pk__in=reached.boards))


def projects_to_choose(user: User, now: datetime) -> list[Project]:
    """Return the projects by which the person may filter, at most two hundred, by name."""
    return list(visible_projects(user, now).order_by("name", "id")[:200])
