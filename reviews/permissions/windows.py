"""What a person may see, cut into parts that an index answers each: containers first, then the newest rows of each.

Together the parts are `sight.visible_to`; a test holds them against each other. A list that asks the whole at once is
slow for who sees only old rows or none, because the newest rows of everybody are looked through first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.roles import Role, has_role
from audit.selectors import Cursor
from reviews.models import BoardReview, Condition, Contributor, ReviewRequest
from reviews.permissions.containers import Containers, containers_of
from reviews.permissions.sight import SEES_SUBMITTED, TO_SHIP, WITH_SECRETARY

SINGLY = 12
"""So many projects get a part each; more are asked in one part, which is sorted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list is asked for; empty fields ask for nothing. Ids of versions and people come from a search."""

    states: tuple[str, ...] = ()
    tier: int | None = None
    project: int | None = None
    board: int | None = None
    version: int | None = None
    requester: int | None = None
    reference: str = ""
    versions: tuple[int, ...] | None = None
    people: tuple[int, ...] = ()
    before: Cursor | None = None
    after: Cursor | None = None

    def condition(self, prefix: str = "") -> Q:
        """Return the filter on requests, or on rows that lead to them by the prefix ("request__")."""
        plain = {
            "state__in": self.states or None, "tier": self.tier, "project": self.project, "version": self.version,
            "requester": self.requester,
        }  # fmt: skip
        found = Q(**{prefix + name: value for name, value in plain.items() if value is not None})
        if self.versions is not None:
            found &= (
                Q(**{prefix + "version__in": self.versions})
                | Q(**{prefix + "requester__in": self.people})
                | Q(**{prefix + "reference": self.reference})
            )
        return found


@dataclass(frozen=True, slots=True)
class Window:
    """One part: rows that lead to requests, with the names of their columns for time and id of the request.

    `is_own` marks the requests on whose dossier the person works.
    """

    rows: "QuerySet[ReviewRequest] | QuerySet[BoardReview]"
    prefix: str = ""
    at: str = "created_at"
    key: str = "pk"
    is_own: bool = False

    def newest(self, asked: Asked, size: int) -> "QuerySet[Any, tuple[datetime, int]]":
        """Return time and id of the newest requests of this part that fit, at most `size`."""
        order = (self.at, self.key) if asked.after else (f"-{self.at}", f"-{self.key}")
        found = self.rows.filter(asked.condition(self.prefix), self._beyond(asked)).order_by(*order)
        if connection.features.supports_slicing_ordering_in_compound:
            return found.values_list(self.at, self.key)[:size]
        ids = found.values(self.key)[:size]
        return ReviewRequest.objects.filter(pk__in=ids).order_by().values_list("created_at", "pk")

    def some(self, asked: Asked, size: int) -> "QuerySet[Any, tuple[int]]":
        """Return the ids of `size` requests of this part that fit, whichever; for counting."""
        found = self.rows.filter(asked.condition(self.prefix)).order_by()
        if connection.features.supports_slicing_ordering_in_compound:
            return found.values_list(self.key)[:size]
        return ReviewRequest.objects.filter(pk__in=found.values(self.key)[:size]).order_by().values_list("pk")

    def _beyond(self, asked: Asked) -> Q:
        place, way = (asked.after, "gt") if asked.after else (asked.before, "lt")
        if place is None:
            return Q()
        later = Q(**{f"{self.at}__{way}": place.at})
        return later | Q(**{self.at: place.at, f"{self.key}__{way}": place.id})


def windows(
    user: User, now: datetime, asked: Asked, reached: Containers | None = None, *, counting: bool = False
) -> list[Window]:
    """Return the parts of what the person may see; one that the filter excludes as a whole is left out.

    For counting, where nothing is sorted, states, projects and boards are one part each.
    """
    if not user.is_active:
        return []
    reached = reached or containers_of(user, now)
    if asked.board is not None:
        return _of_board(user, asked.board, reached, now)
    return [*_own(user), *_by_role(user, counting), *_by_container(user, asked, reached, counting)]


def _own(user: User) -> Iterator[Window]:
    yield Window(ReviewRequest.objects.filter(requester=user), is_own=True)
    parts = Contributor.objects.filter(person=user)
    yield Window(ReviewRequest.objects.filter(pk__in=parts.values("request_id")), is_own=True)
    conditions = Condition.objects.filter(Q(owner=user) | Q(verifier=user))
    yield Window(_submitted(pk__in=conditions.values("decision__request_id")))


def _by_role(user: User, counting: bool) -> Iterator[Window]:
    if has_role(user, *SEES_SUBMITTED):
        yield Window(_submitted())
        return
    states = [*(WITH_SECRETARY if has_role(user, Role.SECRETARY) else ())]
    states += [*(TO_SHIP if has_role(user, Role.RELEASE_MANAGER) else ())]
    if counting and states:
        yield Window(_submitted(state__in=states))
    else:
        yield from (Window(_submitted(state=state)) for state in states)


def _by_container(user: User, asked: Asked, reached: Containers, counting: bool) -> Iterator[Window]:
    if has_role(user, *SEES_SUBMITTED):
        return
    projects = reached.whole_projects & {asked.project} if asked.project else reached.whole_projects
    if reached.narrowed:
        yield Window(_submitted().filter(reached.narrowed.within))
    if len(projects) > (1 if counting else SINGLY):
        yield Window(_submitted(project__in=projects))
    else:
        yield from (Window(_submitted(project=project)) for project in sorted(projects))
    if counting and len(reached.boards) > 1:
        at_boards = BoardReview.objects.filter(request=OuterRef("pk"), board__in=reached.boards)
        yield Window(_submitted().filter(Exists(at_boards)))
    else:
        yield from (_board(board) for board in sorted(reached.boards))


def _board(board: int) -> Window:
    """Return the part of one board; a request with boards was submitted."""
    return Window(BoardReview.objects.filter(board=board), "request__", "requested_at", "request")


def _of_board(user: User, board: int, reached: Containers, now: datetime) -> list[Window]:
    """Return the requests of the board that the person may see: all of them to who reaches it, else their own."""
    if board in reached.boards or has_role(user, *SEES_SUBMITTED):
        return [_board(board)]
    at_board = BoardReview.objects.filter(board=board).values("request_id")
    parts = windows(user, now, Asked(), reached)
    return [replace(part, rows=part.rows.filter(pk__in=at_board)) for part in parts if not part.prefix]


def _submitted(**given: object) -> "QuerySet[ReviewRequest]":
    return ReviewRequest.objects.filter(submitted_at__isnull=False, **given)
