"""The form of a schedule: an interval or a rule of one's own, from a day and time in a zone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from accounts.selectors import active_people
from accounts.timezones import time_zone_choices
from compliance.models import Control, Library, Schedule
from compliance.models.boards import board_names
from compliance.rules.recurrence import FREQUENCIES, problem_of, rule_for
from compliance.rules.working_days import Shift
from compliance.selectors.cadence import Suggestion
from compliance.selectors.happening_words import WHENEVER
from compliance.selectors.words import PROBLEMS
from compliance.services.about import Checked
from compliance.services.schedules import Timing
from registry.models import ModelVersion, Project
from reminders.countries import COUNTRIES

OWN, ON_NO_DATES = "own", "none"
NOBODY = _("nobody yet")
INTERVALS = [
    ("daily", _("Every day")),
    ("weekly", _("Every week, on the weekday of the first date")),
    ("monthly", _("Every month")),
    ("quarterly", _("Every three months")),
    ("half_yearly", _("Every six months")),
    ("yearly", _("Every year")),
    ("two_yearly", _("Every two years")),
    (OWN, _("By a rule of my own")),
    (ON_NO_DATES, _("On no dates, only when something happens")),
]


class DayInput(forms.DateInput):
    """A day, as browsers ask for one."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def days_off() -> list[tuple[str, StrOrPromise]]:
    """Return the choices of days off: weekends only, or the holidays of a country too."""
    named = sorted(((code, str(name)) for code, name in COUNTRIES.items()), key=itemgetter(1))
    return [("", _("Weekends only")), *named]


class ScheduleForm(forms.Form):
    """What is checked, when, by whom."""

    controls = forms.MultipleChoiceField(
        label=_("Controls"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all of them."),
    )  # fmt: skip
    about = forms.ChoiceField(label=_("About"))
    interval = forms.ChoiceField(label=_("How often"), choices=INTERVALS)
    rule = forms.CharField(
        label=_("Rule of my own"), required=False, max_length=300,
        help_text=_("RRULE of RFC 5545, for example FREQ=MONTHLY;BYDAY=1MO for the first Monday of each month."),
    )  # fmt: skip
    happenings = forms.MultipleChoiceField(
        label=_("When something happens"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(str(each), word) for each, word in WHENEVER.items()],
        help_text=_("A checklist about the version or project opens each time, beside the dates."),
    )  # fmt: skip
    first_on = forms.DateField(
        label=_("From"), widget=DayInput, help_text=_("The first date, or the day from which it listens.")
    )
    clock = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    last_on = forms.DateField(label=_("Not after"), required=False, widget=DayInput)
    shift = forms.ChoiceField(
        label=_("On a day off"), required=False,
        choices=[
            (Shift.NONE, _("it stays")), (Shift.LATER, _("on the next working day")),
            (Shift.EARLIER, _("on the last working day before")),
        ],
    )  # fmt: skip
    country = forms.ChoiceField(label=_("Days off"), required=False, choices=days_off)
    days = forms.IntegerField(label=_("Days to complete"), min_value=0, max_value=366, initial=14)
    owner = forms.ModelChoiceField(
        label=_("Fills it in"), queryset=User.objects.none(), required=False, empty_label=NOBODY
    )
    reviewer = forms.ModelChoiceField(
        label=_("Reviews it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=NOBODY,
    )
    title_en = forms.CharField(
        label=_("Title in English"), required=False, max_length=200,
        help_text=_("Left empty, it is named after its control or its library."),
    )  # fmt: skip
    title_zh = forms.CharField(label=_("Title in Chinese"), required=False, max_length=200)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        library: Library,
        controls: Iterable[Control],
        projects: Iterable[Project],
        versions: Iterable[ModelVersion] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.library = library
        self.fields["controls"].choices = [(c.number, f"{c.number} {c.title}") for c in controls]  # type: ignore[attr-defined]  # of a choice field
        of_versions = [(f"version:{version.pk}", str(version)) for version in versions]
        self.fields["about"].choices = [*subjects(projects), *of_versions]  # type: ignore[attr-defined]  # of a choice field
        people = active_people()
        self.fields["owner"].queryset = self.fields["reviewer"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check what belongs together: the rule with its first date, owner with reviewer."""
        cleaned = super().clean() or {}
        if cleaned.get("interval") == OWN and not cleaned.get("rule"):
            self.add_error("rule", _("Write the rule, or choose an interval."))
        if cleaned.get("owner") and cleaned.get("owner") == cleaned.get("reviewer"):
            self.add_error(
                "reviewer", _("Owner and reviewer are different people. Choose somebody else here.")
            )
        by_dates, listens = cleaned.get("interval") != ON_NO_DATES, cleaned.get("happenings")
        if not by_dates and not listens:
            self.add_error("happenings", _("Choose what has to happen, or an interval."))
        if listens and str(cleaned.get("about", "")).startswith("board:"):
            self.add_error(
                "happenings",
                _("What happens, happens to a version or project. A check of a board goes by dates."),
            )
        if not self.errors and by_dates and (problem := problem_of(self.timing.series)):
            self.add_error("rule" if cleaned["interval"] == OWN else "interval", PROBLEMS[problem])
        return cleaned

    @property
    def timing(self) -> Timing:
        """Return when and by whom, of a form whose fields are valid."""
        data = self.cleaned_data
        starts = datetime.combine(data["first_on"], data["clock"])
        rule = _rule(data["interval"], data["rule"], starts)
        ends = data.get("last_on")
        zone = ZoneInfo(data["zone"])
        return Timing(
            rule=rule, starts=starts, zone=data["zone"], days=data["days"], owner=data.get("owner"),
            reviewer=data.get("reviewer"), ends_at=datetime.combine(ends, time(23, 59), zone) if ends else None,
            shift=Shift(data["shift"]), country=data["country"] if data["shift"] else "",
            happenings=data["happenings"],
        )  # fmt: skip

    @property
    def checked(self) -> Checked:
        """Return what is checked, of a form whose fields are valid."""
        data = self.cleaned_data
        checked = Checked(
            library_code=self.library.code,
            control_numbers=data["controls"],
            title_en=data["title_en"],
            title_zh=data["title_zh"],
        )
        return checked_about(checked, data["about"])


def subjects(projects: Iterable[Project]) -> list[tuple[str, Any]]:
    """Return the choices of what a check is about."""
    boards = sorted(board_names().items(), key=lambda item: item[1])
    return [
        ("organisation", _("The organisation")),
        *[(f"board:{key}", name) for key, name in boards],
        *[(f"project:{project.pk}", project.name) for project in projects],
    ]


def checked_about(checked: Checked, choice: str) -> Checked:
    """Return what is checked, about a choice of `subjects`: "project:7"; "organisation" leaves it as it is."""
    kind, _colon, number = choice.partition(":")
    return replace(checked, **{f"{kind}_id": int(number)}) if number else checked  # type: ignore[arg-type]  # ids only


def _rule(interval: str, own: str, starts: datetime) -> str:
    if interval == ON_NO_DATES:
        return ""
    return own if interval == OWN else rule_for(interval, starts)


def beginnings(user: User, today: date, suggestion: Suggestion, numbers: Iterable[str]) -> dict[str, Any]:
    """Return what a new schedule's form begins with: the cadence that we suggest for these controls."""
    otherwise = ON_NO_DATES if suggestion.happenings else "monthly"
    return {
        "interval": suggestion.interval or otherwise, "happenings": list(map(str, suggestion.happenings)),
        "controls": list(numbers), "first_on": today, "clock": time(9, 0), "zone": user.time_zone, "days": 14,
    }  # fmt: skip


def values_of(schedule: Schedule, library: Library) -> dict[str, Any]:
    """Return what the form of an existing schedule begins with; an interval where the rule is one."""
    starts = datetime.fromisoformat(schedule.starts)
    regular = next((name for name in FREQUENCIES if rule_for(name, starts) == schedule.rule), OWN)
    interval = regular if schedule.rule else ON_NO_DATES
    named = {(control.title_en, control.title_zh) for control in library.controls.all()}
    own_title = (schedule.title_en, schedule.title_zh) not in named | {(library.name_en, library.name_zh)}
    return {
        "controls": schedule.control_numbers, "about": _subject_of(schedule), "interval": interval,
        "rule": schedule.rule if interval == OWN else "", "first_on": starts.date(), "clock": starts.time(),
        "shift": schedule.shift, "country": schedule.country, "happenings": schedule.happenings,
        "zone": schedule.zone, "days": schedule.days, "owner": schedule.owner_id, "reviewer": schedule.reviewer_id,
        "last_on": schedule.ends_at.astimezone(ZoneInfo(schedule.zone)).date() if schedule.ends_at else None,
        "title_en": schedule.title_en if own_title else "", "title_zh": schedule.title_zh if own_title else "",
    }  # fmt: skip


def _subject_of(schedule: Schedule) -> str:
    if schedule.board:
        return f"board:{schedule.board}"
    if schedule.version_id:
        return f"version:{schedule.version_id}"
    return f"project:{schedule.project_id}" if schedule.project_id else "organisation"
