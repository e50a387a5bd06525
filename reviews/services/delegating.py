"""Delegating while one is away: a seat to an alternate, signing as legal staff to a colleague; ended by the giver."""

from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reminders.notices import notify
from reviews.models import Delegation, Seat
from reviews.permissions.delegating import FAULTS, both_legal, kind_of, not_over, why_not_end_delegation
from reviews.permissions.reasons import require
from reviews.rules.delegation import Asked, Given, Span, faults_of
from reviews.rules.roster import SeatRole
from reviews.selectors.addresses import away_address


@transaction.atomic
def delegate(
    *,
    actor: User,
    board_id: int | None,
    deputy_id: int,
    since: datetime,
    until: datetime,
    reason: str,
    now: datetime,
) -> Delegation:
    """Name who stands in for the actor from `since` to before `until`: on a board, or as legal staff (`board_id` None).

    Raises Refused with every sentence on what is wrong. Both people are locked, so that two delegations at the same
    moment come one after the other.
    """
    people = User.objects.select_for_update().filter(pk__in={actor.pk, deputy_id}).order_by("pk")
    deputy = next((person for person in people if person.pk == deputy_id), None)
    if deputy is None:
        raise Refused(_("Choose who stands in for you."))
    asked = _asked(actor, deputy, board_id, Span(max(since, now), until), reason)
    faults = faults_of(asked, _there(board_id, now), now)
    if faults:
        raise Refused(" ".join(str(FAULTS[fault]) for fault in faults))
    made = Delegation.objects.create(
        kind=asked.kind, giver=actor, deputy=deputy, board_id=board_id, since=asked.span.since, until=until,
        reason=reason.strip(), made_by=actor, made_at=now,
    )  # fmt: skip
    trail.record(
        "delegation.made", obj=made, actor=actor, now=now, reason=made.reason,
        data={
            "kind": made.kind, "board": board_id, "giver": str(actor.pseudonym), "deputy": str(deputy.pseudonym),
            "since": made.since.isoformat(), "until": made.until.isoformat(),
        },
        personal={"giver": actor.display_name, "deputy": deputy.display_name},
    )  # fmt: skip
    _tell(made, now)
    return made


def _asked(giver: User, deputy: User, board_id: int | None, span: Span, reason: str) -> Asked:
    seats = Seat.objects.filter(board=board_id, person__in=[giver, deputy], until__isnull=True)
    roles = {seat.person_id: SeatRole(seat.role) for seat in seats} if board_id is not None else {}
    return Asked(
        kind=kind_of(board_id), giver=giver.pk, deputy=deputy.pk, span=span, reason=reason,
        giver_role=roles.get(giver.pk), deputy_role=roles.get(deputy.pk),
        both_legal=both_legal(giver, deputy), deputy_is_active=deputy.is_active,
    )  # fmt: skip


def _there(board_id: int | None, now: datetime) -> list[Given]:
    rows = Delegation.objects.filter(not_over(now), kind=kind_of(board_id), board=board_id)
    return [Given(row.giver_id, row.deputy_id, Span(row.since, row.until)) for row in rows]


@transaction.atomic
def end_delegation(*, actor: User, delegation_id: int, now: datetime) -> Delegation:
    """End one's own delegation before its time: from then on the giver votes and signs themself again.

    A ballot that is open keeps its roster; the secretary marks the arrival.
    """
    found = Delegation.objects.select_for_update(of=("self",)).select_related("giver", "deputy")
    delegation = get_object_or_404(found, pk=delegation_id, giver=actor)
    require(why_not_end_delegation(actor, delegation))
    delegation.ended_at, delegation.ended_by = now, actor
    delegation.save(update_fields=["ended_at", "ended_by"])
    trail.record(
        "delegation.ended", obj=delegation, actor=actor, now=now,
        data={"kind": delegation.kind, "board": delegation.board_id, "deputy": str(delegation.deputy.pseudonym)},
        personal={"deputy": delegation.deputy.display_name},
    )  # fmt: skip
    _tell(delegation, now)
    return delegation


def _tell(delegation: Delegation, now: datetime) -> None:
    """Tell the deputy that they stand in, or no longer."""
    name = delegation.giver.display_name
    ended = delegation.ended_at is not None
    subject = _("You no longer stand in for {person}") if ended else _("You stand in for {person}")
    body = (
        _("{person} ended the delegation before its time and acts themself again.")
        if ended
        else _("{person} will be away and named you. From when until when stands on your page.")
    )
    notify(
        person=delegation.deputy, kind="delegation.ended" if ended else "delegation.made", obj=delegation,
        once="ended" if ended else "made", subject=format_lazy(subject, person=name),
        body=format_lazy(body, person=name), url=away_address(), now=now,
    )  # fmt: skip
