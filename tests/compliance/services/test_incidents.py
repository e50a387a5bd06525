"""Incidents are entered once, with one event, and open what listens to them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.models import User
from audit.refusal import Refused
from compliance.models import Assessment, Incident
from compliance.services.incidents import enter_incident
from registry.models import ModelVersion
from tests.compliance.conftest import NOW, MakeSchedule, verbs_of

BEFORE = NOW - timedelta(hours=3)


def test_an_incident_opens_what_listens_and_stays_as_it_was_entered(
    make_schedule: MakeSchedule, version: ModelVersion, secretary: User
) -> None:
    listens, _deaf = make_schedule("", happenings=["incident"]), make_schedule()
    incident = enter_incident(
        actor=secretary,
        version_id=version.pk,
        text=" It named a harbour that isn't there. ",
        happened_at=BEFORE,
        now=NOW,
    )
    assert (incident.project_id, incident.text) == (
        version.model.project_id,
        "It named a harbour that isn't there.",
    )
    assert verbs_of(incident) == ["incident.entered"]
    opened = Assessment.objects.get(occurrence__isnull=False)
    assert opened.occurrence is not None
    assert (opened.occurrence.schedule, opened.version) == (listens, version)
    with pytest.raises(IntegrityError, match="stays as it was entered"), transaction.atomic():
        Incident.objects.update(text="Nothing.")


def test_an_incident_needs_a_place_a_text_and_the_past(
    version: ModelVersion, secretary: User, owner: User
) -> None:
    given = {
        "actor": secretary,
        "version_id": version.pk,
        "text": "Wrong.",
        "happened_at": BEFORE,
        "now": NOW,
    }
    for change, said in (
        ({"text": " "}, "what happened"), ({"happened_at": NOW + timedelta(1)}, "already"),
        ({"version_id": None}, "project or version"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=said):
            enter_incident(**(given | change))  # type: ignore[arg-type]
    with pytest.raises(PermissionDenied):
        enter_incident(**(given | {"actor": owner}))  # type: ignore[arg-type]
    with pytest.raises(Http404):
        enter_incident(**(given | {"version_id": 99999}))  # type: ignore[arg-type]
    assert not Incident.objects.exists()
