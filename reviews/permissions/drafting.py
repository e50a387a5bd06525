"""Who may draft a request, edit its dossier, submit it, take it back, and say who works on it."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from registry.models import Project
from registry.permissions import why_not_contribute
from reviews.models import ReviewRequest
from reviews.permissions.reasons import WrongPerson, WrongState
from reviews.permissions.standing import standing_of
from reviews.rules.lifecycle import RequestEvent, RequestState, events_of

EDITABLE = (RequestState.DRAFT, RequestState.IN_REVIEW)


def why_not_draft(actor: User, project: Project, now: datetime) -> str | None:
    """Return why the person may not draft a request in the project; None if they may."""
    reason = why_not_contribute(actor, project, now)
    return WrongPerson(reason) if reason else None


def why_not_edit(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person may not change the dossier: the requester and contributors may, in a draft and while
    boards review, where a change becomes a new revision.
    """
    if not standing_of(actor, request, now).is_asking:
        return WrongPerson(_("The dossier is written by the requester and contributors."))
    if request.state in EDITABLE:
        return None
    if request.state in (RequestState.SUBMITTED, RequestState.TRIAGE):
        return WrongState(
            _("The secretary is checking this dossier. It can be changed when it is returned or in review.")
        )
    return WrongState(_("This dossier is frozen. A change is asked for by a new request."))


def why_not_submit(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person may not submit a revision; gaps in the dossier are asked apart.

    The requester submits; while boards review, contributors may too, because an answer may be due.
    """
    if reason := why_not_edit(actor, request, now):
        return reason
    if request.state == RequestState.DRAFT and request.requester_id != actor.pk:
        return WrongPerson(_("The requester submits. You may edit the dossier."))
    return None


def why_not_withdraw(actor: User, request: ReviewRequest, now: datetime) -> str | None:  # noqa: ARG001 (as its siblings)
    """Return why the person may not withdraw the request: the requester may, before it is approved."""
    if request.requester_id != actor.pk or not actor.is_active:
        return WrongPerson(_("Only the requester withdraws a request."))
    if request.state == RequestState.SUSPENDED or RequestEvent.WITHDRAW not in events_of(
        RequestState(request.state)
    ):
        return WrongState(_("The request is decided and closed, so it can't be withdrawn any more."))
    return None


def why_not_name_contributors(actor: User, request: ReviewRequest, now: datetime) -> str | None:  # noqa: ARG001
    """Return why the person may not say who else works on the dossier: the requester does, in a draft.

    Later it would change who may judge the request.
    """
    if request.requester_id != actor.pk or not actor.is_active:
        return WrongPerson(_("The requester says who works on the dossier."))
    if request.state != RequestState.DRAFT:
        return WrongState(_("Who works on the dossier is settled when it is submitted."))
    return None
