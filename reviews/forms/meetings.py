"""Forms of meetings: a session, a series, items of the agenda, answers, guests, who comes and goes."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.models import User
from accounts.selectors import active_people
from accounts.timezones import time_zone_choices
from compliance import gates
from reviews.forms.days import OF_DAYS
from reviews.models import Board, Meeting, MeetingSeries
from reviews.rules.meeting_dates import DaysOff, at_wall
from reviews.selectors.meetings.words import DAYS_OFF
from reviews.services.meetings.planning import Session
from reviews.services.meetings.series import Rhythm

OWN = "own"
INTERVALS = [
    ("weekly", _("Every week, on the weekday of the first meeting")),
    ("two_weekly", _("Every two weeks, on the weekday of the first meeting")),
    ("monthly", _("Every month, on this day of the month")),
    ("monthly_weekday", _("Every month, on this weekday of the same week")),
    ("quarterly", _("Every three months")),
    (OWN, _("By a rule of our own")),
]
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class DayInput(forms.DateInput):
    """A day, as browsers ask for one."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _clock(label: StrOrPromise) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class SessionForm(forms.Form):
    """When and where one meeting is."""

    day = forms.DateField(label=_("Day"), widget=DayInput, validators=OF_DAYS)
    starts = _clock(pgettext_lazy("meeting", "From"))
    ends = _clock(pgettext_lazy("meeting", "To"))
    zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        help_text=_("For example “Room 4.02 and video”; it stands in the invitation."),
    )
    video = forms.URLField(
        label=_("Address of the video meeting"), max_length=500, required=False, assume_scheme="https"
    )
    reason = forms.CharField(
        label=_("Why it changes"), max_length=2000, required=False, widget=forms.Textarea,
        help_text=_("Everybody who was invited reads it."),
    )  # fmt: skip

    def __init__(
        self, data: QueryDict | None = None, *, board: Board, meeting: Meeting | None = None
    ) -> None:
        super().__init__(data, initial=_initial_of(board, meeting))
        if meeting is None or meeting.called_at is None:
            del self.fields["reason"]

    @property
    def session(self) -> Session:
        """Return what was filled in, of a valid form; an end before the start is on the next day."""
        given = self.cleaned_data
        zone = ZoneInfo(given["zone"])
        last = given["day"] if given["ends"] > given["starts"] else given["day"] + timedelta(days=1)
        return Session(
            starts_at=at_wall(given["day"], given["starts"], zone), ends_at=at_wall(last, given["ends"], zone),
            zone=given["zone"], place=given["place"], video=given["video"],
        )  # fmt: skip


def _initial_of(board: Board, meeting: Meeting | None) -> dict[str, Any]:
    if meeting is None:
        return {"zone": board.time_zone, "starts": time(10), "ends": time(11, 30)}
    starts, ends = meeting.starts_there, meeting.ends_at.astimezone(meeting.tz)
    return {
        "day": starts.date(), "starts": starts.time(), "ends": ends.time(), "zone": meeting.zone,
        "place": meeting.place, "video": meeting.video,
    }  # fmt: skip


class SeriesForm(forms.Form):
    """When and where a board meets again and again; `since`, where there is a series already."""

    since = forms.DateField(
        label=_("From this day on"), widget=DayInput, validators=OF_DAYS,
        help_text=_("Meetings before it stay as they are."),
    )  # fmt: skip
    interval = forms.ChoiceField(label=_("How often"), choices=INTERVALS)
    rule = forms.CharField(
        label=_("Rule of our own"), required=False, max_length=300,
        help_text=_("RRULE of RFC 5545, for example FREQ=MONTHLY;BYDAY=1WE for the first Wednesday of each month."),
    )  # fmt: skip
    first_on = forms.DateField(label=_("First meeting"), widget=DayInput, validators=OF_DAYS)
    starts = _clock(pgettext_lazy("meeting", "From"))
    lasts = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=1440, initial=90)
    zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    last_on = forms.DateField(label=_("Not after"), required=False, widget=DayInput, validators=OF_DAYS)
    days_off = forms.ChoiceField(
        label=_("On a day off"), choices=list(DAYS_OFF.items()), initial=DaysOff.LATER, widget=forms.RadioSelect,
        help_text=_("Weekends, holidays and closing days of the board's calendar."),
    )  # fmt: skip
    place = forms.CharField(
        label=_("Place"), max_length=200, help_text=_("For example “Room 4.02 and video”.")
    )
    video = forms.URLField(
        label=_("Address of the video meeting"), max_length=500, required=False, assume_scheme="https"
    )
    call_days = forms.IntegerField(
        label=_("Invitation, working days before"), min_value=0, max_value=60, initial=5,
        help_text=_("By then the secretary is reminded to send it."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why it changes"), max_length=2000, widget=forms.Textarea)

    def __init__(
        self, data: QueryDict | None = None, *, board: Board, series: MeetingSeries | None = None
    ) -> None:
        initial: dict[str, Any] = {"zone": board.time_zone, "starts": time(10)}
        if series is not None:
            initial |= _initial_of_series(series)
        super().__init__(data, initial=initial)
        if series is None:
            del self.fields["since"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Check the rule with its first date."""
        cleaned = super().clean() or {}
        if cleaned.get("interval") == OWN and not cleaned.get("rule"):
            self.add_error("rule", _("Write the rule, or choose an interval."))
        if not self.errors and (problem := gates.problem_of_recurrence(_recurrence(cleaned))):
            self.add_error(
                "rule" if cleaned["interval"] == OWN else "interval", gates.RECURRENCE_PROBLEMS[problem]
            )
        return cleaned

    @property
    def rhythm(self) -> Rhythm:
        """Return what was filled in, of a valid form."""
        given = self.cleaned_data
        last: date | None = given["last_on"]
        return Rhythm(
            rule=_rule(given), starts=datetime.combine(given["first_on"], given["starts"]), zone=given["zone"],
            lasts=given["lasts"], place=given["place"], video=given["video"], days_off=DaysOff(given["days_off"]),
            call_days=given["call_days"],
            ends_at=at_wall(last, time(23, 59), ZoneInfo(given["zone"])) if last else None,
        )  # fmt: skip


def _recurrence(given: dict[str, Any]) -> gates.Recurrence:
    return gates.Recurrence(_rule(given), datetime.combine(given["first_on"], given["starts"]), given["zone"])


def _rule(given: dict[str, Any]) -> str:
    first: date = given["first_on"]
    weekday = _DAYS[first.weekday()]
    rules = {
        OWN: given["rule"],
        "two_weekly": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}",
        "monthly_weekday": f"FREQ=MONTHLY;BYDAY={(first.day - 1) // 7 + 1 if first.day <= 28 else -1}{weekday}",
    }
    chosen: str = given["interval"]
    return rules[chosen] if chosen in rules else gates.rule_for(chosen, datetime.combine(first, time()))


def _initial_of_series(series: MeetingSeries) -> dict[str, Any]:
    starts = datetime.fromisoformat(series.starts)
    return {
        "interval": OWN, "rule": series.rule, "starts": starts.time(), "lasts": series.lasts, "zone": series.zone,
        "days_off": series.days_off, "place": series.place, "video": series.video, "call_days": series.call_days,
    }  # fmt: skip


class ItemForm(forms.Form):
    """An item of one's own."""

    title = forms.CharField(label=_("Title"), max_length=200)
    note = forms.CharField(label=_("What is asked"), required=False, max_length=2000, widget=forms.Textarea)
    takes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, initial=10)


class GuestForm(forms.Form):
    """A guest, with an account or by name."""

    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("somebody without an account"),
    )
    name = forms.CharField(
        label=_("Name"), max_length=200, required=False, help_text=_("Of who has no account.")
    )
    affiliation = forms.CharField(label=_("From where"), max_length=200, required=False)
    item = forms.TypedChoiceField(label=_("For"), required=False, coerce=int, empty_value=None)
    expert = forms.BooleanField(label=_("As an expert whom the board asks"), required=False)

    def __init__(self, data: QueryDict | None = None, *, items: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["person"].queryset = active_people()  # type: ignore[attr-defined]
        self.fields["item"].choices = [("", _("the whole meeting")), *items]  # type: ignore[attr-defined]
