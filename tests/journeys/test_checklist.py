"""A checklist comes due by itself, is filled in with evidence, reviewed and accepted; then the gate is open."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import FilePayload

from accounts.roles import Role
from compliance.models import Assessment, ComingDate, Schedule
from registry.models import ModelVersion
from reviews.models import Ballot, ReviewRequest
from tests.boardrooms import House, a_motion, in_review
from tests.dossiers import a_version
from tests.journeys.cast import PASSWORD, POLICY, a_board, somebody
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.long]

READINESS = "release-readiness"
WITH_FILES = {"R01": ("sha256sum.txt",), "R02": ("技术文档 v2.1.pdf", "技术文档 v2.1.pdf")}
WHY = "Looked at for the version before; nothing of it changed."


@pytest.fixture
def house(place: Place) -> House:
    house = House()
    for name, shown, language, *roles in (
        ("ada", "Ada Mensah", "en", Role.ADMINISTRATOR), ("sena", "Sena Okafor", "en", Role.SECRETARY),
        ("chloe", "Chloé Martin", "en"), ("milo", "Milo Brandt", "en"), ("mara", "马若兰", "zh-hans"),
        ("sid", "孙一然", "zh-hans", Role.SAFETY_LEAD), ("ravi", "Ravi Krishnan", "en", Role.RESEARCHER),
    ):  # fmt: skip
        house.people[name] = somebody("checklist", name, shown, *roles, language=language)
    a_board(
        house, "ethics-c", ("Gated board", "设门槛的委员会"),
        [("chloe", "chair", []), ("milo", "member", ["lay"]), ("mara", "member", [])],
        POLICY | {"gates": [READINESS]},
    )  # fmt: skip
    return house


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    now = timezone.now()
    found = in_review(house, ("ethics",), version=a_version(house.ravi, now=now), now=now)
    a_motion(house, house.ethics_review(found), now=now)
    return found


def test_a_checklist_that_came_due_is_accepted_and_opens_the_gate_of_the_board(
    house: House, request_: ReviewRequest, visit: Visit
) -> None:
    page = f"/requests/{request_.reference}/"
    ravi, sena, sid = (visit(house.people[name]) for name in ("ravi", "sena", "sid"))
    for who in (ravi, sena):
        who.signs_in(PASSWORD)
    schedule = makes_a_schedule(sena, house, request_.version)
    finds_the_gate_shut(sena, page)
    a_year_goes_by(schedule)
    assessment = comes_due(ravi, schedule)
    fills_in(ravi, assessment)
    sid.signs_in(PASSWORD)
    accepts(sid, assessment)
    ravi.goes(page)
    shows(ravi, "accepted")
    sena.goes(page)
    sena.follows("Open the ballot")
    sena.presses("Open the ballot")
    assert Ballot.objects.get(request=request_).state == "open"


def makes_a_schedule(sena: Visitor, house: House, version: ModelVersion) -> Schedule:
    """The checklist of the version, each year; when it happens is shown while the form is filled in."""
    sena.goes("/compliance/")
    sena.follows("New schedule")
    sena.follows(to=f"library={READINESS}")
    sena.writes(happenings=["version_released"], interval="yearly", about=f"version:{version.pk}")
    sena.writes(days=10, owner=house.ravi.pk, reviewer=house.sid.pk)
    sena.page.locator("#preview ol li").nth(9).wait_for()
    sena.page.locator("#preview").get_by_text("and whenever a version is released").wait_for()
    sena.looks()
    sena.presses("Make the schedule")
    schedule = Schedule.objects.get(version=version)
    assert sena.page.url.endswith(f"/compliance/schedules/{schedule.pk}/")
    return schedule


def a_year_goes_by(schedule: Schedule) -> None:
    """The first date, at most a year away, comes to lie behind; beat runs by its own clock."""
    schedule.refresh_from_db()
    assert schedule.next_at is not None
    passes = schedule.next_at - timezone.now() + timedelta(seconds=1)
    ComingDate.objects.filter(schedule=schedule).update(on=F("on") - passes, due=F("due") - passes)
    Schedule.objects.filter(pk=schedule.pk).update(
        next_at=F("next_at") - passes, ahead_to=F("ahead_to") - passes
    )


def finds_the_gate_shut(sena: Visitor, page: str) -> None:
    """No ballot to approve opens while the checklist is missing."""
    sena.goes(page)
    shows(sena, "missing")
    sena.follows("Open the ballot")
    assert sena.button("Open the ballot").get_attribute("aria-disabled") == "true"
    assert "Release readiness" in sena.page.locator("#why-not").inner_text()


def shows(who: Visitor, state: str) -> None:
    """Look at the part of the request's page that htmx loads."""
    part = who.page.locator("#readiness")
    part.get_by_text(who.words(state, "a checklist"), exact=True).wait_for()
    who.looks()


def comes_due(ravi: Visitor, schedule: Schedule) -> Assessment:
    """Wait until beat has made the date and opened the checklist, then find it among one's work."""
    ravi.waits(lambda: Assessment.objects.filter(occurrence__schedule=schedule).exists())
    assessment = Assessment.objects.get(occurrence__schedule=schedule)
    ravi.goes("/")
    ravi.follows(to=f"/compliance/assessments/{assessment.pk}/")
    assert assessment.owner == ravi.person
    return assessment


def fills_in(ravi: Visitor, assessment: Assessment) -> None:
    """Answer every control: some are met with files, the others don't apply for a reason."""
    for number, files in WITH_FILES.items():
        for name in files:
            gives_evidence(ravi, number, name)
        chooses(ravi, number, "met")
    for control in assessment.library.controls.exclude(number__in=WITH_FILES):
        ravi.page.locator(f"#comment-{control.number}").fill(WHY)
        chooses(ravi, control.number, "not_applicable")
    assert ravi.page.locator("#R02").get_by_role("link", name="技术文档 v2.1.pdf").count() == 2
    ravi.looks()
    ravi.presses("Submit for review")
    assessment.refresh_from_db()
    assert assessment.state == "submitted"


def gives_evidence(ravi: Visitor, number: str, name: str) -> None:
    """Add a file to a control."""
    place = ravi.page.locator(f"#{number} details:has(> summary:has-text('Add a file'))").last
    place.locator("> summary").click()
    place.locator('input[type="file"]').set_input_files(
        FilePayload(name=name, mimeType="text/plain", buffer=f"{number} {name}".encode())
    )
    with ravi.page.expect_navigation():
        place.get_by_role("button", name="Add the file").click()
    assert "The file is added." in ravi.text()


def chooses(ravi: Visitor, number: str, state: str) -> None:
    """Choose an answer, which is saved at once."""
    ravi.page.locator(f"#{number}-{state}").check()
    ravi.page.locator(f"#status-{number}").get_by_text("Saved").wait_for()


def accepts(sid: Visitor, assessment: Assessment) -> None:
    """Review it, in Chinese, and accept it for good."""
    sid.follows(to=f"/compliance/assessments/{assessment.pk}/")
    sid.follows("sha256sum.txt")
    assert "R01 sha256sum.txt" in sid.page.frame_locator("iframe").locator("body").inner_text()
    with sid.page.expect_download() as coming:
        sid.page.locator("main aside a.btn").first.click()
    assert coming.value.path().read_bytes() == b"R01 sha256sum.txt"
    sid.goes(f"/compliance/assessments/{assessment.pk}/")
    sid.presses("Accept the checklist")
    assessment.refresh_from_db()
    assert (assessment.state, assessment.accepted_by) == ("accepted", sid.person)
