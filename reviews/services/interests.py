"""Interests and recusals: a member declares, a chair or secretary judges, who is recused keeps out for good."""

from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Block, Declaration, Recusal, ReviewRequest
from reviews.models.review import INTERESTS
from reviews.permissions import reviewing
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.services.closing import settle_open_ballots
from reviews.services.screening import keep_out


@transaction.atomic
def declare_interest(*, actor: User, request_id: int, kind: str, text: str, now: datetime) -> Declaration:
    """Declare an interest (kind: one of INTERESTS) for the chair or the secretary to judge."""
    request = request_to_change(actor, request_id, now)
    require(reviewing.why_not_declare(actor, request, now))
    if kind not in INTERESTS or not text.strip():
        raise Refused(_("Say what kind of interest it is, and describe it."))
    declaration = Declaration.objects.create(
        request=request, person=actor, kind=kind, text=text.strip(), declared_at=now
    )
    trail.record("interest.declared", obj=declaration, actor=actor, now=now, data={"kind": kind}, reason=text)
    return declaration


@transaction.atomic
def judge_interest(
    *, actor: User, declaration_id: int, is_conflict: bool, finding: str, now: datetime
) -> Declaration:
    """Say whether a declared interest is a conflict; if it is, its holder is recused."""
    found = get_object_or_404(Declaration, pk=declaration_id)
    request = request_to_change(actor, found.request_id, now)
    declaration = Declaration.objects.select_related("person").get(pk=declaration_id)
    declaration.request = request
    require(reviewing.why_not_judge_interest(actor, declaration, now))
    declaration.is_conflict, declaration.finding = is_conflict, finding.strip()
    declaration.judged_by, declaration.judged_at = actor, now
    declaration.save(update_fields=["is_conflict", "finding", "judged_by", "judged_at"])
    trail.record(
        "interest.judged", obj=declaration, actor=actor, now=now, reason=finding,
        data={"is_conflict": is_conflict, "person": str(declaration.person.pseudonym)},
    )  # fmt: skip
    if is_conflict and not Recusal.objects.filter(request=request, person=declaration.person).exists():
        _recuse(request, declaration.person, declaration.kind, declaration.text, actor, now)
    return declaration


@transaction.atomic
def recuse(*, actor: User, request_id: int, kind: str, reason: str, now: datetime) -> Recusal:
    """Recuse oneself from the request: the vote falls out of every open ballot, and it can't be taken back.

    Others see the kind of the reason (one of INTERESTS), not the reason. The holder's own blocking positions end.
    """
    request = request_to_change(actor, request_id, now)
    require(reviewing.why_not_declare(actor, request, now))
    if kind not in INTERESTS or not reason.strip():
        raise Refused(_("Say what kind of conflict it is, and give a reason."))
    blocks = Block.objects.filter(review__request=request, holder=actor, state="standing")
    for block in blocks:
        block.state, block.ended_at = "cleared", now
        block.ending_reason = _("Its holder recused themself.")
        block.save(update_fields=["state", "ended_at", "ending_reason"])
        trail.record("block.cleared", obj=block, actor=actor, now=now, data={"by": "recusal"})
    return _recuse(request, actor, kind, reason.strip(), actor, now)


def _recuse(
    request: ReviewRequest, person: User, kind: str, reason: str, actor: User, now: datetime
) -> Recusal:
    recusal = keep_out(request, person, kind, reason, actor, now)
    settle_open_ballots(request, now)
    return recusal
