"""Schedules, and the dates that they have made."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.models.library import in_language
from compliance.rules.happenings import Happening
from compliance.rules.lifecycle import ScheduleState
from compliance.rules.recurrence import Series
from compliance.rules.working_days import Shift


class Scope(models.TextChoices):
    """What a check is about."""

    ORGANISATION = "organisation", _("the organisation")
    BOARD = "board", _("a board")
    PROJECT = "project", _("a project")
    VERSION = "version", _("a model version")


class About(models.Model):
    """What a schedule or an assessment checks, and about what: exactly what its scope says."""

    title_en = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)
    control_numbers = models.JSONField(
        default=list, blank=True, help_text="empty: every control of the library"
    )
    scope = models.CharField(max_length=20, choices=Scope, default=Scope.ORGANISATION)
    board = models.PositiveBigIntegerField(null=True, blank=True, help_text="id; boards live above this app")
    project = models.ForeignKey(
        "registry.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    version = models.ForeignKey(
        "registry.ModelVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        """Return what is checked, in the language of the page."""
        return in_language(self.title_en, self.title_zh)

    @property
    def number(self) -> str:
        """Return the number of the only control, "" when there are several."""
        numbers: list[str] = self.control_numbers
        return numbers[0] if len(numbers) == 1 else ""


def about_constraint(name: str) -> models.CheckConstraint:
    """Return the constraint that a row has what its scope says, and nothing else; a version brings its project."""
    return models.CheckConstraint(
        condition=Q(scope="organisation", board__isnull=True, project__isnull=True, version__isnull=True)
        | Q(scope="board", board__isnull=False, project__isnull=True, version__isnull=True)
        | Q(scope="project", board__isnull=True, project__isnull=False, version__isnull=True)
        | Q(scope="version", board__isnull=True, project__isnull=False, version__isnull=False),
        name=name,
    )


class Schedule(About):
    """A check that comes back: which controls, when, who fills it in, who reviews it."""

    library_code = models.SlugField(max_length=60, help_text="each date uses the newest version")
    rule = models.CharField(
        max_length=300, blank=True,
        help_text="RRULE of RFC 5545, without DTSTART, UNTIL and COUNT; empty: only when something happens",
    )  # fmt: skip
    happenings = models.JSONField(default=list, blank=True, help_text="codes of Happening that open it too")
    starts = models.CharField(max_length=16, help_text="wall time in the zone, as 2026-03-31T09:00")
    zone = models.CharField(max_length=64, default="UTC")
    ends_at = models.DateTimeField(null=True, blank=True)
    shift = models.CharField(
        max_length=10, blank=True, choices=[(s, s) for s in Shift], default=Shift.NONE,
        help_text="what becomes of a date on a day off",
    )  # fmt: skip
    country = models.CharField(
        max_length=2, blank=True, help_text="whose holidays are days off; empty: weekends only"
    )
    days = models.PositiveSmallIntegerField(default=14, help_text="days from the date until the work is due")
    owner = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="owned_schedules"
    )
    reviewer = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="reviewed_schedules"
    )
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in ScheduleState], default=ScheduleState.ACTIVE
    )
    next_at = models.DateTimeField(null=True, blank=True, help_text="first date that has no occurrence yet")
    ahead_to = models.DateTimeField(
        null=True, blank=True, help_text="last date worked out ahead; empty: there are no further ones"
    )
    ahead_by = models.CharField(
        max_length=40, blank=True, help_text="edition of the holidays they were told by"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["state", "next_at"], name="schedule_next"),
            models.Index(fields=["state", "ahead_to"], name="schedule_ahead"),
        ]
        constraints = [
            about_constraint("schedule_about"),
            models.CheckConstraint(
                condition=~Q(rule="") | ~Q(happenings=[]), name="schedule_by_dates_or_happenings"
            ),
            models.CheckConstraint(
                condition=~Q(scope="board") | Q(happenings=[]), name="schedule_of_a_board_by_dates"
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(reviewer__isnull=True) | ~Q(owner=F("reviewer")),
                name="schedule_reviewer_is_not_owner",
            ),
            models.CheckConstraint(condition=Q(state__in=list(ScheduleState)), name="schedule_state_known"),
            models.CheckConstraint(condition=Q(shift__in=list(Shift)), name="schedule_shift_known"),
            models.CheckConstraint(condition=Q(days__lte=366), name="schedule_days_within_a_year"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def series(self) -> Series:
        """Return when it happens, for the rules."""
        starts = datetime.fromisoformat(self.starts)
        return Series(self.rule, starts, self.zone, self.ends_at, Shift(self.shift), self.country)

    @property
    def tz(self) -> ZoneInfo:
        """Return its time zone."""
        return ZoneInfo(self.zone)


class ComingDate(models.Model):
    """A date worked out ahead, from which occurrences are made by the database alone; thrown away with any change."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="coming_dates")
    on = models.DateTimeField()
    due = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "on"], name="coming_date_once")]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.on:%Y-%m-%d}"


class Planning(models.Model):
    """One step of the clock that made occurrences of many schedules; its event vouches for all of them.

    `sha256` is of the lines "schedule scheduled_for due", moments in whole seconds since 1970, by schedule and date.
    """

    until = models.DateTimeField()
    made_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.pk}: {self.count}"


class Occurrence(models.Model):
    """A date that a schedule has made, or something that happened. `scheduled_for` never changes; `due` may.

    What happened has an `occasion`, the act itself as "version:7"; one act opens a schedule once, whatever it is.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="occurrences")
    scheduled_for = models.DateTimeField()
    due = models.DateTimeField()
    created_at = models.DateTimeField()
    happening = models.CharField(max_length=20, blank=True, choices=[(each, each) for each in Happening])
    occasion = models.CharField(max_length=80, blank=True)
    opened = models.BooleanField(default=False, help_text="its checklist was opened")
    planning = models.ForeignKey(
        Planning, null=True, blank=True, on_delete=models.PROTECT, related_name="occurrences"
    )

    class Meta:
        ordering = ["scheduled_for", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "scheduled_for"], condition=Q(occasion=""), name="occurrence_once"
            ),
            models.UniqueConstraint(
                fields=["schedule", "occasion"], condition=~Q(occasion=""), name="occurrence_once_an_occasion"
            ),
            models.CheckConstraint(
                condition=Q(happening="", occasion="") | ~Q(happening="") & ~Q(occasion=""),
                name="occurrence_happened_at_an_occasion",
            ),
            models.CheckConstraint(
                condition=Q(happening__in=["", *Happening]), name="occurrence_happening_known"
            ),
            models.CheckConstraint(
                condition=Q(due__gte=F("scheduled_for")), name="occurrence_due_not_before"
            ),
        ]
        indexes = [
            models.Index(fields=["scheduled_for"], name="occurrence_date"),
            models.Index(
                fields=["scheduled_for", "id"], condition=Q(opened=False), name="occurrence_to_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.scheduled_for:%Y-%m-%d}"


class Incident(models.Model):
    """Something went wrong with what is in use, as somebody who manages compliance entered it; never edited."""

    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="incidents")
    version = models.ForeignKey(
        "registry.ModelVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    happened_at = models.DateTimeField()
    text = models.TextField(help_text="what happened, in the words of who entered it")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="incident_says_what_happened"),
            models.CheckConstraint(
                condition=Q(happened_at__lte=F("entered_at")), name="incident_entered_after_it_happened"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.happened_at:%Y-%m-%d}"
