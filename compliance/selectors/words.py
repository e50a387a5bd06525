"""What the rules return as codes, in the words and the language of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

from compliance.rules.calendar import Mark
from compliance.rules.completeness import AnswerState, Gap
from compliance.rules.findings import ActionState, ExceptionState, Severity
from compliance.rules.lifecycle import AssessmentState, ScheduleState
from compliance.rules.recurrence import Problem
from compliance.rules.standing import Standing

Badge = tuple[str, str, StrOrPromise]  # tone, icon, words
ASSESSMENT_STATES: dict[str, Badge] = {
    AssessmentState.OPEN: ("", "pencil", gettext_lazy("Being filled in")),
    AssessmentState.SUBMITTED: ("live", "eye", pgettext_lazy("checklist", "In review")),
    AssessmentState.RETURNED: ("warn", "arrow-left", pgettext_lazy("checklist", "Returned")),
    AssessmentState.ACCEPTED: ("good", "check", pgettext_lazy("checklist", "Accepted")),
}
SCHEDULE_STATES: dict[str, Badge] = {
    ScheduleState.ACTIVE: ("good", "player-play", gettext_lazy("Active")),
    ScheduleState.PAUSED: ("warn", "clock-pause", gettext_lazy("Paused")),
    ScheduleState.ENDED: ("", "ban", gettext_lazy("Ended")),
}
SEVERITIES: dict[str, Badge] = {
    Severity.CRITICAL: ("bad", "alert-triangle", pgettext_lazy("severity", "Critical")),
    Severity.HIGH: ("bad", "flag", pgettext_lazy("severity", "High")),
    Severity.MEDIUM: ("warn", "flag", pgettext_lazy("severity", "Medium")),
    Severity.LOW: ("", "flag", pgettext_lazy("severity", "Low")),
}
ACTION_STATES: dict[str, Badge] = {
    ActionState.OPEN: ("", "circle-dashed", pgettext_lazy("action", "To do")),
    ActionState.DONE: ("live", "eye", pgettext_lazy("action", "To verify")),
    ActionState.VERIFIED: ("good", "check", pgettext_lazy("action", "Verified")),
    ActionState.DROPPED: ("", "ban", pgettext_lazy("action", "Dropped")),
}
EXCEPTION_STATES: dict[str, Badge] = {
    ExceptionState.ASKED: ("live", "clock", pgettext_lazy("exception", "Waits for legal staff")),
    ExceptionState.APPROVED: ("warn", "check", pgettext_lazy("exception", "Approved")),
    ExceptionState.REFUSED: ("bad", "x", pgettext_lazy("exception", "Refused")),
    ExceptionState.REVOKED: ("", "ban", pgettext_lazy("exception", "Ended")),
}
EXPIRED: Badge = ("bad", "alert-triangle", pgettext_lazy("exception", "Expired"))
MARKS: dict[Mark, Badge] = {
    Mark.DONE: ("good", "check", gettext_lazy("done")),
    Mark.LATE: ("warn", "clock", gettext_lazy("done late")),
    Mark.MISSED: ("bad miss", "x", gettext_lazy("overdue")),
    Mark.DUE: ("live due", "circle-half-2", gettext_lazy("due, open")),
    Mark.REVIEW: ("live", "eye", gettext_lazy("in review")),
    Mark.PLANNED: ("plan", "", gettext_lazy("planned")),
}
ANSWERS: dict[str, Badge] = {
    "": ("", "circle-dashed", gettext_lazy("No answer yet")),
    AnswerState.MET: ("good", "check", gettext_lazy("Met")),
    AnswerState.PARTLY: ("warn", "circle-half-2", gettext_lazy("Partly met")),
    AnswerState.NOT_MET: ("bad", "x", gettext_lazy("Not met")),
    AnswerState.NOT_APPLICABLE: ("note", "minus", gettext_lazy("Not applicable")),
}
STANDINGS: dict[Standing, tuple[str, StrOrPromise]] = {
    Standing.MET: ("good", gettext_lazy("all that apply are met")),
    Standing.PARTLY: ("warn", gettext_lazy("some are partly met")),
    Standing.NOT_MET: ("bad", gettext_lazy("some are not met")),
    Standing.NOT_APPLICABLE: ("note", gettext_lazy("none applies")),
}
GAPS: dict[Gap | None, Badge] = {
    None: ("good", "check", gettext_lazy("Complete")),
    Gap.ANSWER: ("", "circle-dashed", gettext_lazy("No answer yet")),
    Gap.REASON: ("warn", "message-2", gettext_lazy("A reason is missing")),
    Gap.EVIDENCE: ("warn", "paperclip", gettext_lazy("A file is missing")),
}
NO_REVIEWER = gettext_lazy("It has no reviewer yet. Whoever manages schedules can name one.")
PROBLEMS = {
    Problem.UNREADABLE: gettext_lazy("This rule can't be read. It looks like FREQ=MONTHLY;BYMONTHDAY=1."),
    Problem.TOO_OFTEN: gettext_lazy("Once a day is the shortest interval."),
    Problem.PART_NOT_SUPPORTED: gettext_lazy(
        "Use FREQ, INTERVAL, BYMONTH, BYMONTHDAY, BYDAY and BYSETPOS only; the end is a field of its own."
    ),
    Problem.NEVER: gettext_lazy("This rule never happens. Change the day or the month."),
    Problem.SKIPS_MONTHS: gettext_lazy(
        "This rule leaves out the months that have no such day. Choose the last day of the month instead."
    ),
    Problem.SKIPS_YEARS: gettext_lazy(
        "This rule happens in leap years only. Choose the last day of February instead."
    ),
    Problem.UNKNOWN_ZONE: gettext_lazy("This time zone isn't known. It looks like Europe/Berlin."),
}


SOON, NEAR = 4, 14  # days


@dataclass(frozen=True, slots=True)
class Due:
    """A due moment seen from now."""

    tone: str
    icon: str
    text: str


def day_in_words(value: datetime) -> str:
    """Return weekday and date in the time zone of the page, with the year where it isn't this one."""
    local = timezone.localtime(value)
    if local.year == timezone.localdate().year:
        return date_format(local, pgettext("pattern of a weekday and date, in Django's letters", "D j M"))
    return date_format(
        local, pgettext("pattern of a weekday and date with year, in Django's letters", "D j M Y")
    )


def gaps_in_words(lacking: Mapping[Gap, Sequence[str]]) -> list[str]:
    """Return a sentence for each kind of thing that lacks, with the numbers of the controls."""
    said = []
    for gap, numbers in lacking.items():
        listed = ", ".join(numbers)
        if gap is Gap.ANSWER:
            said.append(_("No answer yet: {numbers}.").format(numbers=listed))
        elif gap is Gap.REASON:
            said.append(_("A reason is missing: {numbers}.").format(numbers=listed))
        else:
            said.append(_("A file is missing: {numbers}.").format(numbers=listed))
    return said


def due_in_words(due: datetime, now: datetime) -> Due:
    """Return tone, icon and words for a moment that work is due: `in 4 days`, `13 days late`."""
    days = (timezone.localdate(due) - timezone.localdate(now)).days
    if now > due:
        late = max(1, -days)
        text = ngettext("{days} day late", "{days} days late", late).format(days=late)
        return Due("bad", "alert-triangle", text)
    if days == 0:
        return Due("warn", "clock", _("today"))
    text = ngettext("in {days} day", "in {days} days", days).format(days=days)
    if days <= SOON:
        return Due("warn", "clock", text)
    return Due("live" if days <= NEAR else "", "circle-half-2" if days <= NEAR else "circle-dashed", text)


def waiting_in_words(state: str, due: datetime, submitted_at: datetime | None, now: datetime) -> Due:
    """Return how an open check stands: what was submitted waits for its reviewer and is not the owner's delay."""
    if state == AssessmentState.SUBMITTED and submitted_at is not None:
        text = _("submitted {day}").format(day=day_in_words(submitted_at))
        return Due("live", "eye", text)
    return due_in_words(due, now)
