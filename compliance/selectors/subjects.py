"""What a library may apply to, as pages and services name it: the organisation, a project, a model, a version."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.rules.applicability import Level
from registry.models import AIModel, ModelVersion, Project
from registry.permissions import model_to_view, project_to_view, version_to_view

Key = tuple[Level, int]
"""Level and id; the organisation has the id 0."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One of them, with what it lies in; all empty: the organisation."""

    project: Project | None = None
    model: AIModel | None = None
    version: ModelVersion | None = None

    @property
    def level(self) -> Level:
        """Return what it is."""
        if self.version is not None:
            return Level.VERSION
        if self.model is not None:
            return Level.MODEL
        return Level.ORGANISATION if self.project is None else Level.PROJECT

    @property
    def id(self) -> int:
        """Return the id of the row, 0 for the organisation."""
        row = self.version or self.model or self.project
        return row.pk if row is not None else 0

    @property
    def key(self) -> Key:
        """Return what it is found by."""
        return self.level, self.id

    def __str__(self) -> str:
        return str(self.version or self.model or self.project or _("The organisation"))

    @property
    def chain(self) -> dict[Level, Key]:
        """Return the keys of it and of all that it lies in."""
        rows = {Level.VERSION: self.version, Level.MODEL: self.model, Level.PROJECT: self.project}
        found: dict[Level, Key] = {level: (level, row.pk) for level, row in rows.items() if row is not None}
        return found | {Level.ORGANISATION: (Level.ORGANISATION, 0)}

    def up_to(self, level: Level) -> "Subject":
        """Return what it lies in at a level, for instance its project."""
        if level is Level.ORGANISATION:
            return Subject()
        return Subject(self.project, None if level is Level.PROJECT else self.model)

    def address(self, code: str) -> str:
        """Return the page that says whether the library with this code applies to it."""
        return address_of(code, self.level, self.id)

    @property
    def about(self) -> str:
        """Return the choice in forms that open a checklist, "version:7"; a model has none of its own."""
        if self.level is Level.MODEL:
            return ""
        return f"{self.level}:{self.id}" if self.id else "organisation"


def address_of(code: str, level: Level, key: int) -> str:
    """Return the page that says whether a library applies to what has this level and id."""
    if level is Level.ORGANISATION:
        return reverse("compliance:applies_here", args=[code])
    return reverse(f"compliance:applies_to_{level}", args=[code, key])


def subject_to_view(user: User, level: Level, key: int, now: datetime) -> Subject:
    """Return it, or raise Http404 when it is absent or the person doesn't see it."""
    if level is Level.VERSION:
        version = version_to_view(user, key, now)
        return Subject(version.model.project, version.model, version)
    if level is Level.MODEL:
        model = model_to_view(user, key, now)
        return Subject(model.project, model)
    return Subject(project_to_view(user, key, now)) if level is Level.PROJECT else Subject()
