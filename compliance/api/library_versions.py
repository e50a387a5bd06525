"""Versions of a library: as OSCAL, as a table, what changed between two of them, when it applies."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.fields import In, Out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from audit.spreadsheets import csv_download
from compliance.api.libraries import Code, LibraryOut, told_library
from compliance.rules.applicability import Fact
from compliance.selectors.libraries import version_asked, versions_of
from compliance.selectors.library_difference import ShownDifference, Touched, compared
from compliance.selectors.library_page import columns_of_lines, lines_of
from compliance.selectors.oscal_catalog import catalog_of
from compliance.services.library_applies import tell_when_it_applies
from imprimatur.wording import Piece

room = Room("Compliance")
CSV = "text/csv"
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class WhichVersionQuery(In):
    """Which version."""

    version: Number | None = Field(None, description="Left out: the newest one.", examples=[3])


class DifferenceQuery(In):
    """Which two versions; left out: the last two."""

    old: Number | None = Field(None, examples=[2])
    new: Number | None = Field(None, examples=[3])


class WordingOut(Out):
    """A run of text with one fate."""

    change: str = Field(description="same, added or removed.", examples=["added"])
    text: str = Field(examples=["Keep the roster."])


class FieldChangeOut(Out):
    """A field that reads otherwise."""

    field: str = Field(description="Its name, in words.", examples=["What is asked (English)"])
    wording: list[WordingOut]


class ControlChangeOut(Out):
    """A control that came, went or changed; `fields` only of one that changed."""

    number: str = Field(examples=["RR-1"])
    kind: str = Field(description="added, removed or changed.", examples=["changed"])
    title: str = Field(examples=["The weights are those that were evaluated"])
    fields: list[FieldChangeOut]


class TouchedScheduleOut(Out):
    """A schedule that goes on with the newest version, and the controls that it names and that went."""

    id: int = Field(examples=[5])
    title: str = Field(examples=["Accounts and access reviewed"])
    gone: list[str] = Field(examples=[["RR-9"]])


class TouchedMappingOut(Out):
    """Controls of other libraries that are mapped to one that changed or went, as `library:control`."""

    number: str = Field(examples=["RR-1"])
    places: list[str] = Field(examples=[["iso-42001:A.6.2.4"]])


class LibraryDifferenceOut(Out):
    """What changed, and what of ours it touches, among what the person sees."""

    added: int = Field(examples=[1])
    removed: int = Field(examples=[0])
    changed: int = Field(examples=[2])
    same: int = Field(examples=[11])
    changes: list[ControlChangeOut]
    schedules: list[TouchedScheduleOut]
    assessments: list[int] = Field(description="Checklists that keep their older version.", examples=[[7]])
    mappings: list[TouchedMappingOut]


class LibraryComparedOut(LibraryDifferenceOut):
    """Two versions of a library and the difference between them."""

    code: str = Field(examples=["release-readiness"])
    old: int = Field(examples=[2])
    new: int = Field(examples=[3])


class BothIn(In):
    """The same in both languages."""

    en: Sentence = Field(examples=["Large and offered in the Union."])
    zh: Sentence = Field(examples=["规模大且面向欧盟。"])


class FactIn(In):
    """What must be known of a model or version: one of `has_any`, `has_none` and `at_least`."""

    fact: Fact
    has_any: list[Annotated[str, Field(max_length=60)]] | None = Field(
        None, min_length=1, max_length=60, examples=[["eu"]]
    )
    has_none: list[Annotated[str, Field(max_length=60)]] | None = Field(
        None, min_length=1, max_length=60, examples=[None]
    )
    at_least: Annotated[str, Field(max_length=20)] | None = Field(
        None, description="Of compute, in floating-point operations.", examples=[None]
    )


class AppliesIn(In):
    """When a library applies: to what, with which facts, and why; a rule in the shape of a library's file."""

    to: Literal["organisation", "project", "model", "version"]
    when: list[FactIn] = Field([], max_length=20)
    reason: BothIn | None = Field(None, description="Left out only where somebody has to decide.")
    depends: BothIn | None = Field(None, description="What only a person can know; somebody then decides.")


@room.get("/libraries/{code}/catalog", dict[str, Any], Scope.COMPLIANCE_READ)
def read_library_catalog(
    request: HttpRequest,  # noqa: ARG001
    code: Code,
    asked: Query[WhichVersionQuery],
) -> dict[str, Any]:
    """Read a version as OSCAL catalog, with texts in the language of the answer."""
    versions = versions_of(code)
    return catalog_of(version_asked(versions, _text(asked.version), versions[0]))


@room.get("/libraries/{code}/table", bytes, Scope.COMPLIANCE_READ, gives=CSV)
def read_library_table(
    request: HttpRequest,  # noqa: ARG001
    code: Code,
    asked: Query[WhichVersionQuery],
) -> HttpResponseBase:
    """Download the controls of a version as CSV; no cell can become a formula."""
    versions = versions_of(code)
    found = version_asked(versions, _text(asked.version), versions[0])
    return csv_download(f"{found.code}-{found.version}", columns_of_lines(), lines_of(found))


@room.get("/libraries/{code}/difference", LibraryComparedOut, Scope.COMPLIANCE_READ)
def read_library_difference(
    request: HttpRequest, code: Code, asked: Query[DifferenceQuery]
) -> LibraryComparedOut:
    """Read what changed between two versions, control by control, and what of ours it touches."""
    user, now = who(request)
    found = compared(user, code, _text(asked.old), _text(asked.new), now)
    return LibraryComparedOut(
        **difference_out(found.difference, found.touched).model_dump(), code=code, old=found.old.version,
        new=found.library.version,
    )  # fmt: skip


@room.put("/libraries/{code}/applies", LibraryOut, Scope.COMPLIANCE_WRITE)
def tell_library_applies(request: HttpRequest, code: Code, given: AppliesIn) -> LibraryOut:
    """Say when a library that was imported applies: a new version with the same controls; the same changes nothing."""
    user, now = who(request)
    applies = given.model_dump(mode="json", exclude_none=True)
    if not applies["when"]:
        del applies["when"]
    tell_when_it_applies(actor=user, code=code, applies=applies, now=now)
    return told_library(code)


def difference_out(difference: ShownDifference, touched: Touched) -> LibraryDifferenceOut:
    """Return a difference with what it touches."""
    return LibraryDifferenceOut(
        added=difference.added, removed=difference.removed, changed=difference.changed, same=difference.same,
        changes=[
            ControlChangeOut(
                number=each.number, kind=each.kind.value, title=each.title,
                fields=[FieldChangeOut(field=str(name), wording=_wording(text)) for name, text in each.fields],
            )
            for each in difference.changes
        ],
        schedules=[TouchedScheduleOut(id=row.pk, title=row.title, gone=gone) for row, gone in touched.schedules],
        assessments=[row.pk for row in touched.assessments],
        mappings=[
            TouchedMappingOut(number=number, places=[f"{code}:{control}" for code, control in places])
            for number, places in touched.mappings
        ],
    )  # fmt: skip


def _wording(pieces: list[Piece]) -> list[WordingOut]:
    return [WordingOut(change=piece.change, text=piece.text) for piece in pieces]


def _text(version: int | None) -> str:
    return str(version or "")
