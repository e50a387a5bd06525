"""The emergency procedure: what it is for, how long its approval holds, and the full review that follows by itself.

Source: process.md, section 4 (72 hours: M; provisional, full review within 30 days: P). The standard isn't lowered:
quorum, threshold and composition are the board's own unless its policy says otherwise.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from reviews.rules.clocks import Term, WorkingCalendar
from reviews.rules.policy import BoardPolicy
from reviews.rules.triage import Procedure

SHORTEST_BALLOT = timedelta(hours=1)  # less is no time to read and vote; the ordinary days count instead (P)
PROVISIONAL_DAYS = 30  # where a policy names no other number (P)


class EmergencyGround(StrEnum):
    """For what the emergency procedure may be used."""

    ACTIVE_HARM = "active_harm"
    CRITICAL_FIX = "critical_fix"


class Ending(StrEnum):
    """What becomes of a provisional approval by its full review."""

    SUPERSEDED = "superseded"
    ENDS_AT_ONCE = "ends_at_once"
    ENDS_AT_ITS_DATE = "ends_at_its_date"


class NoGround(StrEnum):
    """Why a ground doesn't fit the procedure."""

    MISSING = "missing"
    NOT_AN_EMERGENCY = "not_an_emergency"


def why_not_ground(procedure: str, ground: str) -> NoGround | None:
    """Return why the request can't be routed so: an emergency needs a ground, and nothing else has one."""
    if procedure == Procedure.EMERGENCY:
        return None if ground in list(EmergencyGround) else NoGround.MISSING
    return NoGround.NOT_AN_EMERGENCY if ground else None


def full_procedure(proposed: str) -> Procedure:
    """Return under which procedure the full review goes: full, or with experts where triage had asked for them."""
    return Procedure.EXPERT if proposed == Procedure.EXPERT else Procedure.FULL


def provisional_days(procedure: str, policies: Iterable[BoardPolicy]) -> int:
    """Return for how many days the approval holds provisionally, the shortest of the boards'; 0: it is no emergency."""
    if procedure != Procedure.EMERGENCY:
        return 0
    return min(
        (days for policy in policies if (days := policy.procedure(procedure).provisional_days)), default=0
    )


def last_day(first: date, days: int) -> date:
    """Return the last day on which a provisional approval holds, the first one counted."""
    return first + timedelta(days=days - 1)


def full_review_due(start: datetime, term: Term, until: date, calendar: WorkingCalendar) -> datetime:
    """Return until when the boards decide the full review: in its term, and before the provisional approval ends.

    The last working day before the approval's last day leaves that day for the signatures; never before the start.
    """
    before_the_end = calendar.end_of(calendar.add_working_days(until, -1))
    return max(min(term.due(start, calendar), before_the_end), start)


def ballot_ends(procedure: str, ends: datetime, *, due: datetime, now: datetime) -> datetime:
    """Return when a ballot ends that would end at `ends`: in an emergency not after the decision is due."""
    return min(ends, due) if procedure == Procedure.EMERGENCY and due > now + SHORTEST_BALLOT else ends


def ending_by(outcome: str) -> Ending:
    """Return what the outcome of the full review ("approved", "rejected", "returned", ...) does to the approval.

    Boards that looked at everything and rejected it have answered the question; the approval in haste doesn't outlive
    that (P). A return or a withdrawal answers nothing, so the approval ends at its date.
    """
    if outcome in ("approved", "approved_with_conditions"):
        return Ending.SUPERSEDED
    return Ending.ENDS_AT_ONCE if outcome == "rejected" else Ending.ENDS_AT_ITS_DATE
