"""A framework comes in as an OSCAL catalog and goes out as assessment-results: answered, found wanting, accepted."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload

from accounts.models import User
from accounts.roles import Role
from compliance.models import Assessment, Finding, Library
from tests.compliance.oscal.schemas import faults
from tests.journeys.cast import PASSWORD, somebody
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.long]

CODE = "lamp-catalog"


def control(number: str, title: str, statement: str) -> dict[str, Any]:
    return {
        "id": number, "title": title, "props": [{"name": "label", "value": number.upper()}],
        "parts": [{"id": f"{number}_smt", "name": "statement", "prose": statement}],
    }  # fmt: skip


CATALOG = {
    "catalog": {
        "uuid": "0d6ab2c4-1f4e-4f0a-9a35-5c5f3a3c1d11",
        "metadata": {
            "title": "Lamp catalog", "last-modified": "2026-01-01T00:00:00Z", "version": "1",
            "oscal-version": "1.2.3",
        },
        "groups": [
            {
                "id": "lc", "title": "Keeping the lamp",
                "controls": [
                    control("lc-1", "Somebody on watch", "A named person watches the lamp each night."),
                    control("lc-2", "Oil in store", "Oil for thirty nights is in store."),
                ],
            }
        ],
    }
}  # fmt: skip


@pytest.fixture
def cast(place: Place) -> dict[str, User]:
    return {
        "sena": somebody("framework", "sena", "Sena Okafor", Role.SECRETARY),
        "ravi": somebody("framework", "ravi", "Ravi Krishnan", Role.RESEARCHER),
        "sid": somebody("framework", "sid", "孙一然", Role.SAFETY_LEAD, language="zh-hans"),
    }


def test_a_catalog_comes_in_and_results_that_the_schema_accepts_go_out(
    cast: dict[str, User], visit: Visit
) -> None:
    sena, ravi, sid = (visit(cast[name]) for name in ("sena", "ravi", "sid"))
    for who in (sena, ravi, sid):
        who.signs_in(PASSWORD)
    assert faults("catalog", CATALOG) == []
    brings_the_catalog(sena)
    assessment = opens_a_checklist(sena, cast)
    fills_in(ravi, assessment)
    raises_a_finding(sid, assessment, cast["ravi"])
    results = accepts_and_takes_the_results(sid, assessment)
    assert faults("assessment-results", results) == []
    (result,) = results["assessment-results"]["results"]
    states = {each["target"]["target-id"]: each["target"]["status"]["state"] for each in result["findings"]}
    assert sorted(states.values()) == ["not-satisfied", "satisfied"]
    assert "Buy oil." in json.dumps(result["risks"], ensure_ascii=False)


def brings_the_catalog(sena: Visitor) -> None:
    """See what is in the file before it is kept."""
    sena.goes("/compliance/library-import/")
    sena.writes(code=CODE, language="en")
    sena.page.locator('input[type="file"]').set_input_files(
        FilePayload(name="catalog.json", mimeType="application/json", buffer=json.dumps(CATALOG).encode())
    )
    sena.presses("Read the file")
    assert "Oil for thirty nights" in sena.text()
    assert not Library.objects.filter(code=CODE).exists()
    sena.presses("Keep it")
    assert Library.objects.get(code=CODE).controls.count() == 2


def opens_a_checklist(sena: Visitor, cast: dict[str, User]) -> Assessment:
    """About the organisation, for Ravi, reviewed by Sid."""
    sena.goes(f"/compliance/libraries/{CODE}/open/")
    sena.writes(about="organisation", owner=cast["ravi"].pk, reviewer=cast["sid"].pk, days=14)
    sena.presses("Open the checklist")
    return Assessment.objects.get(library__code=CODE)


def fills_in(ravi: Visitor, assessment: Assessment) -> None:
    """One control is met, the other isn't."""
    ravi.goes(f"/compliance/assessments/{assessment.pk}/")
    for number, state, why in (
        ("LC-1", "met", "Ines, each night."),
        ("LC-2", "not_met", "Oil for nine nights."),
    ):
        ravi.page.locator(f"#comment-{number}").fill(why)
        ravi.page.locator(f"#{number}-{state}").check()
        ravi.page.locator(f"#status-{number}").get_by_text("Saved").wait_for()
    ravi.presses("Submit for review")


def raises_a_finding(sid: Visitor, assessment: Assessment, does: User) -> None:
    """The reviewer can't accept it before somebody does something about it."""
    sid.goes(f"/compliance/assessments/{assessment.pk}/")
    sid.presses("Accept the checklist")
    assert "LC-2" in sid.page.locator("main, [role=alert], .messages").first.inner_text()
    sid.follows(to="findings/LC-2")
    sid.writes(severity="high", text="The store is too small.", action="Buy oil.", owner=does.pk)
    sid.writes(due=(timezone.localdate() + timedelta(days=30)).isoformat())
    sid.presses("Raise the finding")
    assert Finding.objects.get(assessment=assessment).severity == "high"


def accepts_and_takes_the_results(sid: Visitor, assessment: Assessment) -> Any:
    """Accept it for good, and download what was found as OSCAL."""
    sid.goes(f"/compliance/assessments/{assessment.pk}/")
    sid.presses("Accept the checklist")
    assessment.refresh_from_db()
    assert assessment.state == "accepted"
    with sid.page.expect_download() as coming:
        sid.page.locator('a[href$="assessment-results.json"]').first.click()
    return json.loads(coming.value.path().read_text())
