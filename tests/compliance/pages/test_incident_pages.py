"""Incidents in the browser: entered by who may, listed with the checklists that they opened."""

from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.models import Assessment, Incident
from registry.models import ModelVersion
from tests.compliance.conftest import MakeSchedule
from tests.compliance.pages.conftest import Browser


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_incidents_are_entered_and_listed_with_what_they_opened(
    make_schedule: MakeSchedule, secretary: User, owner: User, outsider: User, version: ModelVersion, browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    make_schedule("", happenings=["incident"])
    given = {
        "about": f"version:{version.pk}",
        "happened_at": "2026-03-02T10:00",
        "text": "It named a harbour.",
    }
    assert browser(owner).post("/compliance/incidents/new/", given).status_code == 403
    for change in ({"text": ""}, {"happened_at": "2027-01-01T10:00"}, {"about": "version:99999"}):
        assert browser(secretary).post("/compliance/incidents/new/", given | change).status_code == 422
    assert not Incident.objects.exists()
    assert "About" in text(browser(secretary).get("/compliance/incidents/new/"))
    answer = browser(secretary).post("/compliance/incidents/new/", given)
    assert answer["Location"] == "/compliance/incidents/"
    check = Assessment.objects.get(occurrence__isnull=False)
    for seen in (secretary, owner):
        here = browser(seen)
        with django_assert_max_num_queries(15):
            shown = text(here.get("/compliance/incidents/"))
        assert "It named a harbour." in shown
        assert f"/compliance/assessments/{check.pk}/" in shown
    assert "It named a harbour." not in text(browser(outsider).get("/compliance/incidents/"))
