"""When an overdue condition is told to those who lead the board, and when the policy suspends the approval for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reviews.rules.policy import OverdueConditions


@dataclass(frozen=True, slots=True)
class OverdueDates:
    """The moments that follow from a condition's date; None: that never comes."""

    escalate_at: datetime | None
    suspend_at: datetime | None


def overdue_dates(due_at: datetime, rule: OverdueConditions) -> OverdueDates:
    """Return them in days of 24 hours after the condition's date; 0 days in the policy is never (P)."""
    return OverdueDates(_after(due_at, rule.escalate_days), _after(due_at, rule.suspend_days))


def _after(due_at: datetime, days: int) -> datetime | None:
    return due_at + timedelta(days=days) if days else None
