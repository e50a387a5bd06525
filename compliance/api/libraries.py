"""Libraries of controls with their sources."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query

from accounts.api.fields import Address, In, Out, page_address
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from compliance.selectors.applicability_words import rule_in_words
from compliance.selectors.libraries import version_asked, versions_of
from compliance.selectors.library_list import Listed, frameworks_of
from compliance.selectors.library_page import Shown, groups_of

room = Room("Compliance")
Code = Annotated[str, Field(pattern="^[-a-zA-Z0-9_]{1,60}$", examples=["release-readiness"])]


class LibraryLineOut(Out):
    """A library in its newest version, and how far it is in use among what the person sees."""

    code: str = Field(examples=["release-readiness"])
    framework: str = Field(examples=["eu-ai-act"])
    framework_name: str = Field(examples=["EU AI Act"])
    version: int = Field(examples=[3])
    name: str = Field(examples=["Readiness for release"])
    controls: int = Field(examples=[12])
    used: int = Field(description="Checklists of it.", examples=[4])
    last_accepted: datetime | None
    applies: str = Field(examples=["applies to 2 of 3 projects"])
    address: Address


class LibrariesOut(Out):
    """The libraries by framework."""

    items: list[LibraryLineOut]


class ServesOut(Out):
    """A control of another library that the same evidence serves."""

    library: str = Field(examples=["iso-42001"])
    control: str = Field(examples=["A.6.2.4"])


class LibraryControlOut(Out):
    """A control with its source."""

    number: str = Field(examples=["RR-1"])
    group: str = Field(examples=["Weights"])
    title: str = Field(examples=["The weights are those that were evaluated"])
    text: str = Field(examples=["The digest of the weights is that of the evaluation."])
    help: str = Field(examples=["Compare both manifests."])
    source: str = Field(examples=["Regulation (EU) 2024/1689"])
    article: str = Field(examples=["Article 15"])
    confidence: str = Field(description="How sure we are of the source.", examples=["primary text read"])
    evidence: str = Field(examples=["Both manifests"])
    evidence_required: bool
    obligations: list[str] = Field(examples=[["O-12"]])
    cadence: str = Field(examples=["every quarter, at each release (stands in the rule)"])
    serves: list[ServesOut]


class LibraryOut(Out):
    """A version of a library with its controls."""

    code: str = Field(examples=["release-readiness"])
    framework: str = Field(examples=["eu-ai-act"])
    version: int = Field(examples=[3])
    versions: list[int] = Field(description="Those there are, the newest first.", examples=[[3, 2, 1]])
    name: str = Field(examples=["Readiness for release"])
    summary: str = Field(examples=["What is looked at before a release."])
    applies: str = Field(
        description="When it applies, in words; empty where it isn't said.",
        examples=["It is about a model version."],
    )
    rule: dict[str, Any] | None = Field(
        description="The same as `PUT …/applies` takes it; null where it isn't said.",
        examples=[{"to": "version"}],
    )
    origin: str = Field(examples=["shipped"])
    sha256: str = Field(description="Of the file.", examples=["b1946ac92492d2347c6235b4d2611184" * 2])
    loaded_at: datetime
    controls: list[LibraryControlOut]
    address: Address


class LibraryQuery(In):
    """Which version, and which of its controls."""

    version: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="Left out: the newest one.")] = None
    q: Annotated[str, Field(max_length=200, description="Only controls that have all these words.")] = ""


@room.get("/libraries", LibrariesOut, Scope.COMPLIANCE_READ)
def list_libraries(request: HttpRequest) -> LibrariesOut:
    """List the libraries in their newest versions, by framework."""
    user, now = who(request)
    return LibrariesOut(
        items=[_line(framework.name, one) for framework in frameworks_of(user, now) for one in framework.libraries]
    )  # fmt: skip


@room.get("/libraries/{code}", LibraryOut, Scope.COMPLIANCE_READ)
def read_library(request: HttpRequest, code: Code, asked: Query[LibraryQuery]) -> LibraryOut:  # noqa: ARG001
    """Read a library with its controls and their sources."""
    return told_library(code, str(asked.version or ""), asked.q.strip())


def told_library(code: str, version: str = "", words: str = "") -> LibraryOut:
    """Return a version of a library, the newest by default, with its controls that have all the words."""
    versions = versions_of(code)
    found = version_asked(versions, version, versions[0])
    rule = " ".join(rule_in_words(found)) if found.applies else ""
    return LibraryOut(
        code=found.code, framework=found.framework, version=found.version,
        versions=[one.version for one in versions], name=found.name, summary=found.summary,
        applies=rule, rule=found.applies, origin=found.origin, sha256=found.sha256,
        loaded_at=found.loaded_at,
        controls=[
            _control(group.name, shown) for group in groups_of(found, words) for shown in group.controls
        ],
        address=page_address("compliance:library", found.code),
    )  # fmt: skip


def _line(framework: str, one: Listed) -> LibraryLineOut:
    library = one.library
    return LibraryLineOut(
        code=library.code, framework=library.framework, framework_name=framework, version=library.version,
        name=library.name, controls=one.controls, used=one.used, last_accepted=one.last_accepted,
        applies=str(one.applies), address=page_address("compliance:library", library.code),
    )  # fmt: skip


def _control(group: str, shown: Shown) -> LibraryControlOut:
    control = shown.control
    return LibraryControlOut(
        number=control.number, group=group, title=control.title, text=control.text, help=control.help,
        source=control.source, article=control.article, confidence=control.get_confidence_display(),
        evidence=control.evidence, evidence_required=control.evidence_required, obligations=control.obligations,
        cadence=shown.cadence, serves=[ServesOut(library=one.code, control=one.number) for one in shown.serves],
    )  # fmt: skip
