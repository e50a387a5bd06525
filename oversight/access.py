"""Auditors open the pages of what they audit like anybody who was let in: by grants on projects and boards.

They are made for engagements in force and withdrawn with them. A grant that somebody else gave stays as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Model

from accounts.grants import in_force
from accounts.models import User
from accounts.roles import Role
from audit import trail
from oversight.models import Engagement, EngagementGrant, OpenedContainer
from registry.models import Project, ProjectUserGrant
from registry.permissions import VIEW
from reviews.models import Board, BoardUserGrant
from reviews.permissions.containers import READ

PROJECT, BOARD = "project", "board"
MOVED = "access.moved"
GRANTS = {PROJECT: (ProjectUserGrant, VIEW), BOARD: (BoardUserGrant, READ)}


@dataclass(frozen=True, slots=True, order=True)
class Door:
    """An auditor and a container that an engagement opens to them."""

    auditor_id: int
    kind: str
    container_id: int


@transaction.atomic
def keep_up(now: datetime) -> int:
    """Give and withdraw what engagements ask for at this moment; return how many grants were touched.

    Called whenever an engagement is made or ended, and every minute for those that begin or end by the clock and for
    projects and boards that are new under an engagement for the whole organisation. Each project or board that was
    opened or closed to somebody has an event of it.
    """
    wanted = _wanted(now)
    opened = {_door(row): row for row in OpenedContainer.objects.select_for_update()}
    moved: dict[Door, list[Model]] = {}
    for door in sorted(opened.keys() - wanted.keys()):
        moved[door] = _close(door, now)
        opened[door].delete()
    for door, until in sorted(wanted.items()):
        if grants := _open(door, until, now, is_ours=door in opened):
            moved[door] = grants
    _tell(moved, now)
    return len(moved)


def _tell(moved: dict[Door, list[Model]], now: datetime) -> None:
    """Leave an event at each project and board, about the grants on it."""
    grants: dict[tuple[str, int], list[Model]] = {}
    for door, written in moved.items():
        grants.setdefault((door.kind, door.container_id), []).extend(written)
    for (kind, container_id), written in grants.items():
        if written:
            container = (Project if kind == PROJECT else Board).objects.get(pk=container_id)
            trail.record(
                MOVED, obj=container, actor=None, now=now, data={"count": len(written)}, also=written
            )


def _wanted(now: datetime) -> dict[Door, datetime]:
    """Return each door that has to be open, with the latest end of the engagements that open it."""
    wanted: dict[Door, datetime] = {}
    running = Engagement.objects.filter(starts_at__lte=now, ends_at__gt=now, ended_at=None)
    for engagement in running.prefetch_related("projects", "boards"):
        for auditor in auditors_of(engagement, now):
            for kind, container_id in _containers(engagement):
                door = Door(auditor.pk, kind, container_id)
                wanted[door] = max(engagement.ends_at, wanted.get(door, engagement.ends_at))
    return wanted


def auditors_of(engagement: Engagement, now: datetime) -> list[User]:
    """Return the auditors whose grant on the engagement counts and who are auditors still, by name."""
    grants = EngagementGrant.objects.filter(in_force(now), content_object=engagement)
    people = User.objects.filter(
        pk__in=grants.values("user_id"), is_active=True, groups__name=Role.AUDITOR.value
    )
    return list(people.order_by("display_name", "id"))


def _containers(engagement: Engagement) -> Iterator[tuple[str, int]]:
    projects = Project.objects.all() if engagement.whole else engagement.projects.all()
    boards = Board.objects.all() if engagement.whole else engagement.boards.all()
    yield from ((PROJECT, project.pk) for project in projects)
    yield from ((BOARD, board.pk) for board in boards)


def _door(row: OpenedContainer) -> Door:
    kind, container_id = (PROJECT, row.project_id) if row.project_id else (BOARD, row.board_id)
    assert container_id is not None
    return Door(row.auditor_id, kind, container_id)


def _open(door: Door, until: datetime, now: datetime, *, is_ours: bool) -> list[Model]:
    """Make the grant last until then, unless somebody else gave one that counts; return it when it was written."""
    model, codename = GRANTS[door.kind]
    same: dict[str, Any] = {
        "user_id": door.auditor_id,
        "content_object_id": door.container_id,
        "permission": _permission(codename),
    }
    grant = model.objects.filter(**same).first()
    if grant is not None and not is_ours and (grant.valid_until is None or grant.valid_until > now):
        return []
    if grant is not None and is_ours and grant.valid_until == until:
        return []
    grant, _made = model.objects.update_or_create(**same, defaults={"valid_until": until})
    if not is_ours:
        OpenedContainer.objects.create(auditor_id=door.auditor_id, **{f"{door.kind}_id": door.container_id})
    return [grant]


def _close(door: Door, now: datetime) -> list[Model]:
    """End the grants, and return them as they are then."""
    model, codename = GRANTS[door.kind]
    grants = model.objects.select_for_update().filter(
        in_force(now),
        user_id=door.auditor_id,
        content_object_id=door.container_id,
        permission=_permission(codename),
    )
    ended: list[Model] = []
    for grant in grants:
        grant.valid_until = now
        grant.save(update_fields=["valid_until"])
        ended.append(grant)
    return ended


def _permission(codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label__in=["registry", "reviews"], codename=codename)
