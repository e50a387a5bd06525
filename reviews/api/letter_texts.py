"""The texts by which letters and minutes are written: versions, placeholders and a preview; for administrators."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field
from pydantic import StringConstraints

from accounts.api.fields import Address, Id, In, Out, PersonOut, Sha256, Whole, page_address, person_out
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.rules.scopes import Scope
from records.pdf_pages import NotShown
from reviews.permissions.letters import texts_for
from reviews.rules.letter_kinds import LetterKind
from reviews.selectors.letters.texts import LetterText, in_force, shipped, version_of, versions
from reviews.selectors.letters.texts_page import rows_of_texts
from reviews.selectors.letters.words import placeholders_in_words
from reviews.services.letter_previews import preview_page, preview_text
from reviews.services.letter_texts import change_text, restore_shipped

room = Room("Texts of letters")
LanguageName = Literal["en", "zh-hans"]
Content = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
WhyChanged = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
PNG = "image/png"


class TextLineOut(Out):
    """Which version of a text is in use."""

    kind: LetterKind
    name: str = Field(examples=["Approval"])
    language: LanguageName
    version: int = Field(description="0: the shipped text.", examples=[2])
    sha256: Sha256
    address: Address


class TextLinesOut(Out):
    """The texts of all kinds, in both languages."""

    items: list[TextLineOut]


class TextVersionOut(Out):
    """A version of a text; version 0 is the shipped one."""

    version: int = Field(examples=[2])
    sha256: Sha256
    reason: str = Field(examples=["Names the ombudsperson."])
    made_at: datetime | None
    made_by: PersonOut | None


class TextContentOut(TextVersionOut):
    """A version with its words."""

    content: str = Field(description="Markdown with placeholders.", examples=["## Decision\n\n{reference} …"])


class PlaceholderOut(Out):
    """A placeholder that a text of this kind may name."""

    name: str = Field(examples=["reference"])
    written: str = Field(description="How it stands in a text.", examples=["{reference}"])
    meaning: str = Field(examples=["number of the request"])
    must: bool = Field(description="A text without it is refused.")
    alone: bool = Field(description="It stands alone on a line.")
    maybe: bool = Field(description="It can be empty, so it stands inside a block of its own name.")


class TextOut(TextContentOut):
    """The text in use, with what may stand in it and all its versions, the newest first."""

    kind: LetterKind
    language: LanguageName
    is_shipped: bool = Field(description="Its words are those of the shipped text.")
    placeholders: list[PlaceholderOut]
    versions: list[TextVersionOut]
    address: Address


class LetterTextIn(In):
    """A new version."""

    content: Content = Field(examples=["## Decision\n\n{reference} …"])
    base: Whole = Field(description="The version that the change began with.", examples=[2])
    reason: WhyChanged = Field(examples=["Names the ombudsperson."])


class ShippedIn(In):
    """Going back to the shipped text."""

    base: Whole = Field(description="The version in use.", examples=[2])
    reason: WhyChanged = Field(examples=["The shipped text is clearer."])


class PreviewIn(In):
    """A text that is looked at before it is used."""

    content: Content = Field(examples=["## Decision\n\n{reference} …"])
    reference: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)] = Field(
        "", description="With the data of this request; empty: an invented case.", examples=["IMP-2026-0008"]
    )


class PreviewOut(Out):
    """What was printed; its pages are kept for a quarter of an hour, for this person."""

    preview: str = Field(examples=["0f3a9c1d2b4e5f60718293a4b5c6d7e8"])
    pages: int = Field(examples=[2])


def _version(text: LetterText) -> TextVersionOut:
    row = text.row
    return TextVersionOut(
        version=text.version, sha256=text.sha256, reason=row.reason if row else "",
        made_at=row.made_at if row else None, made_by=person_out(row.made_by) if row else None,
    )  # fmt: skip


def _content(text: LetterText) -> TextContentOut:
    return TextContentOut(**_version(text).model_dump(), content=text.content)


def _text(kind: LetterKind, language: LanguageName) -> TextOut:
    newest = in_force(kind, language)
    return TextOut(
        **_content(newest).model_dump(), kind=kind, language=language,
        is_shipped=newest.content == shipped(kind, language).content,
        placeholders=[
            PlaceholderOut(
                name=one.name, written=one.written, meaning=one.meaning, must=one.must, alone=one.alone,
                maybe=one.maybe,
            )
            for one in placeholders_in_words(kind)
        ],
        versions=[_version(one) for one in versions(kind, language)],
        address=page_address("reviews:letter_text", kind.value, language),
    )  # fmt: skip


@room.get("/letter-texts", TextLinesOut, Scope.ORGANISATION_READ)
def list_letter_texts(request: HttpRequest) -> TextLinesOut:
    """List which version of every text is in use, in both languages."""
    texts_for(who(request)[0])
    return TextLinesOut(
        items=[
            TextLineOut(
                kind=row.kind, name=str(row.name), language=text.language, version=text.version, sha256=text.sha256,
                address=page_address("reviews:letter_text", row.kind.value, text.language),
            )
            for row in rows_of_texts()
            for text in row.texts
        ]
    )  # fmt: skip


@room.get("/letter-texts/{letter}/{language}", TextOut, Scope.ORGANISATION_READ)
def read_letter_text(request: HttpRequest, letter: LetterKind, language: LanguageName) -> TextOut:
    """Read the text in use, the placeholders of its kind, and its versions."""
    texts_for(who(request)[0])
    return _text(letter, language)


@room.get(
    "/letter-texts/{letter}/{language}/versions/{version_number}", TextContentOut, Scope.ORGANISATION_READ
)
def read_letter_text_version(
    request: HttpRequest,
    letter: LetterKind,
    language: LanguageName,
    version_number: Annotated[int, Field(ge=0, le=10**9, examples=[1])],
) -> TextContentOut:
    """Read a version of the text; 0 is the shipped one."""
    texts_for(who(request)[0])
    found = version_of(letter, language, version_number)
    if found is None:
        raise Http404
    return _content(found)


@room.post("/letter-texts/{letter}/{language}/versions", TextOut, Scope.ORGANISATION_WRITE, status=201)
def write_letter_text(
    request: HttpRequest, letter: LetterKind, language: LanguageName, given: LetterTextIn
) -> TextOut:
    """Write a new version of a text; letters from then on are written by it, those that were sent keep theirs."""
    user, now = who(request)
    made = change_text(
        actor=texts_for(user), kind=letter, language=language, content=given.content, base=given.base,
        reason=given.reason, now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/letter-texts/{letter.value}/{language}/versions/{made.version}")
    return _text(letter, language)


@room.post("/letter-texts/{letter}/{language}/shipped", TextOut, Scope.ORGANISATION_WRITE, status=201)
def restore_letter_text(
    request: HttpRequest, letter: LetterKind, language: LanguageName, given: ShippedIn
) -> TextOut:
    """Go back to the shipped text, as a new version."""
    user, now = who(request)
    restore_shipped(
        actor=texts_for(user), kind=letter, language=language, base=given.base, reason=given.reason, now=now
    )
    return _text(letter, language)


@room.post("/letter-texts/{letter}/{language}/previews", PreviewOut, Scope.ORGANISATION_READ, status=201)
def preview_letter_text(
    request: HttpRequest, letter: LetterKind, language: LanguageName, given: PreviewIn
) -> PreviewOut:
    """Print a text before it is used, with the data of a request or of an invented case; nothing is written."""
    user, now = who(request)
    made = preview_text(
        actor=texts_for(user), kind=letter, language=language, content=given.content, reference=given.reference,
        now=now,
    )  # fmt: skip
    return PreviewOut(preview=made.token, pages=made.pages)


@room.get("/letter-texts/previews/{preview}/{page}", bytes, Scope.ORGANISATION_READ, gives=PNG)
def read_preview_page(
    request: HttpRequest,
    preview: Annotated[str, Field(pattern="^[0-9a-f]{32}$", examples=["0f3a9c1d2b4e5f60718293a4b5c6d7e8"])],
    page: Id,
) -> HttpResponse:
    """Download a page of a preview as a picture, from 1 on."""
    user, _now = who(request)
    try:
        return HttpResponse(preview_page(actor=texts_for(user), token=preview, number=page), content_type=PNG)
    except NotShown:
        raise Http404 from None
