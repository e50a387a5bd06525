"""What other apps do when a person is changed: they register, because this app knows nothing of them."""

from collections.abc import Callable, Collection
from datetime import datetime

from accounts.models import User

OnPersonChanged = Callable[[User, Collection[str], datetime], None]

_on_person_changed: list[OnPersonChanged] = []


def on_person_changed(callback: OnPersonChanged) -> None:
    """Call `callback(person, names of the changed fields, now)` in the transaction of the change; for ready()."""
    if callback not in _on_person_changed:
        _on_person_changed.append(callback)


def person_changed(person: User, fields: Collection[str], now: datetime) -> None:
    """Tell everybody who registered; an exception of theirs undoes the change."""
    for callback in _on_person_changed:
        callback(person, fields, now)
