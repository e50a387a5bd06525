"""Days and moments that people fill in: within what can be counted, kept and shown in every time zone."""

from datetime import UTC, date, datetime

from django.core.validators import MaxValueValidator, MinValueValidator

FIRST, LAST = 1970, 2199
"""Years beyond which nobody meant what they typed; the calendar's own ends overflow in some time zone."""

OF_DAYS = (MinValueValidator(date(FIRST, 1, 1)), MaxValueValidator(date(LAST, 12, 31)))
OF_MOMENTS = (
    MinValueValidator(datetime(FIRST, 1, 1, tzinfo=UTC)),
    MaxValueValidator(datetime(LAST, 12, 31, tzinfo=UTC)),
)
