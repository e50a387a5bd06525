"""How long a disclosure of interests counts, and until when a member makes the next one (P)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

ASKED_AHEAD = timedelta(days=30)
"""So long before the last one runs out the next one is asked for; who never made one has so long for the first."""


class DisclosureState(StrEnum):
    """Where a member stands with what they disclose."""

    NOT_ASKED = "not_asked"
    COUNTS = "counts"
    RUNS_OUT = "runs_out"
    MISSING = "missing"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class DisclosureCheck:
    """The state, and until when the next disclosure is due; None: nothing is asked."""

    state: DisclosureState
    due: datetime | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the member is asked for one now."""
        return self.state in (DisclosureState.RUNS_OUT, DisclosureState.MISSING, DisclosureState.LATE)

    @property
    def is_there(self) -> bool:
        """Whether one counts now, or none is needed."""
        return self.state in (DisclosureState.NOT_ASKED, DisclosureState.COUNTS, DisclosureState.RUNS_OUT)


def check_disclosure(
    *, months: int, last: datetime | None, asked_since: datetime, now: datetime
) -> DisclosureCheck:
    """Return where a member stands on a board whose policy lets a disclosure count for `months` (0: none is asked).

    `asked_since`: from when the member is asked, by their seat and by the policy, whichever is later.
    """
    if months <= 0:
        return DisclosureCheck(DisclosureState.NOT_ASKED)
    first = asked_since + ASKED_AHEAD
    if last is None:
        return DisclosureCheck(DisclosureState.LATE if first <= now else DisclosureState.MISSING, first)
    ends = last + relativedelta(months=months)
    if ends <= now:
        due = max(ends, first)
        return DisclosureCheck(DisclosureState.LATE if due <= now else DisclosureState.MISSING, due)
    if ends - ASKED_AHEAD <= now:
        return DisclosureCheck(DisclosureState.RUNS_OUT, ends)
    return DisclosureCheck(DisclosureState.COUNTS, ends)
