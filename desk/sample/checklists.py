"""Steps of compliance: schedules that ran for two years, their checklists, and release readiness of each version."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import takewhile

from django.core.files.base import ContentFile

from compliance.models import Assessment, Occurrence
from compliance.rules.recurrence import Series, dates
from compliance.services.about import Checked
from compliance.services.answers import answer_control
from compliance.services.evidence import add_evidence
from compliance.services.libraries import load_libraries
from compliance.services.occurrences import open_due, plan_occurrences
from compliance.services.reviewing import accept_assessment, return_assessment, submit_assessment
from compliance.services.schedules import Timing, create_schedule
from desk.sample.calendar import StoryCalendar
from desk.sample.content_files import Data, checklists, organisation
from desk.sample.findings import excused, found, said
from desk.sample.world import Act, Made, Step, World, after, speaking

HORIZON = timedelta(days=400)
EVENTS_A_MONTH = 311  # of the invented log, in the words of its checks


def libraries(calendar: StoryCalendar) -> Step:
    """Return the step that loads the libraries, if the installation has not."""
    return Step(calendar.moment("-522 07:00"), "libraries", _load)


def _load(_world: World, now: datetime) -> None:
    load_libraries(now=now)


def _open(_world: World, now: datetime) -> None:
    """Plan ahead and open what came due, as the clock does."""
    plan_occurrences(now=now, horizon=HORIZON)
    open_due(now=now)


def year(calendar: StoryCalendar) -> Iterator[Step]:
    """Yield the steps of the schedules: made, and each of their dates opened, filled in, accepted."""
    until = calendar.moment("-1 23:00")
    for schedule in checklists()["schedules"]:
        at = calendar.moment(schedule["at"])
        yield Step(at, f"schedule/{schedule['key']}", _schedule(schedule, at))
        series = Series(schedule["rule"], _starts(schedule, at), schedule["zone"])
        came = list(takewhile(lambda moment: moment < until, dates(series, at, inclusive=True)))
        for number, moment in enumerate(came, 1):
            name = f"checklist/{schedule['key']}/{number}"
            yield Step(after(moment, 1), f"{name}/open", _open)
            if number <= len(came) - schedule.get("leave", 0):
                yield from _filled(schedule, moment, number, name, calendar)


def _starts(schedule: Data, at: datetime) -> datetime:
    """Return the wall time from which the schedule counts: the day on which it is made."""
    return datetime.combine(at.date(), time.fromisoformat(schedule["hour"]))


def _schedule(data: Data, at: datetime) -> Act:
    def act(world: World, now: datetime) -> Made:
        timing = Timing(
            rule=data["rule"], starts=_starts(data, at), zone=data["zone"], days=data["days"],
            owner=world.person(data["owner"]), reviewer=world.person(data["reviewer"]),
        )  # fmt: skip
        checked = Checked(
            library_code="board-duties", control_numbers=data["controls"],
            board_id=world.id(f"board:{data['board']}") if "board" in data else None,
        )  # fmt: skip
        with speaking(world.person(data["by"])) as actor:
            schedule = create_schedule(actor=actor, checked=checked, timing=timing, now=now)
        plan_occurrences(now=now, horizon=HORIZON)
        return {f"schedule:{data['key']}": schedule.pk}

    return act


def _filled(data: Data, moment: datetime, number: int, name: str, calendar: StoryCalendar) -> Iterator[Step]:
    """Yield the filling in, what was found and the acceptance of one date, as far as they lie in the past."""
    until = calendar.moment("-1 23:00")
    fill = moment + timedelta(days=2 + number % 3, hours=1)
    accept = fill + timedelta(days=1, hours=number % 5)
    if fill < until:
        yield Step(fill, f"{name}/fill", _fill(data, moment, number))
    if accept < until:
        which = partial(_of_date, data=data, moment=moment)
        for kind, steps in (("found", found), ("excused", excused)):
            if kind in data and data[kind]["run"] == number:
                yield from steps(data[kind], f"{name}/{kind}", which, calendar, after(fill, 120))
        yield Step(accept, f"{name}/accept", _accept(data, moment))


def _of_date(world: World, data: Data, moment: datetime) -> Assessment:
    schedule = world.id(f"schedule:{data['key']}")
    return Occurrence.objects.get(schedule=schedule, scheduled_for=moment.astimezone(UTC)).assessment


def _fill(data: Data, moment: datetime, number: int) -> Act:
    def act(world: World, now: datetime) -> None:
        assessment = _of_date(world, data, moment)
        figures = {"n": number, "count": number * EVENTS_A_MONTH + 97}
        with speaking(world.person(data["owner"])) as actor:
            for control in data["controls"]:
                answer_control(
                    actor=actor, assessment_id=assessment.pk, number=control,
                    state=data.get("states", {}).get(control, "met"),
                    comment=data["says"][control].format(**figures), now=now,
                )  # fmt: skip
                content = data["file"]["content"].format(**figures).encode()
                add_evidence(
                    actor=actor, assessment_id=assessment.pk, number=control,
                    upload=ContentFile(content, name=data["file"]["name"]), effective_on=moment.date(), now=now,
                )  # fmt: skip
            submit_assessment(actor=actor, assessment_id=assessment.pk, now=now)

    return act


def _accept(data: Data, moment: datetime) -> Act:
    def act(world: World, now: datetime) -> None:
        with speaking(world.person(data["reviewer"])) as actor:
            accept_assessment(actor=actor, assessment_id=_of_date(world, data, moment).pk, now=now)

    return act


def readiness(calendar: StoryCalendar) -> Iterator[Step]:
    """Yield the steps of the release readiness of each version."""
    versions = {version["key"]: version for version in organisation()["versions"]}
    for key, data in checklists()["readiness"].items():
        name = f"readiness/{key}"
        yield Step(calendar.moment(data["fill"]), f"{name}/fill", _answer_all(versions[key], data))
        which = partial(_of_version, key=key)
        for number, each in enumerate(data.get("said", ())):
            yield from said(each, f"{name}/{number}", which, calendar.moment(each["at"]))
        for number, each in enumerate(data.get("found", ())):
            yield from found(each, f"{name}/found/{number}", which, calendar, calendar.moment(each["at"]))
        for number, each in enumerate(data.get("excused", ())):
            yield from excused(each, f"{name}/excused/{number}", which, calendar, calendar.moment(each["at"]))
        if "review" in data:
            yield Step(calendar.moment(data["review"]), f"{name}/review", _review(key, data))


def _of_version(world: World, key: str) -> Assessment:
    return Assessment.objects.get(version=world.id(f"version:{key}"), library__code="release-readiness")


def _answer_all(version: Data, data: Data) -> Act:
    """Fill the checklist in, as far as `only` says, and submit it unless it stays open."""

    def act(world: World, now: datetime) -> None:
        assessment = _of_version(world, version["key"])
        with speaking(world.person(version["by"])) as actor:
            says = checklists()["answers"]["zh" if actor.language.startswith("zh") else "en"]
            controls = list(assessment.library.controls.all())[: data.get("only")]
            for place, control in enumerate(controls):
                at, state = after(now, 4 * place), data.get("states", {}).get(control.number, "met")
                answer_control(
                    actor=actor, assessment_id=assessment.pk, number=control.number, state=state,
                    comment=data.get("says", {}).get(control.number, says[control.number]), now=at,
                )  # fmt: skip
                if control.evidence_required:
                    _attach(world, assessment, version, control.number, says[control.number], at)
            if data["to"] != "open":
                submit_assessment(actor=actor, assessment_id=assessment.pk, now=after(now, 60))

    return act


def _attach(
    world: World, assessment: Assessment, version: Data, number: str, says: str, now: datetime
) -> None:
    content = f"{version['key']} {number}\n{now:%Y-%m-%d}\n{says}\n".encode()
    add_evidence(
        actor=world.person(version["by"]), assessment_id=assessment.pk, number=number,
        upload=ContentFile(content, name=f"{number}-{version['key']}.txt"), now=now,
    )  # fmt: skip


def _review(key: str, data: Data) -> Act:
    def act(world: World, now: datetime) -> None:
        assessment = _of_version(world, key)
        if assessment.reviewer is None:
            raise LookupError(f"The readiness of {key} has no reviewer.")
        with speaking(assessment.reviewer) as actor:
            if data["to"] == "returned":
                return_assessment(actor=actor, assessment_id=assessment.pk, reason=data["reason"], now=now)
            else:
                accept_assessment(actor=actor, assessment_id=assessment.pk, now=now)

    return act
