"""What becomes of a decision: it is signed by people, released, suspended, withdrawn, appealed."""

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field
from pydantic import StringConstraints

from accounts.api.fields import In, Out, Sha256, Words, page_address
from accounts.api.problems import Code, Problem
from accounts.api.rooms import Room
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.requests import Reference, answered, found_request
from reviews.api.told import DecisionOut, RequestOut, decision_out
from reviews.models import Appeal, Decision, ReviewRequest
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_read_decisions
from reviews.rules.recusal import SigningRole
from reviews.services import suspending
from reviews.services.appeals import file_appeal as appeal
from reviews.services.release import record_release as release
from reviews.services.signing import refuse_to_sign as refuse

room = Room("Decisions")
APPROVALS = ["approved", "approved_with_conditions"]


class DecisionsOut(Out):
    """The decisions on the request, oldest first."""

    items: list[DecisionOut]


class ReleaseIn(In):
    """What was released, and where."""

    manifest_sha256: Sha256 = Field(description="Of what is released; it has to be what was approved.")
    where: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = Field(
        "", examples=["https://models.example.org/ferryman-2.1"]
    )


class ReasonIn(In):
    """Why."""

    reason: Words = Field(examples=["Wrong dosages in Thai."])


class RefusalIn(ReasonIn):
    """As what somebody refuses to sign, and why."""

    role: SigningRole


class AppealIn(In):
    """On which grounds."""

    grounds: Words = Field(examples=["The board read an earlier revision of the evaluation."])


class AppealOut(Out):
    """An appeal against a rejection or a suspension."""

    number: int = Field(examples=[1])
    state: str = Field(examples=["filed"])
    grounds: str = Field(examples=["The board read an earlier revision of the evaluation."])
    filed_at: datetime


class AppealsOut(Out):
    """The appeals of the request."""

    items: list[AppealOut]


@room.get("/requests/{reference}/decisions", DecisionsOut, Scope.REQUESTS_READ)
def list_decisions(request: HttpRequest, reference: Reference) -> DecisionsOut:
    """List the decisions on the request; who is recused from it doesn't read them."""
    user, found, now = found_request(request, reference)
    require(why_not_read_decisions(user, found, now))
    rows = (
        Decision.objects.filter(request=found)
        .select_related("revision", "release")
        .defer("revision__content")
        .prefetch_related("signatures", "suspensions")
    )
    return DecisionsOut(items=[decision_out(one) for one in rows.order_by("number")])


@room.post(
    "/requests/{reference}/signature",
    DecisionOut,
    Scope.REQUESTS_READ,
    takes=None,
    tells=(Code.PERSON_SIGNS,),
)
def sign_decision(request: HttpRequest, reference: Reference) -> DecisionOut:
    """Learn where a decision is signed: never here.

    A signature asks for the person's own components (21 CFR 11.200), on the page. This operation exists so that a
    program is told so, and where; it always answers with a problem.
    """
    _user, found, _now = found_request(request, reference)
    address = page_address("reviews:sign", found.reference)
    raise Problem(
        Code.PERSON_SIGNS,
        _("A decision is signed by a person with password and code, or a passkey: {address}").format(
            address=address
        ),
        more={"address": address},
    )


@room.post("/requests/{reference}/signature/refusal", RequestOut, Scope.BOARDS_WRITE)
def refuse_to_sign(request: HttpRequest, reference: Reference, given: RefusalIn) -> RequestOut:
    """Refuse to sign the decision as legal staff or as chair; its boards deliberate again."""
    user, found, now = found_request(request, reference)
    decision = Decision.objects.filter(request=found).order_by("-id").first()
    if decision is None:
        raise Http404
    refuse(actor=user, decision_id=decision.pk, role=given.role, reason=given.reason, now=now)
    return answered(user, reference, now)


def approval(request: HttpRequest, reference: str) -> tuple[User, ReviewRequest, Decision, datetime]:
    """Return who asks, the request, its last approval and the moment; raises Http404."""
    user, found, now = found_request(request, reference)
    rows = Decision.objects.filter(request=found, outcome__in=APPROVALS)
    decision = rows.order_by("-id").first()
    if decision is None:
        raise Http404
    decision.request = found
    return user, found, decision, now


@room.post("/requests/{reference}/release", RequestOut, Scope.RELEASES_WRITE)
def record_release(request: HttpRequest, reference: Reference, given: ReleaseIn) -> RequestOut:
    """Record that exactly what was approved was released."""
    user, _found, decision, now = approval(request, reference)
    release(
        actor=user, decision_id=decision.pk, manifest_sha256=given.manifest_sha256, where=given.where, now=now
    )
    return answered(user, reference, now)


@room.post("/requests/{reference}/suspension", RequestOut, Scope.RELEASES_WRITE)
def suspend_approval(request: HttpRequest, reference: Reference, given: ReasonIn) -> RequestOut:
    """Suspend the approval, alone and at once; its board ratifies or lifts it by a ballot."""
    user, _found, decision, now = approval(request, reference)
    suspending.suspend_approval(actor=user, decision_id=decision.pk, reason=given.reason, now=now)
    return answered(user, reference, now)


@room.post("/requests/{reference}/approval/withdrawal", RequestOut, Scope.RELEASES_WRITE)
def withdraw_approval(request: HttpRequest, reference: Reference, given: ReasonIn) -> RequestOut:
    """Withdraw a suspended approval for good."""
    user, _found, decision, now = approval(request, reference)
    suspending.withdraw_approval(actor=user, decision_id=decision.pk, reason=given.reason, now=now)
    return answered(user, reference, now)


@room.get("/requests/{reference}/appeals", AppealsOut, Scope.REQUESTS_READ)
def list_appeals(request: HttpRequest, reference: Reference) -> AppealsOut:
    """List the appeals of the request."""
    user, found, now = found_request(request, reference)
    require(why_not_read_decisions(user, found, now))
    return _appeals(found)


@room.post("/requests/{reference}/appeals", AppealsOut, Scope.REQUESTS_WRITE, status=201)
def file_appeal(request: HttpRequest, reference: Reference, given: AppealIn) -> AppealsOut:
    """Appeal a rejection or a suspension; a panel of people who took no part hears it."""
    user, found, now = found_request(request, reference)
    appeal(actor=user, request_id=found.pk, grounds=given.grounds, now=now)
    return _appeals(found)


def _appeals(found: ReviewRequest) -> AppealsOut:
    rows = Appeal.objects.filter(request=found).order_by("id")
    return AppealsOut(
        items=[
            AppealOut(number=one.number, state=one.state, grounds=one.grounds, filed_at=one.filed_at)
            for one in rows
        ]
    )
