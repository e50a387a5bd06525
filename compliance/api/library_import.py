"""Bringing a library: a file is read and answered with all its faults or all it changes, then kept as a whole."""

from typing import Annotated, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.bodies import FileBody
from accounts.api.fields import Address, In, Out, page_address
from accounts.api.rooms import Room
from accounts.api.visit import sent_file, tell, who
from accounts.rules.scopes import Scope
from audit.spreadsheets import csv_download
from compliance.api.library_versions import CSV, LibraryDifferenceOut, difference_out
from compliance.models import Control
from compliance.rules.import_faults import LARGEST
from compliance.rules.import_table import COLUMNS, EXAMPLE
from compliance.rules.library_file import Confidence
from compliance.selectors.import_words import faults_in_words
from compliance.services.library_import import LONGEST_SEALED, About, Preview, import_sealed, preview_library

room = Room("Compliance")
BYTES, EXCEL = (
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
Named = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class ImportQuery(In):
    """What is said of the library."""

    code: Annotated[str, StringConstraints(max_length=60, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")] = Field(
        description="Short and stable; the same code again is an update.", examples=["iso-27001"]
    )
    name: Named = Field("", description="Empty: the title of the catalog.", examples=["ISO 27001"])
    language: Literal["en", "zh"] = Field("en", description="Of the name and of a catalog.")
    source: Named = Field("", description="Of controls that name none.", examples=["ISO/IEC 27001:2022"])
    confidence: Confidence = Field(
        Confidence.SECOND_HAND,
        description="How sure we are of the source: V read, S second-hand, M memory, P ours.",
    )


class ImportFaultOut(Out):
    """What is wrong: in which row or at which place, in which column, and a sentence."""

    place: str = Field(examples=["4"])
    column: str = Field(examples=["title_en"])
    detail: str = Field(examples=["This is empty. Every control needs it."])


class ImportedControlOut(Out):
    """A control as it would be kept."""

    number: str = Field(examples=["A.5.1"])
    group: str = Field(examples=["Organisational controls"])
    title: str = Field(examples=["Policies for information security"])
    text: str = Field(examples=["Policies are defined and approved."])
    source: str = Field(examples=["ISO/IEC 27001:2022"])
    article: str = Field(examples=["Annex A"])
    evidence_required: bool


class LibraryPreviewOut(Out):
    """What a file holds: its faults and nothing else, or all of it. Nothing is kept yet."""

    code: str = Field(examples=["iso-27001"])
    faults: list[ImportFaultOut]
    sealed: str | None = Field(
        description="Send it to keep what was read, within a day; null with faults.",
        examples=["eyJ3aG8iOjEy…"],
    )
    name: str = Field(examples=["ISO 27001"])
    controls: list[ImportedControlOut]
    skipped: int = Field(description="Controls that the catalog itself withdrew.", examples=[0])
    newest: int | None = Field(description="Version that stands; null: the library is new.", examples=[1])
    difference: LibraryDifferenceOut | None = Field(description="To the version that stands.")


class SealedIn(In):
    """What a preview answered."""

    sealed: Annotated[str, Field(min_length=1, max_length=LONGEST_SEALED)] = Field(examples=["eyJ3aG8iOjEy…"])


class KeptLibraryOut(Out):
    """The library that was kept; `new` false: its newest version was read from the same file already."""

    code: str = Field(examples=["iso-27001"])
    version: int = Field(examples=[2])
    new: bool
    address: Address


@room.post(
    "/library-imports", LibraryPreviewOut, Scope.COMPLIANCE_WRITE,
    takes=FileBody((BYTES, CSV, EXCEL), lambda: LARGEST),
)  # fmt: skip
def preview_import(request: HttpRequest, asked: Query[ImportQuery]) -> LibraryPreviewOut:
    """Read a library and answer what is wrong with it, or what keeping it would change; nothing is kept.

    The body is an OSCAL catalog (JSON), a CSV in UTF-8, or an Excel workbook; which one is told by its bytes.
    """
    user, now = who(request)
    about = About(
        code=asked.code, name=asked.name, language=asked.language, source=asked.source,
        confidence=asked.confidence.value,
    )  # fmt: skip
    content = sent_file(request).read(LARGEST + 1)
    return _seen(asked.code, preview_library(actor=user, content=content, about=about, now=now))


@room.post("/library-imports/keeping", KeptLibraryOut, Scope.COMPLIANCE_WRITE, status=201)
def keep_import(request: HttpRequest, given: SealedIn) -> KeptLibraryOut:
    """Keep what a preview of the same person showed as a new version, all of it or nothing."""
    user, now = who(request)
    loaded = import_sealed(actor=user, sealed=given.sealed, now=now)
    code = loaded.library.code
    tell(request, "Location", f"/api/v1/libraries/{code}")
    return KeptLibraryOut(
        code=code, version=loaded.library.version, new=loaded.is_new,
        address=page_address("compliance:library", code),
    )  # fmt: skip


@room.get("/library-imports/template", bytes, Scope.COMPLIANCE_READ, gives=CSV)
def read_import_template(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001
    """Download an empty table with its columns and one example."""
    return csv_download("library-template", COLUMNS, [EXAMPLE])


def _seen(code: str, seen: Preview) -> LibraryPreviewOut:
    changed = difference_out(seen.difference, seen.touched) if seen.difference and seen.touched else None
    return LibraryPreviewOut(
        code=code, name=seen.name, sealed=seen.sealed or None, skipped=seen.skipped,
        faults=[
            ImportFaultOut(place=one.place, column=one.column, detail=one.sentence)
            for one in faults_in_words(seen.faults)
        ],
        controls=[_control(one) for one in seen.controls],
        newest=seen.newest.version if seen.newest else None, difference=changed,
    )  # fmt: skip


def _control(one: Control) -> ImportedControlOut:
    return ImportedControlOut(
        number=one.number, group=one.group_name, title=one.title, text=one.text, source=one.source,
        article=one.article, evidence_required=one.evidence_required,
    )  # fmt: skip
