"""The last run as a proposal, and moving the day on which a checklist is due."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from compliance.models import Assessment, Occurrence
from compliance.selectors.filled import filled_controls
from compliance.selectors.last_run import Last, last_answers
from compliance.services.about import Checked
from compliance.services.answers import answer_control
from compliance.services.moving import move_due
from compliance.services.occurrences import open_due, plan_occurrences
from compliance.services.opening import open_assessment
from compliance.services.reviewing import accept_assessment, submit_assessment
from registry.models import ModelVersion
from registry.services import VersionFacts, register_version
from tests.compliance.conftest import HORIZON, NOW, Fill


def last(assessment: Assessment) -> dict[str, Last]:
    return last_answers(assessment, [filled.control for filled in filled_controls(assessment)])


def accept(assessment: Assessment, owner: User, reviewer: User, at: datetime) -> None:
    submit_assessment(actor=owner, assessment_id=assessment.pk, now=at)
    accept_assessment(actor=reviewer, assessment_id=assessment.pk, now=at)


def test_the_accepted_answers_of_the_last_run_stand_beside_the_next_one_and_answer_nothing(
    opened: Assessment, fill: Fill, owner: User, reviewer: User
) -> None:
    fill(opened, opened.due)
    answer_control(
        actor=owner,
        assessment_id=opened.pk,
        number="D09",
        state="partly",
        comment="Two left.",
        now=opened.due,
    )
    later = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
    plan_occurrences(now=later, horizon=HORIZON)
    open_due(now=later)
    newer = Assessment.objects.get(occurrence__scheduled_for__gt=opened.created_at)
    assert last(newer) == {}, "what nobody accepted is no proposal"
    accept(opened, owner, reviewer, opened.due)
    found = last(newer)["D09"]
    assert (found.state, found.comment, found.about, found.asks_other) == ("partly", "Two left.", "", False)
    assert not newer.answers.exists()
    assert last(opened) == {}


def test_a_new_version_goes_on_from_the_last_one_of_its_model_and_from_nobody_elses(
    readiness: Assessment, version: ModelVersion, fill: Fill, owner: User, reviewer: User
) -> None:
    fill(readiness)
    accept(readiness, owner, reviewer, NOW)
    at = NOW + timedelta(days=30)
    newer = register_version(
        actor=owner, model=version.model, facts=VersionFacts(number="2.2", channel="api"), now=at
    )
    assert last(Assessment.objects.get(version=newer))["R01"].about == "Harbor-7B 2.1"
    project = open_assessment(
        actor=reviewer, now=at,
        checked=Checked(library_code="release-readiness", project_id=version.model.project_id),
    )  # fmt: skip
    assert last(project) == {}, "it is about the project, not about a version"


def test_due_moves_with_a_reason_and_the_date_of_the_schedule_stays(
    opened: Assessment, owner: User, secretary: User, outsider: User
) -> None:
    occurrence = Occurrence.objects.get(assessment=opened)
    was, now = occurrence.scheduled_for, opened.created_at
    move_due(actor=secretary, assessment_id=opened.pk, day=date(2026, 4, 20), reason="Two are ill.", now=now)
    opened.refresh_from_db()
    occurrence.refresh_from_db()
    assert opened.due == occurrence.due == datetime(2026, 4, 20, 21, 59, tzinfo=UTC)
    assert occurrence.scheduled_for == was
    assert Event.objects.get(verb="assessment.due_moved").object_id == str(opened.pk)
    given: dict[str, Any] = {"assessment_id": opened.pk, "now": now}
    with pytest.raises(PermissionDenied):
        move_due(actor=owner, day=date(2026, 5, 1), reason="Later.", **given)
    with pytest.raises(Http404):
        move_due(actor=outsider, day=date(2026, 5, 1), reason="Later.", **given)
    for day, reason, said in (
        (date(2026, 5, 1), " ", "Say why"),
        (date(2026, 4, 20), "Again.", "already"),
        (date(2026, 3, 31), "Back.", "ahead"),
        (date.min, "Back.", "ahead"),
        (date.max, "On.", "at most a year"),
    ):
        with pytest.raises(Refused, match=said):
            move_due(actor=secretary, day=day, reason=reason, **given)
    assert Event.objects.filter(verb="assessment.due_moved").count() == 1


def test_what_was_accepted_is_due_when_it_was(accepted: Assessment, secretary: User) -> None:
    with pytest.raises(IllegalTransition):
        move_due(actor=secretary, assessment_id=accepted.pk, day=date(2026, 4, 20), reason="Later.", now=NOW)
