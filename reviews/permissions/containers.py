"""Which boards and projects a person reaches, by seats and grants in force: one query for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet, Value

from accounts.grants import in_force
from accounts.models import User
from registry.models import ProjectGroupGrant, ProjectUserGrant
from reviews.models import BoardGroupGrant, BoardUserGrant, Seat

KEEP, READ = "keep_board", "read_board"


@dataclass(frozen=True, slots=True)
class Containers:
    """`seats` maps boards to the role of a seat in force; `keeps` and `reads` are granted boards."""

    seats: Mapping[int, str] = field(default_factory=dict)
    keeps: frozenset[int] = frozenset()
    reads: frozenset[int] = frozenset()
    projects: frozenset[int] = frozenset()

    @property
    def boards(self) -> frozenset[int]:
        """Return the boards whose requests the person sees."""
        return frozenset(self.seats) | self.keeps | self.reads


def containers_of(user: User, now: datetime) -> Containers:
    """Return what the person reaches, by themself or through a group."""
    rows = list(_seats(user).union(*_grants(user, now)))
    granted = {(kind, code): set[int]() for kind, _, code in rows}
    for kind, container, code in rows:
        granted[kind, code].add(container)
    projects = [ids for (kind, _), ids in granted.items() if kind == "project"]
    return Containers(
        seats={container: code for kind, container, code in rows if kind == "seat"},
        keeps=frozenset(granted.get(("board", KEEP), ())),
        reads=frozenset(granted.get(("board", READ), ())),
        projects=frozenset[int]().union(*projects),
    )


def _seats(user: User) -> "QuerySet[Seat, tuple[str, int, str]]":
    seats = Seat.objects.filter(person=user, until__isnull=True).order_by()
    return seats.annotate(what=Value("seat")).values_list("what", "board_id", "role")


def _grants(user: User, now: datetime) -> list["QuerySet[Seat, tuple[str, int, str]]"]:
    """Return the grants as rows like those of the seats: kind of container, its id, what is granted."""
    sources = [
        ("board", BoardUserGrant.objects.filter(user=user)),
        ("board", BoardGroupGrant.objects.filter(group__user=user)),
        ("project", ProjectUserGrant.objects.filter(user=user)),
        ("project", ProjectGroupGrant.objects.filter(group__user=user)),
    ]
    return [
        rows.filter(in_force(now))
        .order_by()
        .annotate(what=Value(kind))
        .values_list("what", "content_object_id", "permission__codename")
        for kind, rows in sources
    ]
