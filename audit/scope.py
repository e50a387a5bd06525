"""Where an event belongs: project, board and the thing whose story it is part of.

Stands in the leaf and in columns, so that an auditor's engagement is a filter of the log, and the timeline of a
request shows its ballots and votes too. Registered by the app that owns the model, in AppConfig.ready():

    scope.register("reviews.ballot", lambda ballot: scope.Place(
        project=ballot.review.request.version.model.project_id, board=ballot.review.board_id,
        root=("reviews.reviewrequest", ballot.review.request_id)))
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet


@dataclass(frozen=True, slots=True)
class Place:
    """`project` and `board` are ids, None where there is none; `root` is (label_lower, id) of the story's object.

    Without a root the object is its own. Only what never changes for the object belongs here: which boards share
    a request is asked when the log is read, see `share`.
    """

    project: int | str | None = None
    board: int | str | None = None
    root: tuple[str, int | str] | None = None


Resolver = Callable[[Any], Place]
Shared = Callable[[Collection[int]], "QuerySet[Any, Any] | Iterable[int]"]

_resolvers: dict[str, Resolver] = {}
_shared: dict[str, Shared] = {}


def register(model_label: str, resolver: Resolver) -> None:
    """Say where events of this model ("reviews.ballot") belong; the resolver gets the object that was recorded.

    It runs within `trail.record`: let it read loaded relations, a query more at the most.
    """
    _resolvers[model_label] = resolver


def share(root_label: str, roots_of_boards: Shared) -> None:
    """Say which roots ("reviews.reviewrequest") boards have a part in: board ids in, queryset of root ids out.

    Their events that belong to no single board are then in the scope of an engagement for one of these boards.
    """
    _shared[root_label] = roots_of_boards


def place_of(obj: Model) -> Place:
    """Return where an event about the object belongs; nowhere when its app registered nothing."""
    resolver = _resolvers.get(obj._meta.label_lower)
    return resolver(obj) if resolver else Place()


def shared() -> dict[str, Shared]:
    """Return what `share` was told."""
    return dict(_shared)
