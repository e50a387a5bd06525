"""Reads that pages of the registry share."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.grants import in_force
from accounts.models import User
from audit.selectors import Cursor
from registry.models import AIModel, Manifest, ModelVersion, Project, ProjectUserGrant
from registry.permissions import CONTRIBUTE, projects_to_contribute_to, visible_models, visible_projects

SIZE = 50


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model with its newest version and how many it has."""

    model: AIModel
    latest: ModelVersion | None
    versions: int


@dataclass(frozen=True, slots=True)
class ModelPage:
    """Models, newest first; the cursors lead to the neighbours, None where there is nothing more."""

    models: list[ListedModel]
    newer: Cursor | None
    older: Cursor | None


def models_page(
    user: User, now: datetime, *, text: str = "", before: Cursor | None = None, after: Cursor | None = None
) -> ModelPage:
    """Return a page of the models that the person may see; two queries, besides those for what they may see."""
    found = visible_models(user, now)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(project__name__icontains=text))
    newest_first = after is None
    if before:
        found = found.filter(Q(created_at__lt=before.at) | Q(created_at=before.at, pk__lt=before.id))
    elif after:
        found = found.filter(Q(created_at__gt=after.at) | Q(created_at=after.at, pk__gt=after.id))
    order = ("-created_at", "-pk") if newest_first else ("created_at", "pk")
    some = list(found.order_by(*order)[: SIZE + 1])
    more, shown = len(some) > SIZE, some[:SIZE] if newest_first else some[:SIZE][::-1]
    ends = [Cursor(model.created_at, model.pk) for model in (shown[:1] + shown[-1:])]
    return ModelPage(
        _with_latest(shown),
        newer=ends[0] if ends and (before if newest_first else more) else None,
        older=ends[-1] if ends and (more if newest_first else True) else None,
    )


def _with_latest(models: list[AIModel]) -> list[ListedModel]:
    versions: dict[int, list[ModelVersion]] = {model.pk: [] for model in models}
    for version in ModelVersion.objects.filter(model__in=models).order_by("created_at", "id"):
        versions[version.model_id].append(version)
    return [_listed(model, versions[model.pk]) for model in models]


def _listed(model: AIModel, versions: list[ModelVersion]) -> ListedModel:
    return ListedModel(model, versions[-1] if versions else None, len(versions))


def models_of(project: Project) -> list[ListedModel]:
    """Return the models of the project by name."""
    return _with_latest(list(project.models.order_by("name", "id")))


def versions_of(model: AIModel) -> QuerySet[ModelVersion]:
    """Return the versions of the model, newest first."""
    return model.versions.select_related("manifest").defer("manifest__text").order_by("-created_at", "-id")


def manifest_of(version: ModelVersion) -> Manifest | None:
    """Return the version's manifest without its text, which may be long."""
    if version.manifest_id is None:
        return None
    return Manifest.objects.defer("text").select_related("added_by").get(pk=version.manifest_id)


def members_of(project: Project, now: datetime) -> list[ProjectUserGrant]:
    """Return the permissions of people that are in force, by name; who contributes first."""
    grants = project.user_grants.filter(in_force(now)).select_related("user", "permission")
    return sorted(grants, key=lambda g: (g.permission.codename != CONTRIBUTE, g.user.display_name, g.pk))


def projects_with_counts(user: User, now: datetime) -> QuerySet[Project]:
    """Return the projects that the person may see, by name, each with `model_count`."""
    return visible_projects(user, now).annotate(model_count=Count("models")).order_by("name", "id")


def versions_to_draft_for(user: User, now: datetime) -> QuerySet[AIModel]:
    """Return the models for which the person may draft requests, with their versions loaded."""
    return (
        AIModel.objects.filter(project__in=projects_to_contribute_to(user, now))
        .select_related("project")
        .prefetch_related(Prefetch("versions", ModelVersion.objects.order_by("-created_at", "-id")))
        .order_by("project__name", "name", "id")
    )
