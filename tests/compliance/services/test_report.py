"""A report for a period: what it counts, who issues it, and that it is sealed."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Checkpoint, Event
from audit.refusal import Refused
from compliance.models import Assessment, PeriodReport
from compliance.rules.reporting import Period
from compliance.selectors.report import Span, figures_of
from compliance.services.findings import Planned, raise_finding
from compliance.services.reporting import issue_report
from compliance.services.reviewing import accept_assessment
from records import store
from records.models import Record
from records.permissions import may_read
from records.press.page import page
from records.sealing import advance
from registry.models import Project
from registry.services import found_project
from tests.compliance.conftest import NOW
from tests.records import conformance

BERLIN = ZoneInfo("Europe/Berlin")
MARCH_APRIL = Period(date(2026, 3, 1), date(2026, 4, 30))
MAY = datetime(2026, 5, 4, 8, tzinfo=UTC)


@pytest.fixture
def past(submitted: Assessment, owner: User, reviewer: User) -> Assessment:
    """A checklist with a finding and its action, accepted in time."""
    number = submitted.library.controls.all()[0].number
    raise_finding(
        actor=reviewer, assessment_id=submitted.pk, number=number, severity="high",
        text="Two changes went in without a review.",
        action=Planned("Block the fork.", owner, date(2026, 4, 10)), now=NOW,
    )  # fmt: skip
    return accept_assessment(actor=reviewer, assessment_id=submitted.pk, now=NOW + timedelta(days=1))


def span(project: Project | None = None, period: Period = MARCH_APRIL) -> Span:
    return Span(period, BERLIN, project, MAY)


@pytest.mark.both_engines
def test_it_counts_what_was_due_found_and_left_undone(past: Assessment, opened: Assessment) -> None:
    found = figures_of(span())
    assert found.runs == {"in_time": 1, "late": 0, "missed": 1, "waiting": 0}
    assert [month["runs"]["missed"] for month in found.months] == [0, 1]
    assert [run["title"] for run in found.missed] == [opened.title]
    assert [(each["runs"], each["counted"]["met"]) for each in found.frameworks] == [(1, 14)]
    assert found.findings["open"]["high"] == found.findings["raised"] == 1
    assert found.actions == {"due": 1, "in_time": 0, "late": 0, "overdue": 1}
    assert [action["owner"] for action in found.overdue] == ["Ravi Krishnan"]


def test_another_project_and_another_time_have_nothing_of_it(
    past: Assessment, opened: Assessment, owner: User, project: Project
) -> None:
    elsewhere = found_project(actor=owner, name="Lagoon", now=NOW)
    for other in (span(elsewhere), span(period=Period(date(2025, 3, 1), date(2025, 4, 30)))):
        found = figures_of(other)
        assert sum(found.runs.values()) == 0  # type: ignore[arg-type]  # numbers all
        assert not any([found.frameworks, found.open_findings, found.overdue, found.missed])
    assert figures_of(span(project)).runs == {"in_time": 1, "late": 0, "missed": 0, "waiting": 0}


def test_it_is_issued_as_a_sealed_record_with_one_event_of_a_person(
    past: Assessment, opened: Assessment, secretary: User, owner: User, outsider: User
) -> None:
    Checkpoint.objects.create(origin="log.example/1", size=7, root="0" * 64, note="a note\n", made_at=NOW)
    record = issue_report(actor=secretary, period=MARCH_APRIL, project=None, zone=BERLIN, now=MAY)
    by_people = Event.objects.filter(occurred_at=MAY).exclude(actor="")
    assert list(by_people.values_list("verb", "actor")) == [("report.issued", str(secretary.pseudonym))]
    advance(record_id=record.pk, now=MAY)
    record.refresh_from_db()
    content = store.read(record.file_sha256)
    assert conformance.faults(content) == []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        said = json.loads(pdf.attachments["record.json"].get_file().read_bytes())
    assert (said["since"], said["until"], said["runs"]["missed"]) == ("2026-03-01", "2026-04-30", 1)
    printed = page(said, code=record.code, address="/", context_sha256="0" * 64, kind="report")
    assert '<pre class="w">a note\n</pre>' in printed
    assert may_read(secretary, record, MAY)
    assert not may_read(owner, record, MAY)
    assert not may_read(outsider, record, MAY)


def test_only_who_manages_issues_one_and_only_for_days_that_have_come(owner: User, secretary: User) -> None:
    with pytest.raises(PermissionDenied, match="Reports are issued by"):
        issue_report(actor=owner, period=MARCH_APRIL, project=None, zone=BERLIN, now=MAY)
    ahead = Period(date(2026, 3, 1), date(2026, 5, 5))
    with pytest.raises(Refused, match="hasn't come yet"):
        issue_report(actor=secretary, period=ahead, project=None, zone=BERLIN, now=MAY)
    assert not PeriodReport.objects.exists()
    assert not Record.objects.exists()
