"""Making and ending engagements, and the doors that they open."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from accounts.models import User
from audit import trail
from audit.models import Event
from audit.reconciling.running import reconcile
from audit.refusal import IllegalTransition, Refused
from oversight import access
from oversight.models import Engagement, OpenedContainer
from oversight.services import end_engagement
from registry.models import ProjectUserGrant
from registry.permissions import visible_projects
from registry.services import share_project
from reviews.models import BoardUserGrant
from reviews.permissions.sight import visible_to
from tests.dossiers import NOW, a_project
from tests.oversight.conftest import Audited, Make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_reviews")]
LATER = NOW + timedelta(minutes=1)


def test_an_engagement_is_made_with_its_event_and_without_names_in_the_leaf(
    audited: Audited, engage: Make
) -> None:
    made = engage("Aude Auditor")
    event = Event.objects.get(verb="engagement.made")
    data = json.loads(bytes(event.leaf))["data"]
    assert data["projects"] == [audited.project.pk]
    assert data["auditors"] == [str(made.grants.get().user.pseudonym)]
    assert "Aude" not in bytes(event.leaf).decode()
    assert event.disclosures.get(path="auditors").value == "Aude Auditor"
    assert made.grants.get().valid_until == made.ends_at


def test_an_auditor_opens_the_pages_of_what_they_audit_until_the_last_day(
    audited: Audited, aude: User
) -> None:
    assert list(visible_projects(aude, LATER)) == [audited.project]
    assert list(visible_to(aude, LATER)) == [audited.request]
    over = NOW + timedelta(days=365)
    assert not visible_projects(aude, over).exists()
    assert not visible_to(aude, over).exists()


def test_an_auditor_of_a_board_opens_its_requests(audited: Audited, basil: User) -> None:
    assert list(visible_to(basil, LATER)) == [audited.request]
    assert not visible_projects(basil, LATER).exists()


def test_ending_an_engagement_shuts_every_door_of_it_at_once(audited: Audited, aude: User) -> None:
    engagement = Engagement.objects.get()
    end_engagement(actor=audited.house.ada, engagement_id=engagement.pk, reason="Found enough.", now=LATER)
    assert not visible_projects(aude, LATER).exists()
    assert not OpenedContainer.objects.exists()
    ended = Event.objects.get(verb="engagement.ended")
    assert ended.disclosures.get(path="reason").value == "Found enough."
    with pytest.raises(IllegalTransition):
        end_engagement(actor=audited.house.ada, engagement_id=engagement.pk, reason="Again.", now=LATER)


def test_only_administrators_make_and_end_engagements(audited: Audited, engage: Make) -> None:
    made = engage("Aude Auditor")
    for name in ("ravi", "chloe", "lex", "ugo"):
        somebody = getattr(audited.house, name)
        with pytest.raises(Http404):
            engage("Aude Auditor", actor=somebody)
        with pytest.raises(Http404):
            end_engagement(actor=somebody, engagement_id=made.pk, reason="No.", now=LATER)
    assert Event.objects.filter(verb__startswith="engagement.").count() == 1


def test_an_engagement_that_makes_no_sense_is_refused(audited: Audited, engage: Make) -> None:
    wrongs: list[dict[str, Any]] = [
        {"auditors": []},
        {"projects": []},
        {"ends_at": NOW - timedelta(days=2)},
        {"starts_at": NOW - timedelta(days=9), "ends_at": NOW - timedelta(days=1)},
    ]
    for wrong in wrongs:
        with pytest.raises(Refused):
            engage("Aude Auditor", **wrong)
    assert not Engagement.objects.exists()


def test_somebody_without_the_role_is_no_auditor(audited: Audited, engage: Make) -> None:
    with pytest.raises(Refused):
        engage("Aude Auditor", auditors=[audited.house.chloe])


def test_doors_open_when_the_engagement_begins_and_not_before(audited: Audited, engage: Make) -> None:
    early = engage("Early Auditor", starts_at=NOW + timedelta(days=1)).grants.get().user
    assert not visible_projects(early, LATER).exists()
    begun = NOW + timedelta(days=1)
    assert access.keep_up(begun) == 1
    assert list(visible_projects(early, begun)) == [audited.project]
    assert access.keep_up(begun) == 0


def test_under_an_engagement_for_the_whole_organisation_new_projects_open_too(
    audited: Audited, wanda: User
) -> None:
    new = a_project(audited.house.ravi, "Brand new", now=LATER)
    assert new not in visible_projects(wanda, LATER)
    access.keep_up(LATER)
    assert set(visible_projects(wanda, LATER)) == {audited.project, audited.other, new}
    assert BoardUserGrant.objects.filter(user=wanda).count() == 2


def test_a_grant_that_somebody_gave_outlives_the_engagement(
    audited: Audited, otto: User, engage: Make
) -> None:
    share_project(
        actor=audited.house.ravi, project_id=audited.project.pk, person=otto, may_contribute=False, now=NOW
    )
    made = engage("Otto Auditor")
    end_engagement(actor=audited.house.ada, engagement_id=made.pk, reason="Enough.", now=LATER)
    assert ProjectUserGrant.objects.get(user=otto).valid_until is None
    assert list(visible_projects(otto, LATER)) == [audited.project]


def test_of_two_engagements_the_later_end_counts(audited: Audited, aude: User, engage: Make) -> None:
    longer = engage("Aude Auditor", ends_at=NOW + timedelta(days=900))
    assert ProjectUserGrant.objects.get(user=aude).valid_until == longer.ends_at
    end_engagement(actor=audited.house.ada, engagement_id=longer.pk, reason="Shorter.", now=LATER)
    assert ProjectUserGrant.objects.get(user=aude).valid_until == NOW + timedelta(days=365)


def test_a_project_that_is_slipped_into_an_engagement_is_found(audited: Audited, engage: Make) -> None:
    made = engage("Aude Auditor", boards=[audited.house.boards["ethics"]])
    tables = {Engagement.projects.through._meta.db_table, Engagement.boards.through._meta.db_table}
    assert [found for found in reconcile().first if found.table in tables] == []
    made.projects.add(audited.other)
    trail.record("engagement.viewed", obj=made, actor=None, now=NOW)  # an event that doesn't tell of it
    found = [found for found in reconcile().first if found.table in tables]
    assert [(str(one.kind), one.table) for one in found] == [("inserted", "oversight_engagement_projects")]
