"""How a request finds its boards: checked, returned, accepted, routed; and who keeps out of it."""

from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field
from pydantic import StringConstraints

from accounts.api.faults import pointer
from accounts.api.fields import Flag, Id, In, Words, WordsOrNone
from accounts.api.problems import Code, Problem
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from reviews.api.requests import Reference, answered, found_request
from reviews.api.told import RequestOut
from reviews.models import Board, Declaration
from reviews.permissions.reasons import require
from reviews.permissions.triage import why_not_check, why_not_route
from reviews.rules.panels import BoardPurpose
from reviews.rules.provisional import EmergencyGround
from reviews.rules.triage import Procedure
from reviews.services import interests
from reviews.services import triage as services

room = Room("Triage and interests")
Slug = Annotated[str, StringConstraints(min_length=1, max_length=50)]
InterestName = Literal["financial", "personal", "professional", "other"]


class ReturnIn(In):
    """All gaps in one notice."""

    text: Words = Field(examples=["The evaluation lacks Cantonese."])
    questions: list[Annotated[str, StringConstraints(max_length=60)]] = Field(
        [], max_length=200, examples=[["evaluation"]]
    )


class RouteIn(In):
    """The way of the request; a departure from what the rules propose needs a reason."""

    tier: Literal[1, 2, 3, 4]
    procedure: Procedure
    boards: list[Slug] = Field(min_length=1, max_length=20, examples=[["ethics"]])
    leading: Slug = Field(description="One of the boards.", examples=["ethics"])
    reason: WordsOrNone = Field("", description="Why another route than the rules propose.", examples=[""])
    ground: EmergencyGround | None = Field(None, description="Of an emergency.", examples=[None])


class InterestIn(In):
    """An interest of one's own in the request, or why one keeps out."""

    kind: InterestName
    text: Words = Field(examples=["I advised the team last year."])


class JudgementIn(In):
    """Whether a declared interest is a conflict."""

    is_conflict: Flag
    finding: Words = Field(examples=["Advice a year ago doesn't tie."])


@room.post("/requests/{reference}/triage/return", RequestOut, Scope.BOARDS_WRITE)
def return_request(request: HttpRequest, reference: Reference, given: ReturnIn) -> RequestOut:
    """Return a submitted request to its requester, with all gaps in one notice."""
    user, found, now = found_request(request, reference)
    require(why_not_check(user, found, now))
    services.return_request(
        actor=user, request_id=found.pk, text=given.text, questions=given.questions, now=now
    )
    return answered(user, reference, now)


@room.post("/requests/{reference}/triage/acceptance", RequestOut, Scope.BOARDS_WRITE, takes=None)
def accept_request(request: HttpRequest, reference: Reference) -> RequestOut:
    """Say that the dossier is complete."""
    user, found, now = found_request(request, reference)
    services.accept_request(actor=user, request_id=found.pk, now=now)
    return answered(user, reference, now)


@room.post("/requests/{reference}/triage/route", RequestOut, Scope.BOARDS_WRITE)
def route_request(request: HttpRequest, reference: Reference, given: RouteIn) -> RequestOut:
    """Give the request to its boards."""
    user, found, now = found_request(request, reference)
    require(why_not_route(user, found, now))
    services.route_request(
        actor=user, request_id=found.pk, tier=given.tier, procedure=given.procedure, ground=given.ground or "",
        boards=[_board(slug, "boards") for slug in dict.fromkeys(given.boards)],
        leading=_board(given.leading, "leading", given.boards), override_reason=given.reason, now=now,
    )  # fmt: skip
    return answered(user, reference, now)


def _board(slug: str, name: str, among: list[str] | None = None) -> Board:
    board = Board.objects.filter(slug=slug, closed_at__isnull=True, purpose=BoardPurpose.STANDING).first()
    if board is None or (among is not None and slug not in among):
        sentence = _("The leading board is one of the boards.") if board else _("There is no such board.")
        raise Problem(Code.INVALID, sentence, errors=[{"pointer": pointer(name), "detail": sentence}])
    return board


@room.post("/requests/{reference}/interests", RequestOut, Scope.BOARDS_WRITE, status=201)
def declare_interest(request: HttpRequest, reference: Reference, given: InterestIn) -> RequestOut:
    """Declare an interest of one's own; the chair or the secretary judges it."""
    user, found, now = found_request(request, reference)
    interests.declare_interest(actor=user, request_id=found.pk, kind=given.kind, text=given.text, now=now)
    return answered(user, reference, now)


@room.post("/requests/{reference}/interests/{declaration_id}/judgement", RequestOut, Scope.BOARDS_WRITE)
def judge_interest(
    request: HttpRequest, reference: Reference, declaration_id: Id, given: JudgementIn
) -> RequestOut:
    """Say whether a declared interest is a conflict."""
    user, found, now = found_request(request, reference)
    declaration = get_object_or_404(Declaration, pk=declaration_id, request=found)
    interests.judge_interest(
        actor=user,
        declaration_id=declaration.pk,
        is_conflict=given.is_conflict,
        finding=given.finding,
        now=now,
    )
    return answered(user, reference, now)


@room.post("/requests/{reference}/recusal", RequestOut, Scope.BOARDS_WRITE)
def recuse(request: HttpRequest, reference: Reference, given: InterestIn) -> RequestOut:
    """Recuse oneself from the request, for good."""
    user, found, now = found_request(request, reference)
    interests.recuse(actor=user, request_id=found.pk, kind=given.kind, reason=given.text, now=now)
    return answered(user, reference, now)
