"""Who wants to know that a record was sealed: told in the same transaction, so that both happen or neither."""

from collections.abc import Callable
from datetime import datetime

from records.models import Record

WhenSealed = Callable[[Record, datetime], None]

_told: dict[str, list[WhenSealed]] = {}


def register(kind: str, callback: WhenSealed) -> None:
    """Let `callback(record, now)` run when a record of this kind is sealed; from AppConfig.ready() of a higher app."""
    _told.setdefault(kind, []).append(callback)


def tell_sealed(record: Record, now: datetime) -> None:
    """Tell everybody who registered; what one of them raises undoes the sealing, and the job tries again."""
    for callback in _told.get(record.kind, []):
        callback(record, now)
