"""What happens to a version or a project opens the schedules that listen to it, once for each act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit import trail
from compliance.models import Assessment, Occurrence, Schedule
from compliance.models.schedule import Scope
from compliance.rules.happenings import Happening, base_changed
from compliance.rules.lifecycle import ScheduleState
from compliance.rules.recurrence import due_at, runs_at
from compliance.services.occurrences import Newest, assessment_of, said
from compliance.services.opening import open_for_version
from registry.models import ModelVersion


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened: in a project, and to one of its versions or (None) to none in particular."""

    project_id: int
    version_id: int | None = None


@transaction.atomic
def happened(
    happenings: Sequence[Happening], place: Place, *, occasion: str, now: datetime,
    data: Mapping[str, object] | None = None,
) -> list[Assessment]:  # fmt: skip
    """Open a checklist for each active schedule that listens to one of the happenings and covers the place.

    `occasion` names the act, as "release:3": told twice, also at the same time, it opens each schedule once; an act
    that is several happenings opens it once too, for the first that it listens to. The checklist is about the version
    or project to which it happened. `data` goes into its event. Returns what was opened.
    """
    listening = _listening(happenings, place, now)
    if not listening:
        return []
    Occurrence.objects.bulk_create(
        [_occurrence(schedule, happening, occasion, now) for schedule, happening in listening],
        ignore_conflicts=True,
    )
    mine = Occurrence.objects.select_for_update(of=("self",)).filter(
        occasion=occasion, schedule__in=[schedule.pk for schedule, _happening in listening]
    )
    rows = list(mine.select_related("schedule__owner", "schedule__reviewer").order_by("schedule_id"))
    opened = Assessment.objects.filter(occurrence__in=[row.pk for row in rows])
    has_one = set(opened.values_list("occurrence_id", flat=True))
    libraries = Newest({row.schedule.library_code for row in rows})
    made = Assessment.objects.bulk_create(
        [_about(assessment_of(row, libraries, now), place) for row in rows if row.pk not in has_one]
    )
    trail.record_first(
        "assessment.opened", [(row, said(row) | dict(data or {})) for row in made], now=now, also=_opener
    )
    return made


def version_registered(version: ModelVersion, actor: User | None, now: datetime) -> None:
    """Open what listens to a new version, or to its other base model; then what each version needs in any case.

    A library that opens by itself for each new version stays closed where a schedule has just opened all of it.
    """
    former = (
        ModelVersion.objects.filter(model=version.model_id)
        .exclude(pk=version.pk)
        .order_by("-created_at", "-id")
        .values_list("base_model", "relation")
        .first()
    )
    happenings = [Happening.VERSION_CREATED]
    if base_changed(version.base_model, version.relation, former):
        happenings.append(Happening.BASE_MODEL_CHANGED)
    place = Place(version.model.project_id, version.pk)
    happened(happenings, place, occasion=f"version:{version.pk}", now=now)
    open_for_version(version, actor, now)


def _listening(
    happenings: Sequence[Happening], place: Place, now: datetime
) -> list[tuple[Schedule, Happening]]:
    """Return the schedules that cover the place and listen, each with the first happening that it listens to."""
    covers = Q(scope=Scope.ORGANISATION) | Q(scope=Scope.PROJECT, project=place.project_id)
    if place.version_id is not None:
        covers |= Q(scope=Scope.VERSION, version=place.version_id)
    rows = Schedule.objects.filter(covers, state=ScheduleState.ACTIVE).exclude(happenings=[]).order_by("id")
    found = []
    for schedule in rows:
        heard = next((each for each in happenings if each in schedule.happenings), None)
        if heard is not None and runs_at(schedule.series, now):
            found.append((schedule, heard))
    return found


def _occurrence(schedule: Schedule, happening: Happening, occasion: str, now: datetime) -> Occurrence:
    due = max(now, due_at(now, schedule.days, schedule.zone))
    return Occurrence(
        schedule=schedule, scheduled_for=now, due=due, created_at=now, happening=happening, occasion=occasion,
        opened=True,
    )  # fmt: skip


def _opener(assessment: Assessment) -> list[Occurrence]:
    return [assessment.occurrence] if assessment.occurrence else []


def _about(assessment: Assessment, place: Place) -> Assessment:
    assessment.scope = Scope.PROJECT if place.version_id is None else Scope.VERSION
    assessment.project_id, assessment.version_id = place.project_id, place.version_id
    return assessment
