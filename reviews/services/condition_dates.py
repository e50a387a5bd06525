"""The dates of a condition: what follows from its due day moves along when that is moved."""

from datetime import date, datetime, timedelta

from reviews.models import Condition


def move_condition(condition: Condition, day: date, due_at: datetime) -> None:
    """Move the due day and, by as much, when it escalates and when the policy suspends; the caller records it."""
    by = due_at - condition.due_at
    condition.escalate_at = _moved(condition.escalate_at, by)
    condition.suspend_at = _moved(condition.suspend_at, by)
    condition.due, condition.due_at = day, due_at
    condition.save(update_fields=["due", "due_at", "escalate_at", "suspend_at"])


def _moved(moment: datetime | None, by: timedelta) -> datetime | None:
    return moment + by if moment else None
