"""How the dates of a request came about, in one sentence each, for the lines of a record's timeline."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from reminders.wording import moment
from reviews.models import Reckoning, ReviewRequest
from reviews.rules.clocks import Term, Unit
from reviews.rules.explaining import Counted, Why, read_days
from reviews.rules.working_calendar import Told
from reviews.selectors.explanation_words import days_in_words, term_in_words

Key = tuple[str, str, datetime]


def dates_told(request: ReviewRequest) -> dict[Key, str]:
    """Return a sentence for each time a date was written, by type and id of the thing and the moment; one query."""
    rows = Reckoning.objects.filter(request=request).select_related("board").order_by("id")
    return {(row.object_type, str(row.object_id), row.made_at): _brief(row) for row in rows}


def _brief(row: Reckoning) -> str:
    """Return until when it was due and why, in the time zone in which the board counts."""
    zone = row.calendar.get("zone") or (row.board.time_zone if row.board else "UTC")
    with timezone.override(ZoneInfo(zone)):
        due = _("Due {moment} ({zone})").format(moment=moment(row.due), zone=zone.replace("_", " "))
        if row.was is not None:
            due = _("{due}, no longer {old}").format(due=due, old=moment(row.was))
    if row.why == Why.MOVED or row.count is None:
        return _("{due}.").format(due=due)
    term = Term(row.count, Unit(row.unit))
    named = tuple(day for day in read_days(row.days) if day.told != Told.WEEKEND)
    left_out = days_in_words(Counted(row.start, term, row.due, named))
    if not left_out:
        return _("{due}: {term}.").format(due=due, term=term_in_words(term))
    return _("{due}: {term}; days: {days}.").format(
        due=due, term=term_in_words(term), days="; ".join(left_out)
    )
