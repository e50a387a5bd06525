"""Models and their versions: listed, named, registered, and the bytes of a version named by a manifest."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query
from pydantic import AfterValidator, StringConstraints

from accounts.api.bodies import FileBody
from accounts.api.fields import Address, Email, Id, In, Out, Sha256, Whole, WordsOrNone, page_address
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.problems import Code, Problem, translate
from accounts.api.rooms import Room
from accounts.api.visit import sent_file, tell, who
from accounts.rules.scopes import Scope
from imprimatur.manifest import ManifestInvalid, parse
from registry import permissions, services
from registry.card_authors import StatedAuthor
from registry.forms import LARGEST_MANIFEST, BigNumber
from registry.models import AIModel, Manifest, ModelVersion
from registry.selectors import manifest_of, versions_of
from registry.services import VersionFacts
from registry.vocabulary import Channel, Market, Modality, Relation
from registry.words import invalid_in_words

room = Room("Projects and models")
TEXT = "text/plain"
_FLOP = BigNumber(largest=Decimal("1e39"), label="", help_text="")


def _flop(text: str) -> str:
    try:
        _FLOP.clean(text)
    except ValidationError as fault:
        raise ValueError(" ".join(fault.messages)) from None
    return text


Flop = Annotated[str, StringConstraints(max_length=60), AfterValidator(_flop)]


class ModelOut(Out):
    """A model under one name; what is reviewed and released are its versions."""

    id: int = Field(examples=[5])
    project: int = Field(description="Number of its project.", examples=[3])
    name: str = Field(examples=["Ferryman-MT"])
    description: str = Field(examples=["Machine translation for rivers of text"])
    created_at: datetime
    address: Address


class ModelIn(In):
    """A new model of the project."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)] = Field(
        examples=["Ferryman-MT"]
    )
    description: WordsOrNone = Field("", examples=["Machine translation for rivers of text"])


class ModelQuery(PageQuery):
    """What of the models is asked for."""

    name: Annotated[str, Field(max_length=120, description="Exactly this name.")] = ""


class ManifestOut(Out):
    """The bytes of a version: the SHA-256 of the text of its manifest, and what that text names."""

    sha256: Sha256
    file_count: int = Field(examples=[14])
    total_size: int | None = Field(
        description="Of all files, in bytes; null: not known.", examples=[7516192768]
    )


class CardAuthorIn(In):
    """Somebody whom the model's card names as an author; they don't judge the version."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = Field(
        "", examples=["Mei Lin"]
    )
    email: Email | None = None


class VersionFactsIn(In):
    """What is said of a version when it is registered."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = Field(
        examples=["2.1"]
    )
    channel: Channel
    summary: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = Field(
        "", examples=["Adds Cantonese"]
    )
    modalities: list[Modality] = Field(min_length=1, max_length=8)
    relation: Relation = Relation.NONE
    base_model: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = Field(
        "", description="Name and version, when it wasn't trained from the start.", examples=[""]
    )
    parameters: Annotated[Whole, Field(le=10**17)] | None = Field(
        None, description="A count.", examples=[7_000_000_000]
    )
    training_compute_flop: Flop | None = Field(
        None,
        description="Total floating-point operations, base model included: `4.2e24`.",
        examples=["4.2e24"],
    )
    licence: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = Field(
        "", examples=["Apache-2.0"]
    )
    markets: list[Market] = Field([], max_length=9)
    card_authors: list[CardAuthorIn] = Field([], max_length=200)


class VersionOut(Out):
    """A version of a model with its facts; `manifest` is null until one is attached."""

    id: int = Field(examples=[9])
    model: int = Field(description="Number of its model.", examples=[5])
    model_name: str = Field(examples=["Ferryman-MT"])
    project: int = Field(description="Number of its project.", examples=[3])
    number: str = Field(examples=["2.1"])
    channel: Channel
    summary: str = Field(examples=["Adds Cantonese"])
    modalities: list[Modality]
    relation: Relation
    base_model: str = Field(examples=[""])
    parameters: int | None = Field(examples=[7_000_000_000])
    training_compute_flop: str | None = Field(
        description="A whole number in digits.", examples=["4200000000000000000000000"]
    )
    licence: str = Field(examples=["Apache-2.0"])
    markets: list[Market]
    manifest: ManifestOut | None
    created_at: datetime
    address: Address


class VersionQuery(PageQuery):
    """What of the versions is asked for."""

    number: Annotated[str, Field(max_length=40, description="Exactly this number.")] = ""


class ManifestQuery(In):
    """What `sha256sum` doesn't say."""

    total_size: Annotated[int, Field(ge=0, le=2**53 - 1, description="Of all files, in bytes.")] | None = None


def model_out(model: AIModel) -> ModelOut:
    """Return the model as it is told."""
    return ModelOut(
        id=model.pk, project=model.project_id, name=model.name, description=model.description,
        created_at=model.created_at, address=page_address("registry:model", model.pk),
    )  # fmt: skip


def version_out(version: ModelVersion, manifest: Manifest | None) -> VersionOut:
    """Return the version as it is told; reads `version.model`."""
    flop = version.training_compute_flop
    return VersionOut(
        id=version.pk, model=version.model_id, model_name=version.model.name, project=version.model.project_id,
        number=version.number, channel=Channel(version.channel), summary=version.summary, modalities=version.modalities,
        relation=Relation(version.relation), base_model=version.base_model, parameters=version.parameters,
        training_compute_flop=None if flop is None else f"{flop:f}", licence=version.licence, markets=version.markets,
        manifest=manifest_out(manifest) if manifest else None, created_at=version.created_at,
        address=page_address("registry:version", version.pk),
    )  # fmt: skip


def manifest_out(manifest: Manifest) -> ManifestOut:
    """Return the manifest without its text."""
    return ManifestOut(sha256=manifest.sha256, file_count=manifest.file_count, total_size=manifest.total_size)


@room.get("/models", PageOut[ModelOut], Scope.REGISTRY_READ)
def list_models(request: HttpRequest, asked: Query[ModelQuery]) -> dict[str, Any]:
    """List the models that the person may see, newest first."""
    user, now = who(request)
    rows = permissions.visible_models(user, now)
    if asked.name:
        rows = rows.filter(name=asked.name)
    return list_page(request, rows, asked, model_out)


@room.get("/projects/{project_id}/models", PageOut[ModelOut], Scope.REGISTRY_READ)
def list_models_of_project(request: HttpRequest, project_id: Id, asked: Query[ModelQuery]) -> dict[str, Any]:
    """List the models of a project, newest first."""
    user, now = who(request)
    rows = AIModel.objects.filter(project=permissions.project_to_view(user, project_id, now))
    if asked.name:
        rows = rows.filter(name=asked.name)
    return list_page(request, rows, asked, model_out)


@room.post("/projects/{project_id}/models", ModelOut, Scope.REGISTRY_WRITE, status=201)
def register_model(request: HttpRequest, project_id: Id, given: ModelIn) -> ModelOut:
    """Name a model in the project."""
    user, now = who(request)
    model = services.register_model(
        actor=user, project_id=project_id, name=given.name, description=given.description, now=now
    )
    tell(request, "Location", f"/api/v1/models/{model.pk}")
    return model_out(model)


@room.get("/models/{model_id}", ModelOut, Scope.REGISTRY_READ)
def read_model(request: HttpRequest, model_id: Id) -> ModelOut:
    """Read a model."""
    user, now = who(request)
    return model_out(permissions.model_to_view(user, model_id, now))


@room.get("/models/{model_id}/versions", PageOut[VersionOut], Scope.REGISTRY_READ)
def list_versions(request: HttpRequest, model_id: Id, asked: Query[VersionQuery]) -> dict[str, Any]:
    """List the versions of a model, newest first."""
    user, now = who(request)
    model = permissions.model_to_view(user, model_id, now)
    rows = versions_of(model).select_related("model", "manifest")
    if asked.number:
        rows = rows.filter(number=asked.number)
    return list_page(request, rows, asked, lambda version: version_out(version, version.manifest))


@room.post("/models/{model_id}/versions", VersionOut, Scope.REGISTRY_WRITE, status=201)
def register_version(request: HttpRequest, model_id: Id, given: VersionFactsIn) -> VersionOut:
    """Register a version of the model with its facts, on which the rules of triage rely."""
    user, now = who(request)
    model = permissions.model_to_contribute_to(user, model_id, now)
    version = services.register_version(actor=user, model=model, facts=_facts(given), now=now)
    tell(request, "Location", f"/api/v1/versions/{version.pk}")
    return version_out(version, None)


def _facts(given: VersionFactsIn) -> VersionFacts:
    said = given.model_dump(exclude={"card_authors", "training_compute_flop"})
    named = _("named when the version was registered")
    authors = [StatedAuthor(author.name, author.email or "", named) for author in given.card_authors]
    flop = _FLOP.clean(given.training_compute_flop or "")
    return VersionFacts(card_authors=authors, training_compute_flop=flop, **said)


@room.get("/versions/{version_id}", VersionOut, Scope.REGISTRY_READ)
def read_version(request: HttpRequest, version_id: Id) -> VersionOut:
    """Read a version."""
    user, now = who(request)
    version = permissions.version_to_view(user, version_id, now)
    return version_out(version, manifest_of(version))


@room.put(
    "/versions/{version_id}/manifest",
    ManifestOut,
    Scope.REGISTRY_WRITE,
    takes=FileBody((TEXT,), lambda: LARGEST_MANIFEST),
)
def attach_manifest(request: HttpRequest, version_id: Id, asked: Query[ManifestQuery]) -> ManifestOut:
    """Attach a manifest to the version.

    The body is the text of `sha256sum`, or of `imprimatur manifest`. The manifest that is attached already, sent
    again, changes nothing.
    """
    user, now = who(request)
    version = permissions.version_to_contribute_to(user, version_id, now)
    text = sent_file(request).read()
    present = manifest_of(version)
    if present is not None and parse(text).digest == present.sha256:
        return manifest_out(present)
    return manifest_out(
        services.attach_manifest(
            actor=user, version_id=version.pk, text=text, total_size=asked.total_size, now=now
        )
    )


@room.get("/versions/{version_id}/manifest", str, Scope.REGISTRY_READ, gives=TEXT)
def read_manifest(request: HttpRequest, version_id: Id) -> HttpResponse:
    """Download the manifest of the version as it was hashed."""
    user, now = who(request)
    manifest = permissions.version_to_view(user, version_id, now).manifest
    if manifest is None:
        raise Http404
    return HttpResponse(
        bytes(manifest.text), content_type=f"{TEXT}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{manifest.sha256[:16]}.sha256"'},
    )  # fmt: skip


def _invalid(fault: ManifestInvalid) -> Problem:
    return Problem(
        Code.INVALID, _("This text is no manifest."),
        errors=[{"parameter": "body", "detail": line} for line in invalid_in_words(fault)],
    )  # fmt: skip


translate(ManifestInvalid, _invalid)
