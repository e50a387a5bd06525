"""What happens opens the schedules that listen, once for each act, beside or without their dates."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connections

from accounts.models import User
from audit.leaf import decode
from audit.models import Event
from audit.refusal import Refused
from compliance.models import Assessment, Occurrence
from compliance.rules.happenings import Happening
from compliance.services.happenings import Place, happened
from compliance.services.occurrences import open_due, plan_occurrences
from compliance.services.schedules import end_schedule, pause_schedule
from registry.models import ModelVersion, Project
from registry.services import VersionFacts, register_model, register_version
from tests.compliance.conftest import HORIZON, NOW, MakeSchedule, verbs_of

STARTS = datetime.fromisoformat("2026-01-01T09:00")


def registered(
    owner: User, project: Project, number: str, *, name: str = "Skiff", base: str = ""
) -> ModelVersion:
    model = project.models.filter(name=name).first() or register_model(
        actor=owner, project_id=project.pk, name=name, now=NOW
    )
    facts = VersionFacts(
        number=number, channel="api", base_model=base, relation="finetuned" if base else "none"
    )
    return register_version(actor=owner, model=model, facts=facts, now=NOW + timedelta(minutes=int(number)))


@pytest.mark.both_engines
def test_a_release_opens_a_checklist_about_the_version_once(
    make_schedule: MakeSchedule, version: ModelVersion, owner: User, reviewer: User
) -> None:
    schedule = make_schedule("", happenings=[Happening.VERSION_RELEASED])
    place = Place(version.model.project_id, version.pk)
    (opened,) = happened(
        [Happening.VERSION_RELEASED], place, occasion="release:1", now=NOW, data={"note": "x"}
    )
    assert not happened([Happening.VERSION_RELEASED], place, occasion="release:1", now=NOW)
    assert (opened.version, opened.project_id, opened.scope) == (version, version.model.project_id, "version")
    assert (opened.owner, opened.reviewer, opened.control_numbers) == (owner, reviewer, ["D09"])
    assert opened.due == datetime(2026, 3, 12, 22, 59, tzinfo=UTC)
    occurrence = Occurrence.objects.get()
    assert (occurrence.schedule, occurrence.happening, occurrence.scheduled_for) == (
        schedule, "version_released", NOW,
    )  # fmt: skip
    assert verbs_of(opened) == ["assessment.opened"]
    data = decode(
        bytes(Event.objects.get(object_type="compliance.assessment", object_id=str(opened.pk)).leaf)
    )["data"]
    assert (data["happening"], data["occasion"], data["note"]) == ("version_released", "release:1", "x")
    assert len(happened([Happening.VERSION_RELEASED], place, occasion="release:2", now=NOW)) == 1
    assert open_due(now=NOW) == 0


@pytest.mark.both_engines
def test_by_dates_and_by_what_happens_a_schedule_opens_for_both(
    make_schedule: MakeSchedule, version: ModelVersion
) -> None:
    make_schedule("FREQ=MONTHLY;BYMONTHDAY=1", happenings=["incident", "version_released"])
    happened([Happening.INCIDENT], Place(version.model.project_id), occasion="incident:1", now=NOW)
    assert plan_occurrences(now=NOW, horizon=HORIZON) == 2
    april = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    assert open_due(now=april) == 1
    assert [*Assessment.objects.filter(occurrence__isnull=False).order_by("id").values_list("scope", flat=True)] == [
        "project", "organisation",
    ]  # fmt: skip


def test_only_what_listens_covers_and_runs_is_opened(
    make_schedule: MakeSchedule, version: ModelVersion, owner: User, secretary: User, project: Project
) -> None:
    other = registered(owner, project, "1")
    listens: dict[str, Any] = {"happenings": ["version_released"]}
    make_schedule("", happenings=["incident"])
    make_schedule("FREQ=DAILY")
    make_schedule("", version_id=other.pk, **listens)
    make_schedule("", starts=datetime.fromisoformat("2026-03-02T09:01"), **listens)
    paused = make_schedule("", **listens)
    pause_schedule(actor=secretary, schedule_id=paused.pk, reason="Holidays.", now=NOW)
    ended = make_schedule("", **listens)
    end_schedule(actor=secretary, schedule_id=ended.pk, reason="Not owed.", now=NOW)
    mine = [
        make_schedule("", **about, **listens)
        for about in ({}, {"project_id": project.pk}, {"version_id": version.pk})
    ]
    place = Place(project.pk, version.pk)
    opened = happened([Happening.VERSION_RELEASED], place, occasion="release:1", now=NOW)
    assert [row.occurrence.schedule for row in opened if row.occurrence] == mine


def test_a_new_version_on_another_base_model_opens_a_schedule_once_for_both(
    make_schedule: MakeSchedule, owner: User, project: Project
) -> None:
    both = make_schedule("", happenings=["base_model_changed", "version_created"])
    base = make_schedule("", numbers=("D10",), happenings=["base_model_changed"])
    registered(owner, project, "1", base="Cutter 3")
    registered(owner, project, "2", base="cutter  3")
    registered(owner, project, "3", base="Sloop 1")
    registered(owner, project, "1", name="Barge", base="Sloop 1")
    found = Occurrence.objects.order_by("id")
    assert [(row.schedule, row.happening) for row in found if row.schedule != both] == [
        (base, "base_model_changed")
    ]
    assert [row.happening for row in found if row.schedule == both] == ["version_created"] * 4
    last = Assessment.objects.get(occurrence__schedule=base)
    assert last.version is not None
    assert last.version.number == "3"


def test_a_schedule_for_new_versions_takes_the_place_of_the_checklist_that_opens_by_itself(
    make_schedule: MakeSchedule, owner: User, project: Project
) -> None:
    part = make_schedule("", ("R01",), library="release-readiness", happenings=["version_created"])
    first = registered(owner, project, "1")
    assert sorted(len(row.control_numbers) for row in Assessment.objects.filter(version=first)) == [0, 1]
    whole = make_schedule("", (), library="release-readiness", happenings=["version_created"])
    second = registered(owner, project, "2")
    found = Assessment.objects.filter(version=second).order_by("id")
    assert [row.occurrence.schedule for row in found if row.occurrence] == [part, whole]
    assert found.count() == 2


def test_a_schedule_has_dates_or_happenings_and_never_a_board_with_these(make_schedule: MakeSchedule) -> None:
    with pytest.raises(Refused, match="by dates, when something happens, or both"):
        make_schedule("")
    with pytest.raises(Refused, match="no such happening"):
        make_schedule("", happenings=["full_moon"])
    with pytest.raises(Refused, match="never happen"):
        make_schedule("", happenings=["incident"], ends_at=NOW)
    schedule = make_schedule("", happenings=["incident", "version_created", "incident"])
    assert schedule.happenings == ["version_created", "incident"]
    assert (schedule.next_at, schedule.ahead_to) == (None, None)
    assert plan_occurrences(now=NOW, horizon=HORIZON) == 0


@pytest.mark.engine("postgresql")
def test_told_by_two_at_once_a_schedule_opens_once(committed: None, request: pytest.FixtureRequest) -> None:
    make_schedule: MakeSchedule = request.getfixturevalue("make_schedule")
    make_schedule("", happenings=["version_released"])
    version: ModelVersion = request.getfixturevalue("version")
    place, together = Place(version.model.project_id, version.pk), threading.Barrier(3)
    faults: list[BaseException] = []

    def tell() -> None:
        close_old_connections()
        try:
            together.wait(10)
            happened([Happening.VERSION_RELEASED], place, occasion="release:1", now=NOW)
        except BaseException as fault:  # noqa: BLE001  (shown by the test)
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert (Occurrence.objects.count(), Assessment.objects.filter(occurrence__isnull=False).count()) == (1, 1)
    assert Event.objects.filter(verb="assessment.opened").count() == 2
