"""Continuing review of an approval: when the next one is due, and when it opens (45 CFR 46.109(e), second-hand)."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

AT_MOST_MONTHS = 12
"""At least yearly (45 CFR 46.109(e); S): a policy may ask for it more often, never less."""


def next_review_day(since: date, months: int, valid_until: date) -> date | None:
    """Return the day of the next continuing review; None when the approval ends before, or the policy asks for none.

    `since` is the day of the approval, or of the last review; `months` 0 asks for none. An approval that holds for a
    year or less is looked at again when it is renewed.
    """
    if months <= 0:
        return None
    day = since + relativedelta(months=min(months, AT_MOST_MONTHS))
    return day if day < valid_until else None


def opens_on(due: date, days_ahead: int) -> date:
    """Return the day on which the review opens and the requester is asked for a report."""
    return due - timedelta(days=days_ahead)
