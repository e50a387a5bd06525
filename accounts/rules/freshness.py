"""How many components a signature asks for: all at the first of a sitting, one at each further (21 CFR 11.200(a))."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Lacks(StrEnum):
    """What is missing before anything is judged."""

    NOTHING = "nothing"
    BOTH = "both"
    PASSWORD = "password"  # noqa: S105  (a name)
    CODE = "code"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Given:
    """Which components a person gave."""

    password: bool
    code: bool


def in_a_sitting(last: datetime | None, now: datetime, window: timedelta) -> bool:
    """Say whether the last signature of this session is so near that one component is enough (11.200(a)(1)(i)).

    Article (ii) asks for all components where a signature is not within one continuous period of controlled access.
    How long such a period is isn't law: `window` is a setting, zero asks for all each time. The end doesn't count.
    """
    return last is not None and timedelta(0) <= now - last < window


def lacks(given: Given, *, sitting: bool) -> Lacks:
    """Return what is missing."""
    if sitting:
        return Lacks.NOTHING if given.password or given.code else Lacks.ONE
    return {
        (True, True): Lacks.NOTHING,
        (True, False): Lacks.CODE,
        (False, True): Lacks.PASSWORD,
        (False, False): Lacks.BOTH,
    }[given.password, given.code]
