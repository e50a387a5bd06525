"""The papers of a meeting as one file: asked for, followed while they are put together, and taken away."""

from datetime import datetime
from typing import Literal

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from ninja import Field

from accounts.api.fields import Address, Id, In, Out, page_address
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.models import Papers
from reviews.selectors.papers_page import ShownPapers, papers_page
from reviews.services.papers import ask_for_papers, papers_for, papers_name, take_papers

room = Room("Meetings")
PDF = "application/pdf"
PapersLanguage = Literal["en", "zh-hans"]


class PapersOut(Out):
    """The papers in one language, for readers who get the same items."""

    language: PapersLanguage
    id: int | None = Field(
        description="By which they are downloaded; null: nobody asked for them yet.", examples=[6]
    )
    state: str = Field(
        description="building, ready, failed; empty: nobody asked for them yet.", examples=["ready"]
    )
    is_old: bool = Field(description="The agenda, or what lies before the board, has changed since.")
    percent: int = Field(description="How far they are while they are put together.", examples=[0])
    doing: str = Field(examples=[""])
    failure: str = Field(description="Why they could not be put together.", examples=[""])
    pages: int = Field(examples=[48])
    size: int = Field(description="In bytes.", examples=[482130])
    sha256: str = Field(description="Of the file; empty until they are ready.", examples=[""])
    not_joined: list[str] = Field(description="Attachments that could not be joined, and why.", examples=[[]])
    made_at: datetime | None


class AllPapersOut(Out):
    """The papers of a meeting: the agenda, and for each item the dossier with all that was said about it."""

    items: list[PapersOut]
    left_out: int = Field(
        description="Items that aren't in this person's copy, because they are recused from them.",
        examples=[0],
    )
    address: Address


class PapersIn(In):
    """In which language they are put together."""

    language: PapersLanguage


def _told(user: User, meeting_id: int, now: datetime) -> AllPapersOut:
    page = papers_page(*papers_for(user, meeting_id, now), spoken=get_language() or "en")
    return AllPapersOut(
        items=[_papers(one) for one in page.shown], left_out=page.left_out,
        address=page_address("reviews:papers", meeting_id),
    )  # fmt: skip


def _papers(shown: ShownPapers) -> PapersOut:
    one = shown.papers
    if one is None:
        one = Papers(language=shown.language, state="")
    return PapersOut(
        language=shown.language, id=one.pk, state=one.state, is_old=shown.is_old, percent=shown.percent,
        doing=shown.doing, failure=one.failure, pages=one.pages, size=one.size, sha256=one.sha256,
        not_joined=[str(each) for each in one.problems], made_at=one.made_at,
    )  # fmt: skip


@room.get("/meetings/{meeting_id}/papers", AllPapersOut, Scope.REQUESTS_READ)
def list_meeting_papers(request: HttpRequest, meeting_id: Id) -> AllPapersOut:
    """Say where the papers of a meeting stand for this reader, the language that they speak first."""
    user, now = who(request)
    return _told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/papers", AllPapersOut, Scope.REQUESTS_WRITE)
def ask_for_meeting_papers(request: HttpRequest, meeting_id: Id, given: PapersIn) -> AllPapersOut:
    """Have the papers put together as the agenda stands now; a job does it, once for all readers of a kind."""
    user, now = who(request)
    ask_for_papers(actor=user, meeting_id=meeting_id, language=given.language, now=now)
    return _told(user, meeting_id, now)


@room.get("/meetings/{meeting_id}/papers/{papers_id}/file", bytes, Scope.REQUESTS_READ, gives=PDF)
def read_papers_file(request: HttpRequest, meeting_id: Id, papers_id: Id) -> HttpResponseBase:
    """Download the papers, a working copy and no record; each download is an event of the log."""
    user, now = who(request)
    found = get_object_or_404(Papers, pk=papers_id, meeting=meeting_id)
    papers, file = take_papers(actor=user, papers_id=found.pk, now=now)
    return FileResponse(file, as_attachment=True, filename=papers_name(papers), content_type=PDF)
