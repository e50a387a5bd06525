"""The heat map of controls, and who holds what is overdue: on the page, as CSV, and only what one may see."""

import csv
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from compliance.models import Assessment
from compliance.selectors.overdue import overdue_of
from compliance.selectors.standing import heat_of
from compliance.services.about import Checked
from compliance.services.answers import answer_control
from compliance.services.findings import Planned, raise_finding
from compliance.services.opening import open_assessment
from compliance.services.reviewing import accept_assessment, submit_assessment
from registry.models import ModelVersion
from tests.compliance.conftest import NOW, Fill
from tests.compliance.pages.conftest import Browser


def accept(assessment: Assessment, owner: User, reviewer: User, at: Any) -> None:
    submit_assessment(actor=owner, assessment_id=assessment.pk, now=at)
    accept_assessment(actor=reviewer, assessment_id=assessment.pk, now=at)


def test_a_control_counts_by_its_newest_accepted_answer(
    readiness: Assessment, fill: Fill, owner: User, reviewer: User, outsider: User, browser: Browser
) -> None:
    fill(readiness)
    answer_control(
        actor=owner, assessment_id=readiness.pk, number="R03", state="not_met", comment="No sheet.", now=NOW
    )
    raise_finding(
        actor=reviewer, assessment_id=readiness.pk, number="R03", severity="low", text="No sheet.",
        action=Planned("Write it.", owner, date(2026, 4, 1)), now=NOW,
    )  # fmt: skip
    assert heat_of(owner, NOW).columns == ["Organisation"], "nothing was accepted yet"
    accept(readiness, owner, reviewer, NOW)
    again = open_assessment(
        actor=reviewer, checked=Checked(library_code="release-readiness", version_id=readiness.version_id),
        owner=owner, reviewer=reviewer, now=NOW,
    )  # fmt: skip
    heat = heat_of(owner, NOW)
    assert heat.columns == ["Organisation", "Harbor"]
    rows = {row.library.code: row for _framework, rows in heat.frameworks for row in rows}
    cell = rows["release-readiness"].cells[1]
    assert (cell.counted.met, cell.counted.not_met, cell.latest) == (13, 1, readiness.pk)
    assert rows["board-duties"].cells[1].latest is None
    fill(again)
    accept(again, owner, reviewer, NOW + timedelta(hours=1))
    rows = {row.library.code: row for _framework, rows in heat_of(owner, NOW).frameworks for row in rows}
    assert (rows["release-readiness"].cells[1].counted.met, rows["release-readiness"].cells[1].latest) == (
        14,
        again.pk,
    )
    assert heat_of(outsider, NOW).columns == ["Organisation"]
    page = browser(owner).get(reverse("compliance:controls")).content.decode()
    assert "14/14" in page
    assert "all that apply are met" in page
    lines = browser(owner).get(reverse("compliance:controls_csv")).getvalue().decode().splitlines()
    assert lines[1].split(",")[2:] == ["Harbor", "14", "14", "0", "0", "0"]
    assert len(lines) == 2


def test_what_is_overdue_stands_with_who_holds_it(
    opened: Assessment,
    fill: Fill,
    owner: User,
    reviewer: User,
    secretary: User,
    browser: Browser,
    monkeypatch: Any,
) -> None:
    late = opened.due + timedelta(days=3, hours=1)
    (holder,) = overdue_of(secretary, late).holders
    assert (holder.person, holder.to_fill_in, holder.to_review, holder.days) == (owner, 1, 0, 3)
    assert overdue_of(secretary, opened.due).count == 0
    fill(opened, opened.due)
    submit_assessment(actor=owner, assessment_id=opened.pk, now=opened.due)
    (holder,) = overdue_of(secretary, late).holders
    assert (holder.person, holder.to_fill_in, holder.to_review) == (reviewer, 0, 1)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert "1 check is overdue" in browser(secretary).get(reverse("compliance:overdue")).content.decode()
    (line,) = csv.reader(
        browser(secretary).get(reverse("compliance:overdue_csv")).getvalue().decode().splitlines()[1:]
    )
    assert line[1:] == [
        "",
        "Elif Bayar",
        "reviews it",
        "2026-04-11",
        "3",
        "",
        "board or compliance",
        "2026-04-21",
    ]


def test_where_nothing_is_overdue_the_page_says_so(
    version: ModelVersion, outsider: User, browser: Browser
) -> None:
    assert "Nothing is overdue" in browser(outsider).get(reverse("compliance:overdue")).content.decode()


def test_evidence_about_to_expire_is_shown_with_the_days_left(
    readiness: Assessment, owner: User, secretary: User, outsider: User, browser: Browser
) -> None:
    give = browser(owner)
    given = {
        "file": SimpleUploadedFile("drill.txt", b"drill"),
        "effective_on": "2026-02-01",
        "expires_on": "2026-04-01",
    }
    give.post(reverse("compliance:add_evidence", args=[readiness.pk, "R01"]), given)
    shown = give.get(reverse("compliance:assessment", args=[readiness.pk])).content.decode()
    assert "valid until Wed 1 Apr" in shown
    page = browser(secretary).get(reverse("compliance:expiring")).content.decode()
    assert "drill.txt" in page
    assert "29 days left" in page
    lines = browser(secretary).get(reverse("compliance:expiring_csv")).getvalue().decode().splitlines()
    assert lines[1] == 'drill.txt,R01,"Release readiness, Harbor-7B 2.1",Ravi Krishnan,2026-04-01,29'
    assert "No evidence expires" in browser(outsider).get(reverse("compliance:expiring")).content.decode()
    wrong = {
        "file": SimpleUploadedFile("drill.txt", b"x"),
        "effective_on": "2026-02-01",
        "expires_on": "2026-01-01",
    }
    answer = give.post(reverse("compliance:add_evidence", args=[readiness.pk, "R02"]), wrong, follow=True)
    assert "expire before the day it is about" in answer.content.decode()
