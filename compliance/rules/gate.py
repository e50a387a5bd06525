"""What a policy asks of a version: an accepted checklist, and how old it may be."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Gate:
    """The code of a library, and for how many days an acceptance counts; None: however old it is."""

    code: str
    days: int | None = None

    def is_too_old(self, accepted_at: datetime, now: datetime) -> bool:
        """Say whether it was accepted longer ago; exactly so many days ago still counts."""
        return self.days is not None and now - accepted_at > timedelta(days=self.days)


def read_gate(text: str) -> Gate:
    """Return the gate that a policy writes as `code` or `code:days`; what is no number of days belongs to the code."""
    code, colon, days = text.partition(":")
    return Gate(code, int(days)) if colon and days.isdecimal() and days.isascii() else Gate(text)
