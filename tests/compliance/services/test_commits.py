"""Where commits are real: no service changes anything without its event, and of two at once one wins."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, close_old_connections, connection, connections, transaction

from accounts.models import User
from audit import guards
from audit.refusal import Refused
from compliance.models import Answer, Assessment, Schedule
from compliance.services.answers import answer_control
from compliance.services.evidence import download_evidence, withdraw_evidence
from compliance.services.occurrences import open_due, plan_occurrences
from compliance.services.reviewing import (
    accept_assessment,
    assign_assessment,
    download_content,
    return_assessment,
    submit_assessment,
)
from compliance.services.schedules import end_schedule, pause_schedule, resume_schedule
from tests.compliance.conftest import HORIZON, NOW, Fill, MakeSchedule, attach, verbs_of

pytestmark = [
    pytest.mark.engine("postgresql"),
    pytest.mark.usefixtures("committed"),
]
LATER = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


def test_no_service_commits_a_change_without_its_event(
    make_schedule: MakeSchedule,
    readiness: Assessment,
    fill: Fill,
    owner: User,
    reviewer: User,
    secretary: User,
) -> None:
    guards.install(connection, commit_guard=True)
    schedule = make_schedule()
    plan_occurrences(now=LATER, horizon=HORIZON)
    open_due(now=LATER)
    fill(readiness)
    extra = attach(owner, readiness, "R10")
    withdraw_evidence(actor=owner, evidence_id=extra.pk, reason="Wrong file.", now=NOW)
    download_evidence(actor=reviewer, evidence_id=extra.pk, now=NOW)
    submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW)
    return_assessment(actor=reviewer, assessment_id=readiness.pk, reason="Again.", now=NOW)
    assign_assessment(actor=secretary, assessment_id=readiness.pk, owner=owner, reviewer=secretary, now=NOW)
    submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW)
    accept_assessment(actor=secretary, assessment_id=readiness.pk, now=NOW)
    download_content(actor=owner, assessment_id=readiness.pk, now=NOW)
    pause_schedule(actor=secretary, schedule_id=schedule.pk, reason="Move.", now=LATER)
    resume_schedule(actor=secretary, schedule_id=schedule.pk, now=LATER)
    end_schedule(actor=secretary, schedule_id=schedule.pk, reason="Done.", now=LATER)
    assert verbs_of(schedule)[-1] == "schedule.ended"


def test_a_change_around_the_services_is_refused_at_the_commit(
    make_schedule: MakeSchedule, readiness: Assessment, owner: User
) -> None:
    schedule = make_schedule()
    answer_control(actor=owner, assessment_id=readiness.pk, number="R01", state="met", comment="", now=NOW)
    guards.install(connection, commit_guard=True)
    changes: list[Callable[[], object]] = [
        lambda: Schedule.objects.filter(pk=schedule.pk).update(state="paused"),
        lambda: Assessment.objects.filter(pk=readiness.pk).update(due=NOW + timedelta(days=90)),
        lambda: Answer.objects.update(state="not_met"),
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="needs an event"), transaction.atomic():
            change()
    assert Answer.objects.get().state == "met"


def at_once(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Do the acts at the same moment, each with a connection of its own; return how each ended."""
    together, ends = threading.Barrier(len(acts)), [None] * len(acts)
    outcomes: list[BaseException | None] = list(ends)

    def run(place: int, act: Callable[[], object]) -> None:
        close_old_connections()
        try:
            together.wait(10)
            act()
        except BaseException as fault:  # noqa: BLE001  (what the test looks at)
            outcomes[place] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_accepting_and_returning_at_the_same_moment_is_one_decision(
    submitted: Assessment, reviewer: User
) -> None:
    ended = at_once(
        lambda: accept_assessment(actor=reviewer, assessment_id=submitted.pk, now=NOW),
        lambda: return_assessment(actor=reviewer, assessment_id=submitted.pk, reason="No.", now=NOW),
    )
    assert sum(end is None for end in ended) == 1
    assert sum(isinstance(end, Refused) for end in ended) == 1
    decided = [verb for verb in verbs_of(submitted) if verb in {"assessment.accepted", "assessment.returned"}]
    assert len(decided) == 1


def test_an_answer_and_the_submission_at_the_same_moment_never_differ(
    readiness: Assessment, fill: Fill, owner: User, reviewer: User
) -> None:
    fill(readiness)
    at_once(
        lambda: submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW),
        lambda: answer_control(
            actor=owner, assessment_id=readiness.pk, number="R10", state="partly", comment="late", now=NOW
        ),
    )
    readiness.refresh_from_db()
    order = [verb for verb in verbs_of(readiness) if verb in {"assessment.submitted", "assessment.answered"}]
    assert readiness.state == "submitted"
    changed = Answer.objects.get(assessment=readiness, control__number="R10").state == "partly"
    assert order[-1] == "assessment.submitted"
    assert changed == (order.count("assessment.answered") == 2)


def test_two_clicks_on_submit_are_one_submission(readiness: Assessment, fill: Fill, owner: User) -> None:
    fill(readiness)
    ended = at_once(*[lambda: submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW)] * 2)
    assert sum(end is None for end in ended) == 1
    assert verbs_of(readiness).count("assessment.submitted") == 1
