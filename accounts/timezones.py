"""Time zones that a person can choose."""

from functools import lru_cache
from zoneinfo import available_timezones

_REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@lru_cache(maxsize=1)
def time_zones() -> tuple[str, ...]:
    """Return the names of places and UTC, sorted; old names of other kinds are left out."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_REGIONS)))


def time_zone_choices() -> list[tuple[str, str]]:
    """Return them as choices of a field."""
    return [(name, name.replace("_", " ")) for name in time_zones()]
