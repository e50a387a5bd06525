"""Words for meetings: their names, states, items, answers, and what their agenda asks of the board."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from reviews.models import AgendaItem, Meeting
from reviews.rules.agenda import Asked, ItemState
from reviews.rules.attendance import How, Part
from reviews.rules.meeting_dates import DaysOff, ordinal
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.rules.minutes import MinutesState, PartKind
from reviews.rules.review_lifecycle import Matter
from reviews.selectors.words import Badge

MEETING_STATES: dict[str, Badge] = {
    MeetingState.PLANNED: Badge("", "calendar-due", pgettext_lazy("meeting", "Planned")),
    MeetingState.CALLED: Badge("note", "mail", pgettext_lazy("meeting", "Called")),
    MeetingState.RUNNING: Badge("live", "activity", pgettext_lazy("meeting", "Running")),
    MeetingState.CLOSED: Badge("", "check", pgettext_lazy("meeting", "Over")),
    MeetingState.CANCELLED: Badge("bad", "x", pgettext_lazy("meeting", "Cancelled")),
}
ITEM_STATES: dict[str, Badge] = {
    ItemState.WAITING: Badge("", "circle-dashed", pgettext_lazy("agenda item", "To come")),
    ItemState.OPEN: Badge("live", "activity", pgettext_lazy("agenda item", "Being dealt with")),
    ItemState.DONE: Badge("good", "check", pgettext_lazy("agenda item", "Done")),
    ItemState.TABLED: Badge("warn", "hourglass", pgettext_lazy("agenda item", "Tabled")),
    ItemState.CARRIED: Badge("", "arrow-right", pgettext_lazy("agenda item", "Carried over")),
    ItemState.REMOVED: Badge("", "minus", pgettext_lazy("agenda item", "Taken off")),
}
MINUTES_STATES: dict[str, Badge] = {
    MinutesState.WRITING: Badge("live", "pencil", pgettext_lazy("minutes", "Being written")),
    MinutesState.CIRCULATED: Badge("note", "mail", pgettext_lazy("minutes", "Circulated")),
    MinutesState.APPROVED: Badge("good", "check", pgettext_lazy("minutes", "Approved")),
}
ASKED: dict[str, StrOrPromise] = {
    Asked.APPROVE_MINUTES: gettext_lazy("to approve"),
    Asked.RATIFY: gettext_lazy("suspension to ratify"),
    Asked.GO_ON: gettext_lazy("was tabled, goes on"),
    Asked.COMES_BACK: gettext_lazy("was put off, comes back"),
    Asked.VOTE: gettext_lazy("a motion to vote on"),
    Asked.DELIBERATE: gettext_lazy("deliberation"),
    Asked.FIRST_READING: gettext_lazy("first reading"),
    Asked.OVERDUE_CONDITION: gettext_lazy("condition overdue"),
    Asked.OTHER: "",
}
ANSWERS: dict[str, Badge] = {
    "accepted": Badge("good", "check", pgettext_lazy("invitation", "comes")),
    "declined": Badge("warn", "user-off", pgettext_lazy("invitation", "excused")),
    "": Badge("", "circle-dashed", pgettext_lazy("invitation", "no answer")),
}
PARTS: dict[str, StrOrPromise] = {
    Part.CHAIR: pgettext_lazy("seat", "chair"),
    Part.MEMBER: pgettext_lazy("seat", "member"),
    Part.ALTERNATE: pgettext_lazy("seat", "alternate"),
    Part.SECRETARY: pgettext_lazy("meeting", "secretary"),
    Part.EXPERT: gettext_lazy("expert without a vote"),
    Part.GUEST: pgettext_lazy("meeting", "guest"),
}
HOWS: dict[str, StrOrPromise] = {
    How.IN_PERSON: gettext_lazy("in person"),
    How.VIDEO: gettext_lazy("video"),
    How.PHONE: gettext_lazy("telephone"),
}
DAYS_OFF: dict[str, StrOrPromise] = {
    DaysOff.KEEP: gettext_lazy("the board meets all the same"),
    DaysOff.LATER: gettext_lazy("it meets on the next working day"),
    DaysOff.EARLIER: gettext_lazy("it meets on the last working day before"),
    DaysOff.DROP: gettext_lazy("the meeting is dropped"),
}
PART_TITLES: dict[str, StrOrPromise] = {
    PartKind.OPENING: gettext_lazy("Opening"),
    PartKind.DISCUSSION: gettext_lazy("Disputed points and how they were settled"),
    PartKind.BASIS: gettext_lazy("Basis for changes or for a refusal"),
    PartKind.CLOSING: gettext_lazy("Other business and closing"),
}


def ordinal_in_words(number: int) -> str:
    """Return the number of a meeting as the active language counts: "11th", in Chinese "11"."""
    return str(number) if (get_language() or "").startswith("zh") else ordinal(number)


def day_there(moment: datetime, meeting: Meeting) -> str:
    """Return the day of a moment where the meeting is held: "Wed 25 Nov 2026"."""
    return date_format(moment.astimezone(meeting.tz), _("D j M Y"))


def clock_there(moment: datetime, meeting: Meeting) -> str:
    """Return the time of a moment where the meeting is held: "10:00"."""
    return date_format(moment.astimezone(meeting.tz), "H:i")


def when_in_words(meeting: Meeting) -> str:
    """Return "Wed 25 Nov 2026, 10:00 to 11:30", with the time zone where it isn't the page's."""
    text = _("{day}, {start} to {end}").format(
        day=day_there(meeting.starts_at, meeting),
        start=clock_there(meeting.starts_at, meeting),
        end=clock_there(meeting.ends_at, meeting),
    )
    here = timezone.localtime(meeting.starts_at).utcoffset() or timedelta()
    same = here == (meeting.starts_there.utcoffset() or timedelta())
    return text if same else _("{time} ({zone})").format(time=text, zone=meeting.zone)


def name_of(meeting: Meeting) -> str:
    """Return "Ethics board, 11th meeting"; before it is called, it goes by its day."""
    if meeting.number is None:
        return _("{board}, meeting of {day}").format(
            board=meeting.board.name, day=day_there(meeting.starts_at, meeting)
        )
    return _("{board}, {ordinal} meeting").format(
        board=meeting.board.name, ordinal=ordinal_in_words(meeting.number)
    )


def short_name_of(meeting: Meeting) -> str:
    """Return "11th meeting", or the day of one that isn't called yet."""
    if meeting.number is None:
        return _("Meeting of {day}").format(day=day_there(meeting.starts_at, meeting))
    return _("{ordinal} meeting").format(ordinal=ordinal_in_words(meeting.number))


def title_of(item: AgendaItem) -> str:
    """Return what an item is called on the agenda; reads loaded relations."""
    if item.review is not None:
        request = item.review.request
        model = f"{request.version.model.name} {request.version.number}"
        return _MATTERS[item.review.matter].format(model=model) if item.review.matter in _MATTERS else model
    if item.condition is not None:
        request = item.condition.decision.request
        return _("Condition C{number} of {model}").format(
            number=item.condition.number, model=f"{request.version.model.name} {request.version.number}"
        )
    if item.approves is not None:
        return _("Minutes of the meeting of {day}").format(
            day=day_there(item.approves.starts_at, item.approves)
        )
    return item.title


_MATTERS: dict[str, StrOrPromise] = {
    Matter.SUSPENSION: gettext_lazy("Suspension of {model}"),
    Matter.CONTINUING: gettext_lazy("Continuing review of {model}"),
    Matter.CONDITION: gettext_lazy("A condition of {model}"),
}
