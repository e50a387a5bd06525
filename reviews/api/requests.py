"""Requests: listed, drafted, read, taken back; who works on them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.faults import pointer
from accounts.api.fields import Email, Id, IdIn, In, Out, PersonOut, WordsOrNone, person_out
from accounts.api.pages import PageOut, PageQuery, answer_page, cursor, read_cursor
from accounts.api.problems import Code, Problem
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import User
from accounts.rules.scopes import Scope
from accounts.selectors import person_by_email
from audit.selectors import Cursor
from reviews.api.told import RequestLineOut, RequestOut, line_out, request_out
from reviews.models import ReviewRequest, Revision
from reviews.permissions.containers import containers_of
from reviews.permissions.drafting import why_not_edit
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_for_page, why_not_read_decisions
from reviews.permissions.windows import Asked
from reviews.selectors.people_of_request import writers_of
from reviews.selectors.pipeline_page import addresses_for
from reviews.selectors.questionnaires import is_for_use
from reviews.selectors.request_list import boards_to_choose, line_of
from reviews.selectors.request_page import request_page
from reviews.selectors.requests import GROUPS, requests_page
from reviews.services import drafting
from reviews.services.withdrawal import withdraw_request as withdraw

room = Room("Requests")
Reference = Annotated[str, Field(pattern="^[A-Z]{2,10}-[0-9]{4}-[0-9]{4,8}$", examples=["IMP-2026-0008"])]
Purpose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
State = Literal[
    "open", "waiting", "decided", "draft", "submitted", "triage", "in_review", "approved", "released", "suspended",
    "rejected", "withdrawn", "expired", "superseded",
]  # fmt: skip


class RequestQuery(PageQuery):
    """What of the requests is asked for."""

    state: Annotated[
        State | None,
        Field(description="A state, or several together: open, waiting (for the secretary), decided."),
    ] = None
    version: Annotated[int | None, Field(ge=1, le=2**53 - 1, description="Number of a version.")] = None
    project: Annotated[int | None, Field(ge=1, le=2**53 - 1, description="Number of a project.")] = None
    board: Annotated[str, Field(max_length=50, description="Short name of a board.")] = ""
    tier: Annotated[int | None, Field(ge=1, le=4)] = None
    mine: Annotated[bool, Field(description="Only those that the person asked for.")] = False
    q: Annotated[
        str, Field(max_length=100, description="Part of a number, a model's or a person's name.")
    ] = ""


class RequestIn(In):
    """A new draft."""

    version: IdIn = Field(description="Number of the version to release.", examples=[9])
    purpose: Purpose = Field(
        description="For whom and what for.", examples=["Release to translators as a service"]
    )
    language: Literal["en", "zh-hans"] = "en"
    questionnaire: Annotated[str, StringConstraints(max_length=20)] = Field(
        "", description="Version of the questions; empty: the one in use.", examples=[""]
    )
    amends: Annotated[str, StringConstraints(max_length=20)] = Field(
        "", description="Reference of the request that this one continues.", examples=[""]
    )


class PurposeIn(In):
    """What is asked, anew."""

    purpose: Purpose = Field(examples=["Release to translators as a service"])


class WithdrawalIn(In):
    """Why the request is taken back."""

    reason: WordsOrNone = Field("", examples=["Another version replaces it."])


class WriterOut(Out):
    """Somebody who may edit the dossier, and may not judge it."""

    person: PersonOut
    is_requester: bool
    answers: int = Field(description="How many answers they wrote last.", examples=[12])


class WritersOut(Out):
    """Who works on a dossier."""

    items: list[WriterOut]


class WriterIn(In):
    """Somebody to let into the dossier."""

    email: Email


def found_request(request: HttpRequest, reference: str) -> tuple[User, ReviewRequest, datetime]:
    """Return who asks, the request and the moment; raises Http404 for who doesn't see the request."""
    user, now = who(request)
    return user, request_for_page(user, reference, now), now


def answered(user: User, reference: str, now: datetime) -> RequestOut:
    """Return the request as it stands now, for this person."""
    found = request_for_page(user, reference, now)
    revisions = list(Revision.objects.filter(request=found).defer("content").order_by("number"))
    page = request_page(user, found, now)
    reads = page.rows.decision is not None and why_not_read_decisions(user, found, now) is None
    return request_out(line_of(found, now), page, revisions, addresses_for(found) if reads else None)


@room.get("/requests", PageOut[RequestLineOut], Scope.REQUESTS_READ)
def list_requests(request: HttpRequest, asked: Query[RequestQuery]) -> dict[str, Any]:
    """List the requests that the person may see, newest first."""
    user, now = who(request)
    reached = containers_of(user, now)
    place = read_cursor(asked, request.path)
    board = None
    if asked.board:
        board = next((one for one in boards_to_choose(user, reached) if one.slug == asked.board), None)
        if board is None:
            sentence = _("There is no board of this name whose requests you see.")
            raise Problem(Code.INVALID, sentence, errors=[{"parameter": "board", "detail": sentence}])
    wished = Asked(
        states=GROUPS.get(asked.state or "", (asked.state,) if asked.state else ()), tier=asked.tier,
        project=asked.project, board=board.pk if board else None, version=asked.version,
        requester=user.pk if asked.mine else None, before=Cursor.parse(place[0]) if place else None,
    )  # fmt: skip
    page = requests_page(user, now, wished, asked.q, reached, size=asked.limit, counts=False)
    following = cursor([str(page.older)], request.path) if page.older else None
    return answer_page(request, [line_out(line_of(one, now)) for one in page.requests], following)


@room.post("/requests", RequestOut, Scope.REQUESTS_WRITE, status=201)
def draft_request(request: HttpRequest, given: RequestIn) -> RequestOut:
    """Draft a request to release a version.

    While another request for the version is open, none is drafted.
    """
    user, now = who(request)
    if given.questionnaire and not is_for_use(given.questionnaire):
        sentence = _("These questions aren't for use. Leave them out, and those in use are taken.")
        raise Problem(
            Code.INVALID, sentence, errors=[{"pointer": pointer("questionnaire"), "detail": sentence}]
        )
    amends = request_for_page(user, given.amends, now).pk if given.amends else None
    draft = drafting.draft_request(
        actor=user, version_id=given.version, purpose=given.purpose, language=given.language,
        questions=given.questionnaire, amends_id=amends, now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/requests/{draft.reference}")
    return answered(user, draft.reference, now)


@room.get("/requests/{reference}", RequestOut, Scope.REQUESTS_READ)
def read_request(request: HttpRequest, reference: Reference) -> RequestOut:
    """Read a request: where it stands, what this person may do next, and what is locked for which reasons."""
    user, now = who(request)
    return answered(user, reference, now)


@room.put("/requests/{reference}/purpose", RequestOut, Scope.REQUESTS_WRITE)
def state_purpose(request: HttpRequest, reference: Reference, given: PurposeIn) -> RequestOut:
    """Say anew what is asked, while the request is a draft."""
    user, found, now = found_request(request, reference)
    drafting.state_purpose(actor=user, request_id=found.pk, purpose=given.purpose, now=now)
    return answered(user, reference, now)


@room.post("/requests/{reference}/withdrawal", RequestOut, Scope.REQUESTS_WRITE)
def withdraw_request(request: HttpRequest, reference: Reference, given: WithdrawalIn) -> RequestOut:
    """Withdraw the request for good; a new one can be drafted for the version."""
    user, found, now = found_request(request, reference)
    withdraw(actor=user, request_id=found.pk, reason=given.reason, now=now)
    return answered(user, reference, now)


@room.get("/requests/{reference}/contributors", WritersOut, Scope.REQUESTS_READ)
def list_contributors(request: HttpRequest, reference: Reference) -> WritersOut:
    """List who works on the dossier."""
    user, found, now = found_request(request, reference)
    require(why_not_edit(user, found, now))
    return _writers(found)


@room.post("/requests/{reference}/contributors", WritersOut, Scope.REQUESTS_WRITE, status=201)
def add_contributor(request: HttpRequest, reference: Reference, given: WriterIn) -> WritersOut:
    """Let somebody edit the dossier; from then on they may not judge the request."""
    user, found, now = found_request(request, reference)
    require(why_not_edit(user, found, now))
    person = person_by_email(given.email)
    if person is None:
        sentence = _("Nobody here has this address. An administrator can invite them.")
        raise Problem(Code.INVALID, sentence, errors=[{"pointer": pointer("email"), "detail": sentence}])
    drafting.add_contributor(actor=user, request_id=found.pk, person=person, now=now)
    return _writers(found)


@room.delete("/requests/{reference}/contributors/{person_id}", Scope.REQUESTS_WRITE)
def remove_contributor(request: HttpRequest, reference: Reference, person_id: Id) -> None:
    """End somebody's part in a draft, unless they have worked on it."""
    user, found, now = found_request(request, reference)
    drafting.remove_contributor(actor=user, request_id=found.pk, person_id=person_id, now=now)


def _writers(found: ReviewRequest) -> WritersOut:
    return WritersOut(
        items=[
            WriterOut(person=person_out(one.person), is_requester=one.is_requester, answers=one.answers)
            for one in writers_of(found)
        ]
    )
