"""What lower apps know of meetings: their events, what they vouch for, where they belong, whose record minutes are."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from audit import scope, tracking, verbs, words
from records import permissions as records
from reminders import dates
from reviews import models
from reviews.selectors.meetings.dates import meeting_dates
from reviews.selectors.meetings.minutes_page import may_read_minutes
from reviews.selectors.meetings.words import HOWS, PARTS
from reviews.selectors.waiting import meetings as waiting

VERBS: tuple[tuple[str, StrOrPromise, StrOrPromise], ...] = (
    ("meeting_series.made", _("Series of meetings made"), _("The board was given a series of meetings.")),
    (
        "meeting_series.changed",
        _("Series of meetings changed"),
        _("From a day on the board meets by another series."),
    ),
    (
        "meeting_series.ended",
        _("Series of meetings ended"),
        _("From a day on a series has no more meetings."),
    ),
    ("meeting.planned", _("Meeting planned"), _("A meeting of the board was planned.")),
    ("meeting.moved", _("Meeting moved"), _("Time or place of a meeting was changed before it was called.")),
    ("meeting.called", _("Meeting called"), _("The invitation with the agenda was sent.")),
    ("meeting.sent_again", _("Invitation sent again"), _("What changed about a meeting was sent.")),
    ("meeting.cancelled", _("Meeting cancelled"), _("A meeting was cancelled, with a reason.")),
    ("meeting.started", _("Meeting started"), _("The meeting began.")),
    ("meeting.closed", _("Meeting closed"), _("The meeting ended; what wasn't finished is carried over.")),
    ("agenda.filled", _("Agenda filled"), _("What was ready was put on the agenda.")),
    ("agenda.item_added", _("Item added"), _("An item was added to the agenda.")),
    ("agenda.item_changed", _("Item changed"), _("An item of the agenda was changed.")),
    ("agenda.reordered", _("Agenda reordered"), _("An item of the agenda changed its place.")),
    ("agenda.item_removed", _("Item taken off"), _("An item was taken off the agenda.")),
    ("agenda.item_taken_up", _("Item taken up"), _("The meeting took up an item; who is recused left.")),
    ("agenda.item_finished", _("Item finished"), _("The meeting finished an item.")),
    ("agenda.item_tabled", _("Item tabled"), _("An item was tabled, not decided.")),
    ("invitation.answered", _("Invitation answered"), _("Somebody said whether they come to the meeting.")),
    ("guest.invited", _("Guest invited"), _("A guest was asked to the meeting.")),
    ("guest.uninvited", _("Guest taken off"), _("A guest is not asked any more.")),
    ("attendance.came", pgettext_lazy("meeting", "Arrival"), _("Somebody came to the meeting.")),
    ("attendance.left", pgettext_lazy("meeting", "Departure"), _("Somebody left the meeting.")),
    ("motion.put_again", _("Motion put again"), _("A motion that was tabled was put again, word for word.")),
    ("ballot.circulated", _("Ballot by circulation"), _("A ballot of a meeting goes on by circulation.")),
    ("minutes.written", _("Minutes written"), _("A text of the minutes was written.")),
    ("minutes.circulated", _("Minutes circulated"), _("The draft of the minutes was sent to the board.")),
    ("minutes.taken_back", _("Minutes taken back"), _("Circulated minutes are being corrected.")),
    ("minutes.approved", _("Minutes approved"), _("The minutes were approved, and frozen as a record.")),
)

KEYS: dict[str, StrOrPromise] = {
    "action": _("what became of it"),
    "agenda_sha256": _("SHA-256 of the agenda"),
    "answer": pgettext_lazy("to an invitation", "answer"),
    "carried": _("carried over"),
    "continues": _("puts again"),
    "days_off": _("on a day off"),
    "follows": _("follows"),
    "how": _("taking part"),
    "in_meeting": _("in the meeting"),
    "item": _("item of the agenda"),
    "items": _("items of the agenda"),
    "meeting": _("meeting"),
    "meetings": _("meetings"),
    "moved": _("meetings with a new date"),
    "part": pgettext_lazy("at a meeting", "part"),
    "rule": _("rule"),
    "scheduled_for": _("date of the series"),
    "sent_out": _("left, being recused"),
    "sequence": _("number of the mailing"),
    "series": _("series"),
    "since": _("from"),
    "starts": _("starts"),
    "starts_at": _("starts"),
    "takes": _("minutes"),
    "zone": _("time zone"),
}
"""Words for what stands in the data of these events."""

TRACKED: dict[type[Any], tuple[str, ...]] = {
    models.MeetingSeries: ("board", "follows", "rule", "starts", "zone", "ends_at", "days_off"),
    models.Meeting: (
        "board", "series", "scheduled_for", "number", "starts_at", "ends_at", "place", "sequence", "state",
        "secretary", "chair", "started_at", "closed_at", "cancel_reason",
    ),
    models.AgendaItem: (
        "meeting", "place", "kind", "title", "note", "review", "condition", "approves", "takes", "state", "opened_at",
        "finished_at", "action", "why",
    ),
    models.MeetingNotice: ("meeting", "sequence", "method", "content", "sha256", "why"),
    models.Attendance: (
        "meeting", "person", "part", "attributes", "item", "sits_for", "answer", "answer_reason", "ended_at",
    ),
    models.AttendanceSpan: ("attendance", "came_at", "left_at", "how", "out_for"),
    models.Minutes: (
        "meeting", "state", "writer", "version", "approved_at", "approved_by", "approved_in", "record",
    ),
    models.MinutesPart: ("minutes", "item", "kind", "text", "version"),
    models.MinutesVersion: ("minutes", "number", "content", "sha256", "why"),
}  # fmt: skip


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    for model, fields in TRACKED.items():
        tracking.track(model, list(fields))
    verbs.leave_as_is("attendance.came", "attendance.left", "agenda.filled")
    for key, label in KEYS.items():
        words.register(key, label)
    words.register_values("part", PARTS)
    words.register_values("how", HOWS)
    _register_places()
    dates.register(meeting_dates)
    waiting.register()
    records.register("reviews.meeting", may_read_minutes, address=_minutes_address)


def _minutes_address(meeting_id: str) -> str:
    """Return the page of the minutes."""
    return reverse("reviews:minutes", args=[meeting_id])


def _register_places() -> None:
    def of_meeting(meeting: models.Meeting) -> scope.Place:
        return scope.Place(board=meeting.board_id, root=("reviews.meeting", meeting.pk))

    scope.register("reviews.meetingseries", lambda series: scope.Place(board=series.board_id))
    scope.register("reviews.meeting", of_meeting)
    for name in ("agendaitem", "attendance", "minutes"):
        scope.register(f"reviews.{name}", lambda row: of_meeting(row.meeting))
    scope.register("reviews.minutespart", lambda part: of_meeting(part.minutes.meeting))
