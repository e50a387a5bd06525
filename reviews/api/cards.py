"""What files state about a model, read for its dossier: model cards, Croissant metadata, headers of weights."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query

from accounts.api.bodies import FileBody
from accounts.api.fields import Out
from accounts.api.rooms import Room
from accounts.api.visit import sent_file
from accounts.rules.scopes import Scope
from registry.card_authors import stated_authors
from registry.card_files import read_upload
from reviews.api.dossier import BYTES, NamedQuery
from reviews.api.requests import Reference, found_request
from reviews.permissions.drafting import why_not_edit
from reviews.permissions.reasons import require
from reviews.selectors.import_page import Reading, import_page
from reviews.services.importing import propose_sealed, seal

room = Room("Dossiers")
LARGEST_CARD = 64 * 1024**2


class CardQuery(NamedQuery):
    """Name of the file that is sent, and its whole size where only its beginning is."""

    size: Annotated[int | None, Field(ge=0, le=2**53 - 1, description="Of the whole file, in bytes.")] = None


class AuthorOut(Out):
    """Whom a card names as an author."""

    name: str = Field(examples=["Mei Lin"])
    email: str = Field(examples=["mei@example.org"])


class FoundOut(Out):
    """What a file states about a question."""

    question: str = Field(examples=["licence"])
    text: str = Field(examples=["Apache-2.0"])
    place: str = Field(examples=["line 4, license"])


class CardOut(Out):
    """What was read from a file, and how many proposals it made beside open questions."""

    kind: str = Field(examples=["Model card"])
    fault: str = Field(description="Why it couldn't be read; empty: it was.", examples=[""])
    found: list[FoundOut]
    proposals: int = Field(examples=[4])
    authors: list[AuthorOut]
    doubts: list[str] = Field(description="What was left out or isn't understood.", examples=[[]])


@room.post(
    "/requests/{reference}/cards", CardOut, Scope.REQUESTS_WRITE,
    takes=FileBody((BYTES, "text/markdown", "application/json", "application/ld+json"), lambda: LARGEST_CARD),
)  # fmt: skip
def read_card(request: HttpRequest, reference: Reference, asked: Query[CardQuery]) -> CardOut:
    """Read a model card, dataset metadata (Croissant) or the header of a safetensors file.

    What it states stands as proposals beside questions that are open; a person takes them. Whom a card names as an
    author doesn't judge the request. The same file again changes nothing.
    """
    user, found, now = found_request(request, reference)
    require(why_not_edit(user, found, now))
    upload = sent_file(request)
    reading = Reading(upload.name or "", read_upload(upload, asked.size))
    page = import_page(found, [reading])
    made = 0
    if page.found or page.authors:
        sealed = seal(page.proposals, actor=user, request=found, authors=page.authors)
        made = propose_sealed(actor=user, request=found, sealed=sealed, now=now)
    shown = page.files[0]
    authors = stated_authors([(reading.name, reading.card)]) if reading.card else []
    return CardOut(
        kind=shown.kind, fault=shown.fault, proposals=made, doubts=[*shown.doubts, *shown.unread],
        found=[FoundOut(question=one.question.key, text=one.text, place=one.place) for one in page.found],
        authors=[AuthorOut(name=one.name, email=one.email) for one in authors],
    )  # fmt: skip
