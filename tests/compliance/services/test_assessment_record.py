"""The record of an accepted checklist: issued once after the acceptance, sealed, with all that was frozen inside."""

import io
import json
from datetime import timedelta
from unittest import mock

import pikepdf
import pytest

from accounts.models import User
from audit.models import Checkpoint, Event
from compliance.models import Assessment
from compliance.services.findings import Planned, raise_finding
from compliance.services.recording import ISSUE, issue_record
from compliance.services.reviewing import accept_assessment
from jobs.models import Job
from records import store
from records.models import Record, RecordState
from records.permissions import may_read
from records.press.page import page
from records.sealing import advance
from records.verification import Verdict, look_up
from tests.compliance.conftest import NOW
from tests.compliance.oscal.schemas import faults

LATER = NOW + timedelta(days=1, minutes=1)


def issued(assessment: Assessment) -> Record:
    record = issue_record(assessment_id=assessment.pk, now=LATER)
    assert record is not None
    return record


def test_the_acceptance_asks_for_one_record_which_is_issued_once(accepted: Assessment) -> None:
    job = Job.objects.get(kind=ISSUE)
    assert job.payload == {"assessment": accepted.pk}
    record = issued(accepted)
    assert (record.kind, record.outcome, record.state) == ("assessment", "accepted", RecordState.SEALING)
    assert issue_record(assessment_id=accepted.pk, now=LATER) is None
    assert Record.objects.count() == 1
    assert Job.objects.filter(kind="records.render").count() == 1
    ours = Event.objects.filter(object_type="records.record").order_by("id").values_list("verb", flat=True)
    assert list(ours) == ["record.frozen", "record.completed"]


def test_nothing_is_issued_before_the_acceptance(submitted: Assessment) -> None:
    assert issue_record(assessment_id=submitted.pk, now=LATER) is None
    assert not Record.objects.exists()
    assert not Job.objects.filter(kind=ISSUE).exists()


def test_whoever_may_read_the_checklist_may_read_its_record(
    accepted: Assessment, owner: User, reviewer: User, outsider: User
) -> None:
    record = issued(accepted)
    assert may_read(owner, record, LATER)
    assert may_read(reviewer, record, LATER)
    assert not may_read(outsider, record, LATER)


def test_it_speaks_the_language_of_its_board_or_else_of_its_owner(accepted: Assessment, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(language="zh-hans", time_zone="Asia/Shanghai")
    Checkpoint.objects.create(origin="log.example/1", size=7, root="0" * 64, note="a note\n", made_at=NOW)
    context = json.loads(bytes(issued(accepted).context))
    assert (context["language"], context["time_zone"]) == ("zh-hans", "Asia/Shanghai")
    assert context["title"] == accepted.title_zh
    assert context["groups"][0]["controls"][0]["text"] == accepted.library.controls.all()[0].text_zh
    printed = page(context, code="A" * 16, address="/", context_sha256="0" * 64, kind="assessment")
    assert '<pre class="w">a note\n</pre>' in printed


@pytest.mark.both_engines
def test_the_sealed_file_holds_the_frozen_bytes_and_valid_oscal(
    submitted: Assessment, owner: User, reviewer: User
) -> None:
    control = submitted.library.controls.all()[0]
    raise_finding(
        actor=reviewer, assessment_id=submitted.pk, number=control.number, severity="high",
        text="Two changes went in without a review.",
        action=Planned("Block the fork.", owner, (NOW + timedelta(days=30)).date()), now=NOW,
    )  # fmt: skip
    accepted = accept_assessment(actor=reviewer, assessment_id=submitted.pk, now=NOW)
    record = issued(accepted)
    advance(record_id=record.pk, now=LATER)
    record.refresh_from_db()
    accepted.refresh_from_db()
    assert record.state == RecordState.SEALED
    assert look_up(record.code).verdict == Verdict.ISSUED
    with pikepdf.open(io.BytesIO(store.read(record.file_sha256))) as pdf:
        assert set(pdf.attachments) == {"record.json", "assessment.json", "assessment-results.json"}
        assert pdf.attachments["assessment.json"].get_file().read_bytes() == bytes(accepted.content or b"")
        results = json.loads(pdf.attachments["assessment-results.json"].get_file().read_bytes())
    assert faults("assessment-results", results) == []
    assert len(results["assessment-results"]["results"][0]["risks"]) == 1
    context = json.loads(bytes(record.context))
    assert context["content_sha256"] == accepted.sha256
    assert [found["text"] for found in context["findings"]] == ["Two changes went in without a review."]
    with mock.patch("records.store.keep") as keep:  # a second run of the job prints nothing
        advance(record_id=record.pk, now=LATER)
    keep.assert_not_called()
