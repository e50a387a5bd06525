"""Findings, actions and exceptions on their pages: raised, done, verified, excused, drawn, and only for who may."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from accounts.models import User
from compliance.models import Action, Assessment, ControlException, Finding
from compliance.services.findings import Planned, plan_action, raise_finding
from compliance.services.reviewing import accept_assessment
from reminders.waiting import waiting_for
from tests.compliance.conftest import NOW
from tests.compliance.pages.conftest import Browser

DUE = "2026-04-01"


def waits(person: User) -> list[str]:
    return [
        f"{source.kind}: {thing.title}" for source, thing in waiting_for(person.pk, NOW + timedelta(days=1))
    ]


def test_a_finding_goes_its_way_from_the_checklist_to_mended(
    submitted: Assessment, reviewer: User, helper: User, outsider: User, browser: Browser
) -> None:
    address = reverse("compliance:raise_finding", args=[submitted.pk, "R03"])
    assert browser(outsider).get(address).status_code == 404
    given: dict[str, Any] = {
        "severity": "critical", "text": "No data sheet.", "action": "Write the sheet.", "owner": helper.pk,
        "due": "2026-02-01",
    }  # fmt: skip
    refused = browser(reviewer).post(address, given)
    assert refused.status_code == 422
    assert "The day has passed already" in refused.content.decode()
    assert "No data sheet." in refused.content.decode(), "what was written stays in the form"
    assert browser(reviewer).post(address, given | {"due": DUE}).status_code == 302
    finding, action = Finding.objects.get(), Action.objects.get()
    page = reverse("compliance:finding", args=[finding.pk])
    assert waits(helper) == ["action: Write the sheet., Harbor-7B 2.1"]
    assert "Report as done" in browser(helper).get(page).content.decode()
    assert "Report as done" not in browser(reviewer).get(page).content.decode()
    assert browser(outsider).get(page).status_code == 404
    for name in ("report_action", "verify_action", "drop_action", "change_action", "return_action"):
        assert browser(outsider).post(reverse(f"compliance:{name}", args=[action.pk])).status_code == 404
    browser(helper).post(reverse("compliance:report_action", args=[action.pk]), {"report": "Sheet 4."})
    assert waits(helper) == []
    assert "action.verify: Write the sheet., Harbor-7B 2.1" in waits(reviewer)
    browser(reviewer).post(reverse("compliance:return_action", args=[action.pk]), {"reason": "Part 2 lacks."})
    assert "Given back: Part 2 lacks." in browser(helper).get(page).content.decode()
    changed = {
        f"a{action.pk}-owner": helper.pk,
        f"a{action.pk}-due": "2026-05-01",
        f"a{action.pk}-why": "Ill.",
    }
    browser(reviewer).post(reverse("compliance:change_action", args=[action.pk]), changed)
    browser(helper).post(reverse("compliance:report_action", args=[action.pk]), {"report": "Both parts."})
    browser(reviewer).post(reverse("compliance:verify_action", args=[action.pk]))
    action.refresh_from_db()
    assert (action.state, action.due.isoformat()) == ("verified", "2026-05-01")
    assert "Mended" in browser(reviewer).get(page).content.decode()


def test_actions_stand_in_a_list_a_picture_and_a_table(
    submitted: Assessment, reviewer: User, helper: User, outsider: User, browser: Browser
) -> None:
    given = {
        "severity": "high", "text": "No sheet.", "action": "Write it.", "owner": helper.pk, "due": "2026-03-10",
    }  # fmt: skip
    browser(reviewer).post(reverse("compliance:raise_finding", args=[submitted.pk, "R03"]), given)
    place = reverse("compliance:action_list")
    shown = browser(helper).get(place)
    page = shown.context["page"]
    assert (page.now.open, page.now.late, page.most) == (1, 0, 1)
    assert [column.point.in_time for column in page.columns[-8:]] == [0] * 8
    assert "1 action is open" in shown.content.decode()
    assert "Write it." not in browser(outsider).get(place).content.decode()
    assert "Write it." not in browser(reviewer).get(f"{place}?whose=mine").content.decode()
    assert "Write it." not in browser(reviewer).get(f"{place}?which=late").content.decode()
    lines = browser(helper).get(reverse("compliance:actions_csv")).getvalue().decode().splitlines()
    assert "Write it." in lines[1]
    weeks = browser(helper).get(reverse("compliance:action_weeks_csv")).getvalue().decode().splitlines()
    assert weeks[13].split(",")[1:] == ["1", "0", "False"], "twelve weeks before this one"
    assert len(weeks) == 22
    assert len(browser(outsider).get(reverse("compliance:actions_csv")).getvalue().decode().splitlines()) == 1


def test_an_exception_is_asked_for_from_the_checklist_and_decided_by_legal_staff(
    submitted: Assessment, owner: User, reviewer: User, legal: User, outsider: User, browser: Browser
) -> None:
    accept_assessment(actor=reviewer, assessment_id=submitted.pk, now=NOW)
    address = reverse("compliance:ask_exception", args=[submitted.pk, "R03"])
    assert browser(outsider).get(address).status_code == 404
    assert (
        browser(owner).post(address, {"reason": "Late supplier.", "until": "2029-01-01"}).status_code == 422
    )
    browser(owner).post(address, {"reason": "Late supplier.", "until": DUE, "instead": "A summary."})
    exception = ControlException.objects.get()
    page = reverse("compliance:exception", args=[exception.pk])
    assert waits(legal) == ["exception.decide: Exception for R03, Harbor-7B 2.1"]
    assert "approved by legal staff" in browser(owner).get(page).content.decode()
    browser(owner).post(reverse("compliance:approve_exception", args=[exception.pk]))
    exception.refresh_from_db()
    assert exception.state == "asked"
    assert browser(outsider).get(page).status_code == 404
    browser(legal).post(reverse("compliance:approve_exception", args=[exception.pk]), {"reason": "Once."})
    assert waits(legal) == []
    assert waits(owner) == ["exception.end: Exception for R03, Harbor-7B 2.1"], "it ends in 29 days"
    assert "Late supplier." in browser(legal).get(reverse("compliance:exception_list")).content.decode()
    assert (
        "Late supplier." not in browser(outsider).get(reverse("compliance:exception_list")).content.decode()
    )
    browser(legal).post(reverse("compliance:revoke_exception", args=[exception.pk]), {"reason": "It came."})
    exception.refresh_from_db()
    assert (exception.state, exception.end_reason) == ("revoked", "It came.")


def test_comments_stand_beside_the_control(
    submitted: Assessment, owner: User, reviewer: User, browser: Browser
) -> None:
    address = reverse("compliance:comment", args=[submitted.pk, "R03"])
    browser(reviewer).post(address, {"text": "Which **sheet**?"})
    page = browser(owner).get(reverse("compliance:assessment", args=[submitted.pk])).content.decode()
    assert "Which <strong>sheet</strong>?" in page


def test_a_finding_with_many_actions_asks_no_more_than_one_with_few(
    submitted: Assessment, reviewer: User, helper: User, browser: Browser, django_assert_max_num_queries: Any
) -> None:
    what = [Planned(f"Step {number}.", helper, date.fromisoformat(DUE)) for number in range(15)]
    finding = raise_finding(
        actor=reviewer, assessment_id=submitted.pk, number="R03", severity="high", text="Much.", action=what[0],
        now=NOW,
    )  # fmt: skip
    for each in what[1:]:
        plan_action(actor=reviewer, finding_id=finding.pk, action=each, now=NOW)
    client = browser(reviewer)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("compliance:finding", args=[finding.pk])).content.decode()
    assert "Step 14." in page
    assert page.count("Tomasz Zielinski</option>") == 16, (
        "each form offers everybody, and so does the new one"
    )


def test_numbers_that_are_too_long_are_no_numbers(
    submitted: Assessment, owner: User, browser: Browser
) -> None:
    file = submitted.evidence.first()
    assert file is not None
    preview = reverse("compliance:preview_evidence", args=[file.pk])
    assert browser(owner).get(f"{preview}?page={'9' * 17}").status_code == 200
    assert browser(owner).get(f"{reverse('compliance:applies')}?open=p{'1' * 4400}").status_code == 200
