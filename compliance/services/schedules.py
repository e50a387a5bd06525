"""Schedules: made, changed, paused, resumed and ended by those who manage compliance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import IllegalTransition, Refused
from compliance.models import Library, Occurrence, Schedule
from compliance.models.schedule import Scope
from compliance.permissions import schedule_to_manage, why_not_manage, why_not_move
from compliance.rules.happenings import Happening, in_order
from compliance.rules.lifecycle import ScheduleEvent, ScheduleState, schedule_after
from compliance.rules.recurrence import Problem, Series, first_moment, next_after, problem_of
from compliance.rules.working_days import Shift
from compliance.selectors.words import PROBLEMS
from compliance.services.about import Checked, fields_of, library_for
from compliance.services.ahead import begin_ahead
from reminders.countries import COUNTRIES

LONGEST = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When and by whom. `rule` is an RRULE, `starts` the naive wall time in `zone`, `days` how long the work may take.

    Without a rule ("") it happens only with one of the `happenings`, from `starts` until `ends_at`. `owner` fills it
    in, `reviewer` accepts it; None: named later, on each run.
    """

    rule: str
    starts: datetime
    zone: str = "UTC"
    ends_at: datetime | None = None
    shift: Shift = Shift.NONE
    country: str = ""
    happenings: Sequence[str] = ()
    days: int = 14
    owner: User | None = None
    reviewer: User | None = None

    @property
    def series(self) -> Series:
        """Return when it happens, for the rules."""
        return Series(self.rule, self.starts, self.zone, self.ends_at, self.shift, self.country)


@transaction.atomic
def create_schedule(*, actor: User, checked: Checked, timing: Timing, now: datetime) -> Schedule:
    """Make a schedule; its first date is the first one at or after `now`. Occurrences are made by `plan_occurrences`.

    Raises PermissionDenied, or Refused with what is wrong about the rule, the people or what is checked.
    """
    if reason := why_not_manage(actor):
        raise PermissionDenied(reason)
    _require_sound(timing)
    library = library_for(checked)
    schedule = Schedule(
        library_code=library.code, created_at=now, created_by=actor, changed_at=now,
        **fields_of(checked, library, actor, now), **_fields(timing),
    )  # fmt: skip
    _require_fitting(schedule)
    schedule.save()
    begin_ahead(schedule, now, inclusive=True)
    _require_happening(schedule.next_at, timing, now)
    trail.record("schedule.created", obj=schedule, actor=actor, now=now, data=_said(schedule))
    return schedule


def try_schedule(*, actor: User, checked: Checked, timing: Timing, now: datetime) -> Library:
    """Check all that making a schedule would check, and return the library that it would take; nothing is kept.

    Raises what `create_schedule` raises.
    """
    if reason := why_not_manage(actor):
        raise PermissionDenied(reason)
    _require_sound(timing)
    library = library_for(checked)
    about = fields_of(checked, library, actor, now)
    _require_fitting(Schedule(library_code=library.code, **about, **_fields(timing)))
    _require_happening(next_after(timing.series, now, inclusive=True), timing, now)
    return library


@transaction.atomic
def change_schedule(
    *, actor: User, schedule_id: int, checked: Checked, timing: Timing, now: datetime
) -> Schedule:
    """Change a schedule from now on: dates that nobody has begun are made anew, those that were opened stay."""
    schedule = schedule_to_manage(actor, schedule_id, now)
    if schedule.state == ScheduleState.ENDED:
        raise IllegalTransition(_("This schedule has ended. Make a new one instead."))
    _require_sound(timing)
    library = library_for(checked)
    before = _said(schedule)
    values = fields_of(checked, library, actor, now) | _fields(timing) | {"library_code": library.code}
    for name, value in values.items():
        setattr(schedule, name, value)
    _require_fitting(schedule)
    schedule.changed_at = now
    withdrawn = _untouched(schedule, now)
    begin_ahead(schedule, now)
    changes = {
        key: {"old": before[key], "new": new} for key, new in _said(schedule).items() if before[key] != new
    }
    trail.record(
        "schedule.changed",
        obj=schedule,
        actor=actor,
        now=now,
        data={"changes": changes, "withdrawn": len(withdrawn)},
        gone=withdrawn,
    )
    _remove(withdrawn)
    return schedule


def pause_schedule(*, actor: User, schedule_id: int, reason: str, now: datetime) -> Schedule:
    """Stop making dates until it is resumed; dates that nobody has begun are withdrawn."""
    return _move(actor, schedule_id, ScheduleEvent.PAUSE, reason, now)


def resume_schedule(*, actor: User, schedule_id: int, now: datetime) -> Schedule:
    """Make dates again, from now on: what fell into the pause isn't caught up."""
    return _move(actor, schedule_id, ScheduleEvent.RESUME, "", now)


def end_schedule(*, actor: User, schedule_id: int, reason: str, now: datetime) -> Schedule:
    """Make no dates any more; what was opened stays and is finished."""
    return _move(actor, schedule_id, ScheduleEvent.END, reason, now)


_VERBS = {
    ScheduleEvent.PAUSE: "schedule.paused",
    ScheduleEvent.RESUME: "schedule.resumed",
    ScheduleEvent.END: "schedule.ended",
}


@transaction.atomic
def _move(actor: User, schedule_id: int, event: ScheduleEvent, reason: str, now: datetime) -> Schedule:
    schedule = schedule_to_manage(actor, schedule_id, now)
    state = schedule_after(schedule.state, event)
    if state is None:
        raise IllegalTransition(why_not_move(schedule, event) or "")
    if event != ScheduleEvent.RESUME and not reason.strip():
        raise Refused(_("Give a reason; it stands in the log."))
    withdrawn = [] if state == ScheduleState.ACTIVE else _untouched(schedule, now)
    schedule.state, schedule.changed_at = state, now
    begin_ahead(schedule, now)
    trail.record(
        _VERBS[event],
        obj=schedule,
        actor=actor,
        now=now,
        data={"withdrawn": len(withdrawn)},
        reason=reason.strip(),
        gone=withdrawn,
    )
    _remove(withdrawn)
    return schedule


def _untouched(schedule: Schedule, now: datetime) -> list[Occurrence]:
    """Return future dates that have no assessment, locked, so that none is opened meanwhile."""
    future = Occurrence.objects.filter(schedule=schedule, scheduled_for__gt=now, assessment__isnull=True)
    return list(future.select_for_update(of=("self",)).only("pk"))


def _remove(dates: list[Occurrence]) -> None:
    Occurrence.objects.filter(pk__in=[date.pk for date in dates]).delete()


def _require_sound(timing: Timing) -> None:
    if not timing.rule.strip() and not timing.happenings:
        raise Refused(_("Say when: by dates, when something happens, or both."))
    if set(timing.happenings) - set(Happening):
        raise Refused(_("There is no such happening. Choose from the list."))
    problem = problem_of(timing.series)
    if problem and (timing.rule.strip() or problem == Problem.UNKNOWN_ZONE):
        raise Refused(str(PROBLEMS[problem]))
    if timing.country and timing.country not in COUNTRIES:
        raise Refused(_("The holidays of this country are not known. Choose one from the list."))
    if not 0 <= timing.days <= LONGEST:
        raise Refused(_("The work may take up to a year: 0 to 366 days."))
    if timing.owner is not None and timing.owner == timing.reviewer:
        raise Refused(_("Owner and reviewer are different people. Choose somebody else for one of them."))
    for person in (timing.owner, timing.reviewer):
        if person is not None and not person.is_active:
            raise Refused(_("{person} can't sign in any more. Choose somebody else.").format(person=person))


def _require_fitting(schedule: Schedule) -> None:
    if schedule.happenings and schedule.scope == Scope.BOARD:
        raise Refused(_("What happens, happens to a version or project. A check of a board goes by dates."))


def _require_happening(first: datetime | None, timing: Timing, now: datetime) -> None:
    if first is None and not (timing.happenings and _may_still_happen(timing, now)):
        raise Refused(_("This schedule would never happen: it ends before its first date."))


def _may_still_happen(timing: Timing, now: datetime) -> bool:
    return timing.ends_at is None or timing.ends_at > max(now, first_moment(timing.series))


def _fields(timing: Timing) -> dict[str, object]:
    return {
        "rule": timing.rule.strip().upper().removeprefix("RRULE:"), "zone": timing.zone, "ends_at": timing.ends_at,
        "starts": timing.starts.replace(tzinfo=None).isoformat(timespec="minutes"), "days": timing.days,
        "owner": timing.owner, "reviewer": timing.reviewer, "shift": timing.shift,
        "country": timing.country if timing.shift else "", "happenings": [*map(str, in_order(timing.happenings))],
    }  # fmt: skip


def _said(schedule: Schedule) -> dict[str, object]:
    """Return what an event says of a schedule."""
    return {
        "library": schedule.library_code, "controls": list(schedule.control_numbers), "scope": str(schedule.scope),
        "rule": schedule.rule, "starts": schedule.starts, "zone": schedule.zone, "days": schedule.days,
        "ends": schedule.ends_at.isoformat() if schedule.ends_at else None, "shift": str(schedule.shift),
        "country": schedule.country, "happenings": list(schedule.happenings),
        "owner": str(schedule.owner.pseudonym) if schedule.owner else None,
        "reviewer": str(schedule.reviewer.pseudonym) if schedule.reviewer else None,
    }  # fmt: skip
