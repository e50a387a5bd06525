"""What other apps do when a person is changed: they register, because this app knows nothing of them."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from django.db.models import Model

from accounts.models import User

OnPersonChanged = Callable[[User, Collection[str], datetime], None]
OnPersonLeft = Callable[[User, datetime], Iterable[Model]]

_on_person_changed: list[OnPersonChanged] = []
_on_person_left: list[OnPersonLeft] = []


def on_person_changed(callback: OnPersonChanged) -> None:
    """Call `callback(person, names of the changed fields, now)` in the transaction of the change; for ready()."""
    if callback not in _on_person_changed:
        _on_person_changed.append(callback)


def person_changed(person: User, fields: Collection[str], now: datetime) -> None:
    """Tell everybody who registered; an exception of theirs undoes the change."""
    for callback in _on_person_changed:
        callback(person, fields, now)


def on_person_left(callback: OnPersonLeft) -> None:
    """Call `callback(person, now)` when a person is deactivated, in that transaction; for ready().

    It returns the tracked objects that it changed, and records no event: the one of the deactivation tells of them.
    """
    if callback not in _on_person_left:
        _on_person_left.append(callback)


def person_left(person: User, now: datetime) -> list[Model]:
    """Tell everybody who registered, and return what they changed; an exception of theirs undoes the deactivation."""
    return [changed for callback in _on_person_left for changed in callback(person, now)]
