"""Incidents in the browser: reported, listed with their clocks, worked on to their end."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.timezone import localtime

from accounts.roles import Role
from reviews.models import Decision, IncidentReport
from reviews.services.incidents import Told, raise_incident
from tests.boardrooms import House, a_house, approved, in_review
from tests.dossiers import person

from .visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_approval")]
LIST = "/compliance/incidents/"


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def decision(house: House) -> Decision:
    return approved(house, in_review(house))


def ago(**length: float) -> str:
    return f"{localtime(timezone.now() - timedelta(**length)):%Y-%m-%dT%H:%M}"


def reported(house: House, decision: Decision) -> IncidentReport:
    now = timezone.now()
    return raise_incident(
        actor=house.ravi, told=Told("It gave out addresses."), happened_at=now - timedelta(hours=5),
        aware_at=now - timedelta(hours=4), now=now, version_id=decision.request.version_id,
    )  # fmt: skip


def test_an_incident_is_reported_by_who_sees_the_model_and_shown_with_its_clock(
    house: House, decision: Decision, django_assert_max_num_queries: Any
) -> None:
    new = f"{LIST}new/?version={decision.request.version_id}"
    house.people["ari"] = person("Ari Auditor", Role.AUDITOR)
    get(house, "ari", f"{LIST}new/", 403)
    get(house, "ugo", new, 404)
    assert "When we became aware of it" in words(get(house, "milo", new))
    sent = {
        "about": f"version:{decision.request.version_id}", "happened_at": ago(hours=6), "aware_at": ago(hours=5),
        "text": "It gave out addresses.",
    }  # fmt: skip
    for change in ({"text": ""}, {"aware_at": ago(hours=9)}, {"about": "version:99999"}):
        post(house, "milo", new, sent | change, 422)
    assert not IncidentReport.objects.exists()
    post(house, "milo", new, sent | {"evidence": [SimpleUploadedFile("log.txt", b"log")]})
    report = IncidentReport.objects.get()
    for name in ("milo", "lex", "ravi"):
        client = client_of(house, name)
        with django_assert_max_num_queries(15):
            shown = client.get(LIST).content.decode()
        assert report.reference in shown
        assert "<svg" in shown
        assert "42 hours left" in words(shown)
        with django_assert_max_num_queries(15):
            page = client.get(f"{LIST}{report.incident_id}/").content.decode()
        assert "Nobody has classified it yet" in words(page)
        assert "log.txt" in page
    assert report.reference not in get(house, "ugo", LIST)
    get(house, "ugo", f"{LIST}{report.incident_id}/", 404)
    assert report.reference in get(house, "ravi", f"/requests/{decision.request.reference}/")


def test_it_is_classified_filed_and_closed_by_legal_staff_and_nobody_else(
    house: House, decision: Decision
) -> None:
    at = f"{LIST}{reported(house, decision).incident_id}/"
    post(house, "milo", f"{at}class/", {"kind": "death", "reason": "So it is."}, 403)
    post(house, "lex", f"{at}class/", {"kind": "death"}, 422)
    post(house, "lex", f"{at}class/", {"kind": "death", "reason": "Somebody died."})
    assert "10 days from awareness (EU AI Act, Article 73)" in words(get(house, "lex", at))
    filing = {
        "kind": "initial", "authority": "Authority", "filed_at": ago(hours=1), "text": "What is known.",
        "reference": "",
    }  # fmt: skip
    post(house, "lex", f"{at}filings/", filing | {"text": ""}, 422)
    post(house, "lex", f"{at}filings/", filing)
    assert "reported in time" in words(get(house, "ravi", at))
    post(house, "lex", f"{at}close/", {"reason": "Over."}, 422)
    post(house, "lex", f"{at}filings/", filing | {"kind": "complete"})
    post(house, "lex", f"{at}close/", {"reason": "The list was mended."})
    assert "The list was mended." in words(get(house, "ravi", at))
    post(house, "ravi", f"{at}tell/", {"text": "More."}, 422)
    post(house, "lex", f"{at}reopen/", {"reason": "A second case."})
    post(house, "ravi", f"{at}tell/", {"text": "More."})
    post(house, "ravi", f"{at}suspend/", {"reason": "Stop."}, 403)
    post(house, "lex", f"{at}suspend/", {"reason": "Stop it."})
    assert "The approval was suspended for it." in words(get(house, "ravi", at))
