"""The search: requests with their answers and decisions, and people, as the page of the search finds them."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.fields import Address, In, Out, PersonOut, page_address, person_out
from accounts.api.pages import PageOut, answer_page, cursor, read_cursor
from accounts.api.pages import PageQuery as Paged
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.finding import MANY, find_people
from accounts.rules.scopes import Scope
from audit.selectors import Cursor
from desk.selectors.search import by_number
from reviews.rules.lifecycle import RequestState
from reviews.rules.search_snippets import Piece
from reviews.selectors.search import Kind, search_page
from reviews.selectors.search_results import Result, Said

room = Room("Search")
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class SearchQuery(In):
    """What is looked for, and where the page begins."""

    q: Words = Field(description="All of these words, or the number of a request.", examples=["dosage Thai"])
    kind: Kind = Field(
        Kind.ALL,
        description="Where the words are looked for; left out: everywhere. Of people: /search/people.",
    )
    after: Annotated[
        str, Field(max_length=400, description="`next` of the page before; leave it out to begin.")
    ] = ""


class SearchPeopleQuery(In):
    """Part of a name."""

    q: Words = Field(examples=["Aylin"])


class PassageOut(Out):
    """A passage in which words were found."""

    of: str = Field(description="decision, answers or draft.", examples=["answers"])
    number: int = Field(description="Of the decision or revision; 0 for a draft.", examples=[2])
    title: str = Field(examples=["3.2 Known limits"])
    text: str = Field(examples=["… wrong dosages in Thai, where …"])
    found: list[str] = Field(description="What of it fits the words.", examples=[["dosages", "Thai"]])


class SearchFoundOut(Out):
    """A request that has all the words, in what this person may read of it."""

    reference: str = Field(examples=["IMP-2026-0008"])
    state: RequestState
    state_in_words: str = Field(examples=["In review"])
    title: str = Field(examples=["Ferryman-MT 2.1"])
    purpose: str = Field(examples=["Release to translators as a service"])
    requester: PersonOut
    passages: list[PassageOut] = Field(description="Three at most.")
    address: Address


class SearchOut(PageOut[SearchFoundOut]):
    """A page of what was found, newest requests first."""

    number: str | None = Field(
        description="The request whose number the words are, if the person sees it.", examples=[None]
    )


class PeopleOut(Out):
    """People by name."""

    items: list[PersonOut]
    are_more: bool = Field(description=f"More than {MANY} have the words.")


@room.get("/search", SearchOut, Scope.REQUESTS_READ)
def search(request: HttpRequest, asked: Query[SearchQuery]) -> dict[str, Any]:
    """Find the requests that have all the words in what the person may read of them, newest first."""
    user, now = who(request)
    salt = f"{request.path}?{asked.kind}&{asked.q}"
    place = read_cursor(Paged(after=asked.after), salt)
    before = Cursor.parse(place[0]) if place else None
    page = search_page(user, now, asked.q, asked.kind, before=before)
    following = cursor([str(page.older)], salt) if page.older else None
    number = by_number(user, asked.q, now) or None
    return {**answer_page(request, [_found(one) for one in page.results], following), "number": number}


@room.get("/search/people", PeopleOut, Scope.REQUESTS_READ)
def search_people(request: HttpRequest, asked: Query[SearchPeopleQuery]) -> PeopleOut:
    """Find people by name, as lists of people to choose from do; administrators also by e-mail address."""
    user, _now = who(request)
    found = find_people(user, asked.q, all_of_them=True)
    return PeopleOut(items=[person_out(one) for one in found.people], are_more=found.are_more)


def _found(one: Result) -> SearchFoundOut:
    request = one.request
    return SearchFoundOut(
        reference=request.reference, state=RequestState(request.state), state_in_words=str(one.badge.label),
        title=_text(one.title), purpose=_text(one.purpose), requester=person_out(request.requester),
        passages=[_passage(said) for said in one.said], address=page_address("reviews:request", request.reference),
    )  # fmt: skip


def _passage(said: Said) -> PassageOut:
    snippet = said.snippet
    text = _text(snippet.pieces)
    return PassageOut(
        of=said.of, number=said.number, title=said.title,
        text=f"{'… ' if snippet.cut_before else ''}{text}{' …' if snippet.cut_after else ''}",
        found=[piece.text for piece in snippet.pieces if piece.is_hit],
    )  # fmt: skip


def _text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)
