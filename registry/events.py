"""What other apps do when something happens here: they register, because this app knows nothing of them."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from registry.models import ModelVersion, Project

OnVersionCreated = Callable[[ModelVersion, User | None, datetime], None]
OnProjectShared = Callable[[Project, User, datetime], None]
OnAuthorsRead = Callable[[ModelVersion, datetime], None]

_on_version_created: list[OnVersionCreated] = []
_on_project_shared: list[OnProjectShared] = []
_on_authors_read: list[OnAuthorsRead] = []


def on_version_created(callback: OnVersionCreated) -> None:
    """Call `callback(version, actor, now)` in the transaction that registers a version; for AppConfig.ready()."""
    if callback not in _on_version_created:
        _on_version_created.append(callback)


def version_created(version: ModelVersion, actor: User | None, now: datetime) -> None:
    """Tell everybody who registered; an exception of theirs undoes the registration."""
    for callback in _on_version_created:
        callback(version, actor, now)


def on_project_shared(callback: OnProjectShared) -> None:
    """Call `callback(project, person, now)` in the transaction that lets somebody contribute; for AppConfig.ready()."""
    if callback not in _on_project_shared:
        _on_project_shared.append(callback)


def project_shared(project: Project, person: User, now: datetime) -> None:
    """Tell everybody who registered."""
    for callback in _on_project_shared:
        callback(project, person, now)


def on_authors_read(callback: OnAuthorsRead) -> None:
    """Call `callback(version, now)` in the transaction in which authors of a card were kept; for AppConfig.ready()."""
    if callback not in _on_authors_read:
        _on_authors_read.append(callback)


def authors_read(version: ModelVersion, now: datetime) -> None:
    """Tell everybody who registered."""
    for callback in _on_authors_read:
        callback(version, now)
