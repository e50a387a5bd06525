"""What other apps do when something happens here: they register, because this app knows nothing of them."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from registry.models import ModelVersion

OnVersionCreated = Callable[[ModelVersion, User | None, datetime], None]

_on_version_created: list[OnVersionCreated] = []


def on_version_created(callback: OnVersionCreated) -> None:
    """Call `callback(version, actor, now)` in the transaction that registers a version; for AppConfig.ready()."""
    if callback not in _on_version_created:
        _on_version_created.append(callback)


def version_created(version: ModelVersion, actor: User | None, now: datetime) -> None:
    """Tell everybody who registered; an exception of theirs undoes the registration."""
    for callback in _on_version_created:
        callback(version, actor, now)
