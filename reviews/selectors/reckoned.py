"""What was written down of dates: the row from which pauses count now."""

from collections.abc import Collection

from reviews.models import Reckoning
from reviews.rules.clocks import Unit
from reviews.rules.explaining import Base, DateKind


def base_of(row: Reckoning) -> Base:
    """Return the date as it was written, from which pauses count. One that somebody chose is a day of the calendar."""
    return Base(row.due, Unit(row.unit) if row.unit else Unit.DAYS, row.start)


def bases_of(object_type: str, ids: Collection[int], kind: DateKind) -> dict[int, Base]:
    """Return the last written date of each of these things; things of which nothing was written are left out."""
    rows = Reckoning.objects.filter(object_type=object_type, object_id__in=ids, what=kind.value).order_by(
        "id"
    )
    return {row.object_id: base_of(row) for row in rows}
