"""Making boards, seating people, writing policies, granting the keeping and the reading of a board."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.grants import in_force
from accounts.models import User
from accounts.roles import Role
from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.services.sessions import end_all
from audit import trail
from audit.refusal import Refused
from records.canonical import canonical, digest
from reviews.models import Board, BoardGroupGrant, BoardUserGrant, Policy, Seat
from reviews.permissions.boards import why_not_manage_boards, why_not_seat
from reviews.permissions.containers import KEEP, READ
from reviews.permissions.reasons import require
from reviews.rules.boards_together import BoardKind
from reviews.rules.policy import PolicyError, as_json, parse
from reviews.rules.roster import SeatAttribute, SeatRole
from reviews.selectors.candidates import why_not_join_panel
from reviews.services.rescreening import person_seated


@transaction.atomic
def make_board(
    *,
    actor: User,
    slug: str,
    name_en: str,
    name_zh: str,
    kind: str,
    policy: Mapping[str, Any],
    now: datetime,
    language: str = "",
    time_zone: str = "UTC",
) -> Board:
    """Make a board with the first version of its policy; all secretaries keep it.

    `kind` is a BoardKind, `language` that of its records (empty: each request's own). Raises Refused for a policy
    that can't be used or a slug that is taken.
    """
    require(why_not_manage_boards(actor))
    if Board.objects.filter(slug=slug).exists():
        raise Refused(_("There is a board with this short name already."))
    board = Board.objects.create(
        slug=slug,
        name_en=name_en,
        name_zh=name_zh,
        kind=BoardKind(kind),
        language=language,
        time_zone=time_zone,
        created_at=now,
    )
    group, _made = Group.objects.get_or_create(name=Role.SECRETARY.value)
    grant = BoardGroupGrant.objects.create(content_object=board, group=group, permission=_permission(KEEP))
    data = {"slug": slug, "kind": str(kind)}
    trail.record("board.made", obj=board, actor=actor, now=now, data=data, also=[grant])
    _write_policy(board, policy, actor, now, "")
    return board


@transaction.atomic
def set_policy(
    *, actor: User, board_id: int, content: Mapping[str, Any], reason: str, now: datetime
) -> Policy:
    """Write a new version of the board's policy; open ballots keep the version with which they opened."""
    require(why_not_manage_boards(actor))
    board = get_object_or_404(Board.objects.select_for_update(), pk=board_id)
    if board.formed_for_id is not None:
        raise Refused(_("A panel decides by the policy with which it was formed."))
    if not reason.strip():
        raise Refused(_("Say why the policy changes; the reason is kept with the version."))
    return _write_policy(board, content, actor, now, reason)


def _write_policy(
    board: Board, content: Mapping[str, Any], actor: User, now: datetime, reason: str
) -> Policy:
    try:
        clean = as_json(parse(content))
    except PolicyError as error:
        faults = ", ".join(f"{problem.path} ({problem.fault})" for problem in error.problems)
        raise Refused(_("This policy can't be used: {faults}.").format(faults=faults)) from error
    last = board.policies.order_by("-version").first()
    policy = Policy.objects.create(
        board=board,
        version=last.version + 1 if last else 1,
        content=clean,
        sha256=digest(canonical(clean)),
        made_by=actor,
        made_at=now,
        reason=reason,
    )
    trail.record(
        "policy.written", obj=policy, actor=actor, now=now, reason=reason,
        data={"board": board.pk, "version": policy.version, "sha256": policy.sha256},
    )  # fmt: skip
    return policy


@transaction.atomic
def seat_person(
    *,
    actor: User,
    board_id: int,
    person_id: int,
    role: str,
    attributes: Sequence[str],
    now: datetime,
) -> Seat:
    """Give a person a seat (chair, member, alternate) with attributes that composition counts.

    Raises Refused when they have one on this board, or the board has a chair already. A chair signs: who has no second
    factor yet is signed out, so that the set-up stands at their next step.
    """
    require(why_not_manage_boards(actor))
    board = get_object_or_404(Board.objects.select_for_update(), pk=board_id)
    person = get_object_or_404(User, pk=person_id)
    require(why_not_seat(person))
    require(why_not_join_panel(actor, person, board, now))
    in_force = Seat.objects.filter(board=board, until__isnull=True)
    if in_force.filter(person=person).exists():
        raise Refused(
            _("{person} has a seat on this board. End it first.").format(person=person.display_name)
        )
    if role == SeatRole.CHAIR and in_force.filter(role=SeatRole.CHAIR).exists():
        raise Refused(_("This board has a chair. End that seat first."))
    seat = Seat.objects.create(
        board=board,
        person=person,
        role=SeatRole(role),
        attributes=[SeatAttribute(code).value for code in attributes],
        since=now,
        seated_by=actor,
    )
    if needs_second_factor(person, now) and not has_second_factor(person):
        end_all(person)
    trail.record(
        "seat.given", obj=seat, actor=actor, now=now, personal={"person": person.display_name},
        data={"board": board.pk, "person": str(person.pseudonym), "role": str(role), "attributes": seat.attributes},
    )  # fmt: skip
    person_seated(seat, now)
    return seat


@transaction.atomic
def end_seat(*, actor: User, seat_id: int, reason: str, now: datetime) -> Seat:
    """End a seat; ballots that are open keep the roster with which they opened, past ones are untouched."""
    require(why_not_manage_boards(actor))
    seat = get_object_or_404(
        Seat.objects.select_related("person", "board").select_for_update(of=("self",)), pk=seat_id
    )
    if seat.until is not None:
        raise Refused(_("This seat has ended already."))
    seat.until = now
    seat.save(update_fields=["until"])
    trail.record(
        "seat.ended", obj=seat, actor=actor, now=now, reason=reason, personal={"person": seat.person.display_name},
        data={"board": seat.board_id, "person": str(seat.person.pseudonym)},
    )  # fmt: skip
    return seat


@transaction.atomic
def grant_on_board(
    *,
    actor: User,
    board_id: int,
    person_id: int,
    permission: str,
    now: datetime,
    valid_until: datetime | None = None,
) -> BoardUserGrant:
    """Let a person keep the board as secretary ("keep_board") or read what it reviews ("read_board").

    Granted like this already, nothing changes and there is no event.
    """
    require(why_not_manage_boards(actor))
    board = get_object_or_404(Board, pk=board_id)
    person = get_object_or_404(User, pk=person_id, is_active=True)
    about: dict[str, Any] = {"content_object": board, "user": person, "permission": _permission(permission)}
    present: BoardUserGrant | None = BoardUserGrant.objects.select_for_update().filter(**about).first()
    if present is not None and present.valid_until == valid_until:
        return present
    grant: BoardUserGrant
    grant, _made = BoardUserGrant.objects.update_or_create(**about, defaults={"valid_until": valid_until})
    trail.record(
        "board.granted", obj=board, actor=actor, now=now, personal={"person": person.display_name}, also=[grant],
        data={
            "person": str(person.pseudonym),
            "permission": permission,
            "valid_until": valid_until.isoformat() if valid_until else None,
        },
    )  # fmt: skip
    return grant


@transaction.atomic
def end_grant(*, actor: User, board_id: int, person_id: int, permission: str, now: datetime) -> None:
    """End a person's grant on the board from now on."""
    require(why_not_manage_boards(actor))
    grant = get_object_or_404(
        BoardUserGrant.objects.filter(in_force(now)).select_related("user", "content_object"),
        content_object_id=board_id, user_id=person_id, permission=_permission(permission),
    )  # fmt: skip
    grant.valid_until = now
    grant.save(update_fields=["valid_until"])
    trail.record(
        "board.grant_ended", obj=grant.content_object, actor=actor, now=now, also=[grant],
        personal={"person": grant.user.display_name},
        data={"person": str(grant.user.pseudonym), "permission": permission},
    )  # fmt: skip


def _permission(codename: str) -> Permission:
    if codename not in (KEEP, READ):
        raise ValueError(f"{codename} is no permission on boards.")
    return Permission.objects.get(content_type__app_label="reviews", codename=codename)
