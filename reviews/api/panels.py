"""Panels of people who took no part: outside experts, and who hears an appeal; formed by the secretary of the board."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from accounts.api.fields import Id, IdIn, In, Out, PersonOut, person_out
from accounts.api.rooms import Room
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.after import AppealOut
from reviews.api.requests import Reference, answered, found_request
from reviews.api.standing_boards import SeatOut, seat_out
from reviews.api.told import RequestOut
from reviews.models import ReviewRequest
from reviews.permissions.panels import why_not_keeper
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_read_decisions
from reviews.rules.panels import BoardPurpose
from reviews.rules.roster import SeatAttribute
from reviews.selectors.appeal_page import appeal_shown
from reviews.selectors.appeals import appeal_of
from reviews.selectors.panel_page import Offered, PanelPage, appeal_page, experts_page
from reviews.services.appeals import form_appeal_panel as form_for_appeal
from reviews.services.second_review import form_expert_panel as form_of_experts

room = Room("Panels and appeals")


class CandidateQuery(Schema):
    """Who is looked for; people who sat on boards before come first, a hundred at most."""

    q: Annotated[str, Field(max_length=100, description="Part of a name.")] = ""


class CandidateOut(Out):
    """Somebody who may be asked onto the panel."""

    person: PersonOut
    attributes: list[str] = Field(description="What their seats say.", examples=[["lay", "external"]])
    why_not: str = Field(description="Why they can't be chosen; empty: they can.", examples=[""])


class CandidatesOut(Out):
    """Who can be chosen for a panel and who can't, and what the panel needs."""

    purpose: BoardPurpose
    board: str = Field(description="Short name of the board for which it sits.", examples=["ethics"])
    minimum: int = Field(description="So many people at least.", examples=[3])
    free: list[CandidateOut]
    kept_out: list[CandidateOut]
    more: bool = Field(description="There are more people; ask for a part of a name.", examples=[False])
    in_words: list[str] = Field(
        description="The policy of the panel.", examples=[["More than half of the seats are present."]]
    )
    why_not_form: str | None = Field(description="Null: this person may form it now.", examples=[None])


class PanelSeatIn(In):
    """Somebody on the panel, with what they are beyond what their seats say."""

    person: IdIn = Field(description="Number of one of the candidates.", examples=[9])
    attributes: list[SeatAttribute] = Field([], max_length=4, examples=[["external"]])


class PanelIn(In):
    """The people of the panel, and who of them chairs it."""

    people: list[PanelSeatIn] = Field(min_length=1, max_length=50)
    chair: IdIn = Field(description="Number of one of the people.", examples=[9])


class AppealWholeOut(AppealOut):
    """An appeal with its panel and what came of it."""

    against: str = Field(description="decision or suspension.", examples=["decision"])
    filed_by: PersonOut
    due: datetime
    outcome: str | None = Field(description="Null until it is decided.", examples=["upheld"])
    outcome_in_words: str = Field(examples=["Sent back to the board"])
    board: str | None = Field(
        description="Short name of the panel; null until it is formed.", examples=[None]
    )
    formed_at: datetime | None
    seats: list[SeatOut] = Field(description="Of the panel.")
    why_not_form: str | None = Field(examples=["The secretary of the board forms the panel."])


def _candidate(one: Offered) -> CandidateOut:
    return CandidateOut(
        person=PersonOut(id=one.key, name=one.name),
        attributes=[code for code, _word, has in one.attributes if has], why_not=one.why_not,
    )  # fmt: skip


def _candidates(page: PanelPage) -> CandidatesOut:
    return CandidatesOut(
        purpose=page.purpose, board=page.base.slug, minimum=page.minimum,
        free=[_candidate(one) for one in page.free], kept_out=[_candidate(one) for one in page.kept_out],
        more=page.more, in_words=list(page.sentences), why_not_form=str(page.why_not) if page.why_not else None,
    )  # fmt: skip


def _kept(request: HttpRequest, reference: str) -> tuple[User, ReviewRequest, datetime]:
    """Return who asks, the request and the moment; refuses who keeps none of its boards."""
    user, found, now = found_request(request, reference)
    require(why_not_keeper(user, found, now))
    return user, found, now


def _given(given: PanelIn) -> dict[str, Any]:
    """Return the choice as the services take it."""
    return {
        "people": [one.person for one in given.people], "chair": given.chair,
        "attributes": {one.person: frozenset(one.attributes) for one in given.people},
    }  # fmt: skip


@room.get("/requests/{reference}/panel/candidates", CandidatesOut, Scope.REQUESTS_READ)
def list_experts(request: HttpRequest, reference: Reference, asked: Query[CandidateQuery]) -> CandidatesOut:
    """List who can sit on the panel of outside experts, for the secretary who forms it; with who can't, and why."""
    user, found, now = _kept(request, reference)
    return _candidates(experts_page(user, found, now, asked.q))


@room.post("/requests/{reference}/panel", RequestOut, Scope.BOARDS_WRITE, status=201)
def form_expert_panel(request: HttpRequest, reference: Reference, given: PanelIn) -> RequestOut:
    """Form the panel of outside experts; it reviews beside the boards, and votes when they have."""
    user, found, now = _kept(request, reference)
    form_of_experts(actor=user, request_id=found.pk, now=now, **_given(given))
    return answered(user, reference, now)


@room.get("/requests/{reference}/appeals/{number}", AppealWholeOut, Scope.REQUESTS_READ)
def read_appeal(request: HttpRequest, reference: Reference, number: Id) -> AppealWholeOut:
    """Read an appeal: its grounds, its panel, what came of it."""
    user, found, now = found_request(request, reference)
    require(why_not_read_decisions(user, found, now))
    page = appeal_shown(user, appeal_of(found, number), now)
    appeal = page.appeal
    return AppealWholeOut(
        number=appeal.number, state=appeal.state, grounds=appeal.grounds, filed_at=appeal.filed_at,
        against="suspension" if appeal.suspension_id else "decision", filed_by=person_out(appeal.filed_by),
        due=appeal.due_at, outcome=appeal.outcome or None, outcome_in_words=page.outcome,
        board=appeal.panel.slug if appeal.panel else None, formed_at=appeal.formed_at,
        seats=[seat_out(seat) for seat in page.seats],
        why_not_form=str(page.why_not_form) if page.why_not_form else None,
    )  # fmt: skip


@room.get("/requests/{reference}/appeals/{number}/panel/candidates", CandidatesOut, Scope.REQUESTS_READ)
def list_appeal_candidates(
    request: HttpRequest, reference: Reference, number: Id, asked: Query[CandidateQuery]
) -> CandidatesOut:
    """List who can hear the appeal, for the secretary who forms its panel; with who can't, and why."""
    user, found, now = found_request(request, reference)
    appeal = appeal_of(found, number)
    require(why_not_keeper(user, found, now))
    return _candidates(appeal_page(user, appeal, now, asked.q))


@room.post("/requests/{reference}/appeals/{number}/panel", RequestOut, Scope.BOARDS_WRITE, status=201)
def form_appeal_panel(request: HttpRequest, reference: Reference, number: Id, given: PanelIn) -> RequestOut:
    """Form the panel that hears the appeal, of nobody who voted before; its round begins at once."""
    user, found, now = found_request(request, reference)
    appeal = appeal_of(found, number)
    require(why_not_keeper(user, found, now))
    form_for_appeal(actor=user, appeal_id=appeal.pk, now=now, **_given(given))
    return answered(user, reference, now)
