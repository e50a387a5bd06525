"""Who may see a project and its models, and who may add to it; one truth as reason, fetch and queryset."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.grants import in_force
from accounts.models import User
from accounts.roles import Role, has_role
from registry.models import AIModel, ModelVersion, Project, ProjectGroupGrant, ProjectUserGrant

SEES_ALL = (Role.SECRETARY, Role.LEGAL, Role.RELEASE_MANAGER, Role.SAFETY_LEAD, Role.ADMINISTRATOR)
VIEW, CONTRIBUTE = "view_project", "contribute_project"


def visible_projects(user: User, now: datetime) -> QuerySet[Project]:
    """Return the projects that the person may see: those granted to them, or all for who serves every project."""
    if not user.is_active:
        return Project.objects.none()
    if has_role(user, *SEES_ALL):
        return Project.objects.all()
    return Project.objects.filter(_granted(user, now, VIEW, CONTRIBUTE))


def _granted(user: User, now: datetime, *codenames: str) -> Q:
    own = ProjectUserGrant.objects.filter(in_force(now), user=user, permission__codename__in=codenames)
    groups = ProjectGroupGrant.objects.filter(
        in_force(now), group__in=user.groups.all(), permission__codename__in=codenames
    )
    return Q(pk__in=own.values("content_object_id")) | Q(pk__in=groups.values("content_object_id"))


def projects_to_contribute_to(user: User, now: datetime) -> QuerySet[Project]:
    """Return the projects in which the person may register versions and draft requests."""
    return (
        Project.objects.filter(_granted(user, now, CONTRIBUTE)) if user.is_active else Project.objects.none()
    )


def why_not_contribute(user: User, project: Project, now: datetime) -> str | None:
    """Say why the person may not add to this project, or None when they may."""
    if projects_to_contribute_to(user, now).filter(pk=project.pk).exists():
        return None
    return _("You may read this project, but not add to it. Its members can invite you to contribute.")


def why_not_found_project(user: User) -> str | None:
    """Say why the person may not open a project, or None when they may."""
    if has_role(user, Role.RESEARCHER, Role.ADMINISTRATOR):
        return None
    return _("Projects are opened by researchers and administrators.")


def project_to_view(user: User, project_id: int, now: datetime) -> Project:
    """Return the project, or raise Http404: absent and forbidden look the same."""
    project = visible_projects(user, now).filter(pk=project_id).first()
    if project is None:
        raise Http404
    return project


def project_to_contribute_to(user: User, project_id: int, now: datetime) -> Project:
    """Return the project; raise Http404 when it can't be seen, PermissionDenied when it can only be read."""
    project = project_to_view(user, project_id, now)
    if reason := why_not_contribute(user, project, now):
        raise PermissionDenied(reason)
    return project


def why_not_share(user: User, project: Project, now: datetime) -> str | None:
    """Say why the person may not let others into the project, or None: who contributes may, and administrators."""
    if has_role(user, Role.ADMINISTRATOR):
        return None
    return why_not_contribute(user, project, now)


def project_to_share(user: User, project_id: int, now: datetime) -> Project:
    """Return the project, or raise Http404 or PermissionDenied."""
    project = project_to_view(user, project_id, now)
    if reason := why_not_share(user, project, now):
        raise PermissionDenied(reason)
    return project


def visible_models(user: User, now: datetime) -> QuerySet[AIModel]:
    """Return the models of the projects that the person may see."""
    return AIModel.objects.filter(project__in=visible_projects(user, now)).select_related("project")


def model_to_view(user: User, model_id: int, now: datetime) -> AIModel:
    """Return the model, or raise Http404."""
    model = visible_models(user, now).filter(pk=model_id).first()
    if model is None:
        raise Http404
    return model


def model_to_contribute_to(user: User, model_id: int, now: datetime) -> AIModel:
    """Return the model; raise Http404 when it can't be seen, PermissionDenied when it can only be read."""
    model = model_to_view(user, model_id, now)
    if reason := why_not_contribute(user, model.project, now):
        raise PermissionDenied(reason)
    return model


def version_to_view(user: User, version_id: int, now: datetime) -> ModelVersion:
    """Return the version, or raise Http404."""
    versions = ModelVersion.objects.filter(model__project__in=visible_projects(user, now))
    version = versions.select_related("model__project").filter(pk=version_id).first()
    if version is None:
        raise Http404
    return version


def version_to_contribute_to(user: User, version_id: int, now: datetime) -> ModelVersion:
    """Return the version; raise Http404 when it can't be seen, PermissionDenied when it can only be read."""
    version = version_to_view(user, version_id, now)
    if reason := why_not_contribute(user, version.model.project, now):
        raise PermissionDenied(reason)
    return version
