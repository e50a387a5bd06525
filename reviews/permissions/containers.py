"""Which boards and projects a person reaches, by seats and grants in force: one query for all of them."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Q

from accounts.models import User
from accounts.roles import Role, has_role, keep_roles

KEEP, READ = "keep_board", "read_board"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Granted containers of which an auditor sees some requests only: those that meet `within`, and no others."""

    projects: frozenset[int]
    boards: frozenset[int]
    within: Q


@dataclass(frozen=True, slots=True)
class Containers:
    """`seats` maps boards to the role of a seat in force; `keeps` and `reads` are granted boards.

    `narrowed` are containers among the granted ones that don't show all of their requests.
    """

    seats: Mapping[int, str] = field(default_factory=dict)
    keeps: frozenset[int] = frozenset()
    reads: frozenset[int] = frozenset()
    projects: frozenset[int] = frozenset()
    narrowed: Narrowed | None = None

    @property
    def boards(self) -> frozenset[int]:
        """Return the boards whose requests the person sees, all of them."""
        reads = self.reads - self.narrowed.boards if self.narrowed else self.reads
        return frozenset(self.seats) | self.keeps | reads

    @property
    def whole_projects(self) -> frozenset[int]:
        """Return the projects whose requests the person sees, all of them."""
        return self.projects - self.narrowed.projects if self.narrowed else self.projects


Narrowing = Callable[[User, datetime], Narrowed | None]
_narrowings: list[Narrowing] = []


def register_narrowing(narrowing: Narrowing) -> None:
    """Let an app above say which containers an auditor reads in part only; asked for auditors, on every page."""
    _narrowings.append(narrowing)


_GRANTED = """
    SELECT '{kind}', granted.content_object_id, permission.codename
    FROM {app}_{kind}usergrant granted JOIN auth_permission permission ON permission.id = granted.permission_id
    WHERE granted.user_id = %(person)s AND (granted.valid_until IS NULL OR granted.valid_until > %(now)s)
    UNION
    SELECT '{kind}', granted.content_object_id, permission.codename
    FROM {app}_{kind}groupgrant granted JOIN auth_permission permission ON permission.id = granted.permission_id
    JOIN accounts_user_groups joined ON joined.group_id = granted.group_id
    WHERE joined.user_id = %(person)s AND (granted.valid_until IS NULL OR granted.valid_until > %(now)s)
"""
_ROLES = """
    SELECT 'role', joined.group_id, auth_group.name
    FROM accounts_user_groups joined JOIN auth_group ON auth_group.id = joined.group_id
    WHERE joined.user_id = %(person)s
"""
_REACHED = " UNION ".join(
    (
        "SELECT 'seat', board_id, role FROM reviews_seat WHERE person_id = %(person)s AND until IS NULL",
        _GRANTED.format(app="reviews", kind="board"),
        _GRANTED.format(app="registry", kind="project"),
        _ROLES,
    )
)
"""Plain SQL, because every page and every act asks this, and composing it took longer than its answer."""


def containers_of(user: User, now: datetime) -> Containers:
    """Return what the person reaches, by themself or through a group; it reads their roles along."""
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(_REACHED, {"person": user.pk, "now": moment})
        rows: list[tuple[str, int, str]] = cursor.fetchall()
    keep_roles(user, (code for kind, _group, code in rows if kind == "role"))
    granted: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for kind, container, code in rows:
        granted[kind, code].add(container)
    projects = [ids for (kind, _), ids in granted.items() if kind == "project"]
    return Containers(
        seats={container: code for kind, container, code in rows if kind == "seat"},
        keeps=frozenset(granted["board", KEEP]),
        reads=frozenset(granted["board", READ]),
        projects=frozenset[int]().union(*projects),
        narrowed=_narrowed(user, now),
    )


def _narrowed(user: User, now: datetime) -> Narrowed | None:
    if not has_role(user, Role.AUDITOR):
        return None
    return next((found for narrowing in _narrowings if (found := narrowing(user, now))), None)
