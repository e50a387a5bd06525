"""What people do in the registry: open projects, let others in, name models, register versions and their bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_UP, Context, Decimal

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from imprimatur import manifest as manifests
from registry.card_authors import StatedAuthor, keep_authors
from registry.events import project_shared, version_created
from registry.models import AIModel, Manifest, ModelVersion, Project, ProjectUserGrant
from registry.permissions import (
    CONTRIBUTE,
    VIEW,
    project_to_contribute_to,
    project_to_share,
    version_to_contribute_to,
    why_not_found_project,
)
from registry.vocabulary import Channel, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """What is said of a version when it is registered; codes are those of `registry.vocabulary`.

    `parameters` counts, `training_compute_flop` is the total of training in floating-point operations, base model
    included; None: not known. Of the compute fifteen digits are kept, as SQLite keeps no more; rounded up, so that
    what lies above a threshold stays above it.
    """

    number: str
    channel: str
    summary: str = ""
    modalities: Sequence[str] = field(default_factory=list)
    relation: str = Relation.NONE
    base_model: str = ""
    parameters: int | None = None
    training_compute_flop: Decimal | None = None
    licence: str = ""
    markets: Sequence[str] = field(default_factory=list)
    card_authors: Sequence[StatedAuthor] = field(default_factory=list)


@transaction.atomic
def found_project(*, actor: User, name: str, description: str = "", now: datetime) -> Project:
    """Open a project; who opens it may contribute to it."""
    if reason := why_not_found_project(actor):
        raise PermissionDenied(reason)
    project = Project.objects.create(
        slug=_free_slug(name), name=name, description=description, created_at=now, created_by=actor
    )
    grant = ProjectUserGrant.objects.create(
        content_object=project, user=actor, permission=_permission(CONTRIBUTE)
    )
    data = {"slug": project.slug}
    trail.record("project.created", obj=project, actor=actor, now=now, data=data, also=[grant])
    return project


@transaction.atomic
def share_project(
    *,
    actor: User,
    project_id: int,
    person: User,
    may_contribute: bool,
    until: datetime | None = None,
    now: datetime,
) -> ProjectUserGrant:
    """Let a person see the project, or contribute to it too, until the moment `until` (None: without end)."""
    project = project_to_share(actor, project_id, now)
    if not person.is_active:
        raise Refused(_("This account is deactivated. Somebody who can sign in can be let in."))
    if until is not None and until <= now:
        raise Refused(_("The end lies in the past. Choose a later day, or none."))
    codename = CONTRIBUTE if may_contribute else VIEW
    grant: ProjectUserGrant
    grant, _created = ProjectUserGrant.objects.update_or_create(
        content_object=project, user=person, permission=_permission(codename), defaults={"valid_until": until}
    )
    trail.record(
        "project.shared", obj=project, actor=actor, now=now, personal={"person": person.display_name}, also=[grant],
        data={
            "person": str(person.pseudonym), "permission": codename,
            "until": until.isoformat() if until else None,
        },
    )  # fmt: skip
    if may_contribute:
        project_shared(project, person, now)
    return grant


@transaction.atomic
def end_grant(*, actor: User, project_id: int, grant_id: int, now: datetime) -> None:
    """End a person's permission on the project now; the row stays."""
    project = project_to_share(actor, project_id, now)
    grant = (
        project.user_grants.select_for_update()
        .select_related("user", "permission")
        .filter(pk=grant_id)
        .first()
    )
    if grant is None or (grant.valid_until and grant.valid_until <= now):
        raise Refused(_("This permission has ended already."))
    if grant.user_id == actor.pk:
        raise Refused(
            _("Somebody else ends your own permission, so that a project never stands without anybody.")
        )
    grant.valid_until = now
    grant.save(update_fields=["valid_until"])
    trail.record(
        "project.unshared", obj=project, actor=actor, now=now, personal={"person": grant.user.display_name},
        also=[grant],
        data={"person": str(grant.user.pseudonym), "permission": grant.permission.codename},
    )  # fmt: skip


@transaction.atomic
def register_model(
    *, actor: User, project_id: int, name: str, description: str = "", now: datetime
) -> AIModel:
    """Name a model in the project; raises Refused when the project has one of this name."""
    project = project_to_contribute_to(actor, project_id, now)
    try:
        with transaction.atomic():
            model = AIModel.objects.create(
                project=project, name=name, description=description, created_at=now, created_by=actor
            )
    except IntegrityError:
        raise Refused(_("This project has a model of this name. Register a version of it instead.")) from None
    trail.record("model.registered", obj=model, actor=actor, now=now, data={"name": name})
    return model


@transaction.atomic
def register_version(*, actor: User, model: AIModel, facts: VersionFacts, now: datetime) -> ModelVersion:
    """Register a version of the model; what must follow from it (checklists) follows in the same transaction."""
    project_to_contribute_to(actor, model.project_id, now)
    if facts.relation != Relation.NONE and not facts.base_model:
        raise Refused(_("Name the base model, or say that the version was trained from the start."))
    if facts.channel not in Channel.values:
        raise Refused(_("Choose the channel by which the version reaches people."))
    try:
        with transaction.atomic():
            version = ModelVersion.objects.create(
                model=model, number=facts.number, summary=facts.summary, modalities=list(facts.modalities),
                base_model=facts.base_model, relation=facts.relation, parameters=facts.parameters,
                training_compute_flop=_rounded(facts.training_compute_flop), licence=facts.licence,
                channel=facts.channel, markets=list(facts.markets), created_at=now, created_by=actor,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("This model has a version of this number. Give the new one another.")) from None
    trail.record(
        "version.registered", obj=version, actor=actor, now=now,
        data={"number": facts.number, "channel": facts.channel, "model": model.pk},
    )  # fmt: skip
    keep_authors(actor=actor, version=version, authors=facts.card_authors, now=now)
    version_created(version, actor, now)
    return version


@transaction.atomic
def attach_manifest(
    *, actor: User, version_id: int, text: bytes, total_size: int | None = None, now: datetime
) -> Manifest:
    """Read the `sha256sum` text and make it the version's manifest; raises ManifestInvalid with the wrong lines."""
    version = version_to_contribute_to(actor, version_id, now)
    return keep_manifest(actor=actor, version=version, text=text, total_size=total_size, now=now)


@transaction.atomic
def keep_manifest(
    *, actor: User, version: ModelVersion, text: bytes, total_size: int | None = None, now: datetime
) -> Manifest:
    """Do what `attach_manifest` does for a caller that has asked whether the actor may; `total_size` in bytes."""
    parsed = manifests.parse(text)
    version = ModelVersion.objects.select_for_update().get(pk=version.pk)
    manifest = Manifest.objects.create(
        version=version, text=parsed.render(), sha256=parsed.digest, file_count=len(parsed), total_size=total_size,
        added_at=now, added_by=actor,
    )  # fmt: skip
    version.manifest = manifest
    version.save(update_fields=["manifest"])
    trail.record(
        "manifest.attached", obj=version, actor=actor, now=now, also=[manifest],
        data={"sha256": manifest.sha256, "files": manifest.file_count},
    )  # fmt: skip
    return manifest


_FIFTEEN_DIGITS = Context(prec=15, rounding=ROUND_UP)


def _rounded(flop: Decimal | None) -> Decimal | None:
    return None if flop is None else Decimal(int(_FIFTEEN_DIGITS.create_decimal(flop)))


def _permission(codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label="registry", codename=codename)


def _free_slug(name: str) -> str:
    """Return a word for addresses that no project has; names without Latin letters get a plain one."""
    stem = slugify(name)[:60] or "project"
    taken = set(Project.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 2
    slug = stem
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
