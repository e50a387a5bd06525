"""The cast of compliance, a version to check, schedules and checklists made by the services.

owner fills in, reviewer accepts, secretary manages schedules; outsider has no part in anything.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit import files, trail
from audit.models import Event
from compliance.models import Action, Answer, Assessment, Evidence, Finding, Schedule
from compliance.services.about import Checked
from compliance.services.evidence import add_evidence
from compliance.services.findings import Planned, raise_finding
from compliance.services.libraries import FOLDER, load_library
from compliance.services.occurrences import open_due, plan_occurrences
from compliance.services.reviewing import accept_assessment, submit_assessment
from compliance.services.schedules import Timing, create_schedule
from registry.models import ModelVersion, Project
from registry.services import VersionFacts, found_project, register_model, register_version

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HORIZON = timedelta(days=60)
DUE = date(2026, 4, 1)

MakePerson = Callable[..., User]
MakeSchedule = Callable[..., Schedule]
Fill = Callable[..., Assessment]


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def database(request: pytest.FixtureRequest) -> None:
    """The test's transaction; the database with real commits for a test that asks for `committed`."""
    request.getfixturevalue("committed" if "committed" in request.fixturenames else "db")


@pytest.fixture(autouse=True)
def _libraries(request: pytest.FixtureRequest) -> None:
    """Those of the boards and of a release, wherever a test has a database."""
    if {"database", "db", "committed"} & set(request.fixturenames):
        request.getfixturevalue("database")
        for code in ("board-duties", "release-readiness"):
            load_library(content=(FOLDER / f"{code}.yaml").read_bytes(), now=NOW)


@pytest.fixture
def make_person(database: None) -> MakePerson:
    """Make a person with roles."""

    def make(name: str, *roles: Role, **fields: Any) -> User:
        email = name.lower().replace(" ", ".") + "@example.org"
        person = User.objects.create_user(email, "a harbour in the fog", display_name=name, **fields)
        for role in roles:
            person.groups.add(Group.objects.get_or_create(name=role.value)[0])
        return person

    return make


@pytest.fixture
def owner(make_person: MakePerson) -> User:
    return make_person("Ravi Krishnan", Role.RESEARCHER)


@pytest.fixture
def reviewer(make_person: MakePerson) -> User:
    return make_person("Elif Bayar", Role.SAFETY_LEAD)


@pytest.fixture
def secretary(make_person: MakePerson) -> User:
    return make_person("Hanna Lindqvist", Role.SECRETARY)


@pytest.fixture
def outsider(make_person: MakePerson) -> User:
    return make_person("Oto Outsider")


@pytest.fixture
def helper(make_person: MakePerson) -> User:
    """Does what somebody found; has no part in the checklist."""
    return make_person("Tomasz Zielinski", Role.RESEARCHER)


@pytest.fixture
def legal(make_person: MakePerson) -> User:
    """Decides exceptions."""
    return make_person("Oliver Brandt", Role.LEGAL)


@pytest.fixture
def project(owner: User) -> Project:
    return found_project(actor=owner, name="Harbor", now=NOW)


@pytest.fixture
def version(owner: User, reviewer: User, secretary: User, project: Project) -> ModelVersion:
    """A version that the owner registered, which opened its checklist."""
    model = register_model(actor=owner, project_id=project.pk, name="Harbor-7B", now=NOW)
    return register_version(
        actor=owner, model=model, facts=VersionFacts(number="2.1", channel="api"), now=NOW
    )


@pytest.fixture
def readiness(version: ModelVersion) -> Assessment:
    """The checklist of the version."""
    return Assessment.objects.get(version=version)


@pytest.fixture
def make_schedule(owner: User, reviewer: User, secretary: User) -> MakeSchedule:
    """Make a schedule of one duty of the boards, monthly on the first at nine in Berlin."""

    def make(
        rule: str = "FREQ=MONTHLY;BYMONTHDAY=1", numbers: tuple[str, ...] = ("D09",), **over: Any
    ) -> Schedule:
        at = over.pop("now", NOW)
        actor = over.pop("actor", secretary)
        library = over.pop("library", "board-duties")
        about = {
            key: over.pop(key) for key in ("project_id", "version_id", "board_id", "title_en") if key in over
        }
        given: dict[str, Any] = {
            "starts": datetime.fromisoformat("2026-01-01T09:00"), "zone": "Europe/Berlin", "days": 10,
            "owner": owner, "reviewer": reviewer,
        } | over  # fmt: skip
        return create_schedule(
            actor=actor, now=at, timing=Timing(rule=rule, **given),
            checked=Checked(library_code=library, control_numbers=numbers, **about),
        )  # fmt: skip

    return make


@pytest.fixture
def opened(make_schedule: MakeSchedule) -> Assessment:
    """A checklist of one control that a schedule opened on 1 April."""
    make_schedule()
    april = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    plan_occurrences(now=april, horizon=HORIZON)
    open_due(now=april)
    return Assessment.objects.get(occurrence__isnull=False)


@pytest.fixture
def fill(owner: User) -> Fill:
    """Answer every control as met, with a file where one is wanted: put there at once, not one by one."""

    @transaction.atomic
    def do(assessment: Assessment, at: datetime = NOW) -> Assessment:
        asked = assessment.library.controls.all()
        if assessment.control_numbers:
            asked = asked.filter(number__in=assessment.control_numbers)
        by = {"assessment": assessment, "changed_at": at, "changed_by": owner, "state": "met"}
        answers = Answer.objects.bulk_create(Answer(control=control, **by) for control in asked)
        kept = files.keep(ContentFile(b"proof", "proof.txt"))
        wanted = [control for control in asked if control.evidence_required]
        evidence = Evidence.objects.bulk_create(
            Evidence(
                assessment=assessment, control=control, name="proof.txt", sha256=kept.sha256, size=kept.size,
                effective_on=timezone.localdate(at), added_at=at, added_by=owner,
            )
            for control in wanted
        )  # fmt: skip
        trail.record(
            "assessment.answered", obj=answers[0], actor=owner, now=at, also=[*answers[1:], *evidence],
            data={"control": asked[0].number, "state": {"old": "", "new": "met"}},
        )  # fmt: skip
        return assessment

    return do


@pytest.fixture
def submitted(readiness: Assessment, fill: Fill, owner: User) -> Assessment:
    fill(readiness)
    return submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW)


@pytest.fixture
def finding(submitted: Assessment, reviewer: User, helper: User) -> Finding:
    """What the reviewer found in the checklist of the version, for the helper to mend."""
    return raised(reviewer, submitted, helper)


@pytest.fixture
def action(finding: Finding) -> Action:
    return finding.actions.get()


def raised(actor: User, assessment: Assessment, does: User, **over: Any) -> Finding:
    """Raise a critical finding about R03, to be mended by 1 April."""
    given: dict[str, Any] = {
        "number": "R03", "severity": "critical", "text": "No data sheet.",
        "action": Planned("Write the sheet.", does, DUE), "now": NOW,
    } | over  # fmt: skip
    return raise_finding(actor=actor, assessment_id=assessment.pk, **given)


@pytest.fixture
def accepted(submitted: Assessment, reviewer: User) -> Assessment:
    return accept_assessment(actor=reviewer, assessment_id=submitted.pk, now=NOW + timedelta(days=1))


def attach(
    actor: User, assessment: Assessment, number: str, content: bytes = b"proof", name: str = "proof.txt",
    at: datetime = NOW,
) -> Evidence:  # fmt: skip
    return add_evidence(
        actor=actor, assessment_id=assessment.pk, number=number, upload=ContentFile(content, name), now=at
    )


def verbs_of(obj: Any) -> list[str]:
    """Names of the events whose story the object is, oldest first."""
    found = Event.objects.filter(root_type=obj._meta.label_lower, root_id=str(obj.pk)).order_by("id")
    return list(found.values_list("verb", flat=True))
