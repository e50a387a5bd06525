"""What a policy asks of a version: an accepted checklist, how old it may be, and whether critical findings hold it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NO_CRITICAL = "no-critical"


@dataclass(frozen=True, slots=True)
class Gate:
    """The code of a library, for how many days an acceptance counts (None: however old it is), and whether an open
    critical finding closes the gate.
    """

    code: str
    days: int | None = None
    no_critical: bool = False

    def is_too_old(self, accepted_at: datetime, now: datetime) -> bool:
        """Say whether it was accepted longer ago; exactly so many days ago still counts."""
        return self.days is not None and now - accepted_at > timedelta(days=self.days)


def read_gate(text: str) -> Gate:
    """Return the gate that a policy writes as `code`, `code:30`, `code:no-critical` or `code:30:no-critical`.

    What is neither a number of days nor `no-critical` belongs to the code, which then is none that anybody knows: a
    slip of the pen closes the gate instead of opening it.
    """
    code, *asked = text.split(":")
    days = [each for each in asked if each.isdecimal() and each.isascii()]
    if len(days) > 1 or len(set(asked)) < len(asked) or set(asked) - {*days, NO_CRITICAL}:
        return Gate(text)
    return Gate(code, int(days[0]) if days else None, NO_CRITICAL in asked)
