"""A release, an incident, and a dossier that names a further data set open the schedules that listen to them."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.roles import Role
from compliance.models import Assessment, Incident, Occurrence
from compliance.services.about import Checked
from compliance.services.libraries import FOLDER, load_library
from compliance.services.schedules import Timing, create_schedule
from reviews.models import Decision
from reviews.services.drafting import attach_manifest
from reviews.services.incidents import Told, raise_incident
from reviews.services.release import record_release
from reviews.services.submission import submit_revision
from reviews.services.triage import return_request
from tests.boardrooms import a_house, approved, in_review
from tests.dossiers import MANIFEST, NOW, a_draft, fill, person

pytestmark = pytest.mark.django_db


def listening(secretary: User, happening: str) -> None:
    load_library(content=(FOLDER / "board-duties.yaml").read_bytes(), now=NOW)
    create_schedule(
        actor=secretary, checked=Checked(library_code="board-duties", control_numbers=("D09",)), now=NOW,
        timing=Timing(rule="", happenings=[happening], starts=NOW.replace(tzinfo=None, year=2026, month=1)),
    )  # fmt: skip


@pytest.mark.usefixtures("standing_review")
def test_a_release_opens_what_listens_about_the_released_version() -> None:
    house = a_house()
    listening(house.sena, "version_released")
    decision: Decision = approved(house, in_review(house))
    assert not Occurrence.objects.exists()
    release = record_release(
        actor=house.rita,
        decision_id=decision.pk,
        manifest_sha256=decision.manifest_sha256,
        where="hub",
        now=NOW,
    )
    opened = Assessment.objects.get(occurrence__occasion=f"release:{release.pk}")
    assert opened.version == decision.request.version


@pytest.mark.usefixtures("standing_review")
def test_an_incident_opens_what_listens_and_what_happened_stays_as_it_was_told() -> None:
    house = a_house()
    listening(house.sena, "incident")
    version = in_review(house).version
    report = raise_incident(
        actor=house.ravi, told=Told(" It named a harbour that isn't there. "), happened_at=NOW, aware_at=NOW, now=NOW,
        version_id=version.pk,
    )  # fmt: skip
    opened = Assessment.objects.get(occurrence__occasion=f"incident:{report.incident_id}")
    assert opened.version == version
    assert (report.request, report.incident.text) == (None, "It named a harbour that isn't there.")
    with pytest.raises(IntegrityError, match="stays as it was entered"), transaction.atomic():
        Incident.objects.update(text="Nothing.")


def test_only_a_data_set_that_was_not_named_before_opens_what_listens() -> None:
    requester, secretary = person("Dana Data", Role.RESEARCHER), person("Silke Second", Role.SECRETARY)
    listening(secretary, "dataset_added")
    request = a_draft(requester, questions="2026-2")
    attach_manifest(actor=requester, request_id=request.pk, text=MANIFEST, now=NOW)
    fill(request, requester)
    submit_revision(actor=requester, request_id=request.pk, now=NOW)
    assert not Occurrence.objects.exists()
    rows: Any = request.answers.get(question="datasets").value
    for number, value in enumerate(([*rows], [*rows, rows[0] | {"name": "Tide tables 2026"}])):
        return_request(actor=secretary, request_id=request.pk, text="Say more.", now=NOW)
        fill(request, requester, {"datasets": json.dumps(value), "need": f"Said anew, {number}."})
        revision = submit_revision(actor=requester, request_id=request.pk, why="More is said.", now=NOW)
        assert Occurrence.objects.count() == number
    occurrence = Occurrence.objects.get()
    assert (occurrence.happening, occurrence.occasion) == ("dataset_added", f"revision:{revision.pk}")
    assert Assessment.objects.get(occurrence=occurrence).version == request.version
