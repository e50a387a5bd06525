"""The page of a checklist: who sees it, fills it in, reviews it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.models import Answer, Assessment
from compliance.services.occurrences import open_due, plan_occurrences
from compliance.services.recording import issue_record
from compliance.services.reviewing import accept_assessment, return_assessment, submit_assessment
from tests.compliance.conftest import HORIZON, NOW, Fill, MakePerson, verbs_of
from tests.compliance.oscal.schemas import faults
from tests.compliance.pages.conftest import Browser


def page(assessment: Assessment, rest: str = "") -> str:
    return f"/compliance/assessments/{assessment.pk}/{rest}"


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_the_owner_sees_the_questions_and_why_it_cannot_be_submitted_yet(
    readiness: Assessment, owner: User, browser: Browser
) -> None:
    shown = text(browser(owner).get(page(readiness)))
    assert "Release readiness, Harbor-7B 2.1" in shown
    assert "0 of 14 complete" in shown
    assert "No answer yet: R01, R02" in shown
    assert 'aria-disabled="true"' in shown
    assert page(readiness, "submit/") not in shown
    assert "Evidence needed: output of the digest check" in shown
    assert "EU AI Act, Art. 11" in shown
    assert "(our own default)" in shown


def test_the_reviewer_reads_and_cannot_answer(
    readiness: Assessment, reviewer: User, browser: Browser
) -> None:
    shown = text(browser(reviewer).get(page(readiness)))
    assert 'name="comment"' not in shown
    assert "Add a file" not in shown
    assert "The owner hasn&#x27;t submitted it yet." in shown


@pytest.mark.parametrize("rest", ["", "content.json"])
def test_an_outsider_cannot_tell_a_checklist_from_nothing(
    accepted: Assessment, outsider: User, browser: Browser, rest: str
) -> None:
    assert browser(outsider).get(page(accepted, rest)).status_code == 404
    assert browser(outsider).get("/compliance/assessments/999999/").status_code == 404


@pytest.mark.parametrize(
    "rest", ["submit/", "accept/", "return/", "assign/", "answers/R01/", "evidence/R01/"]
)
def test_acts_are_posted_by_who_may(
    readiness: Assessment, outsider: User, owner: User, browser: Browser, rest: str
) -> None:
    assert browser(outsider).post(page(readiness, rest)).status_code == 404
    assert browser(owner).get(page(readiness, rest)).status_code == 405
    visitor = Client().post(page(readiness, rest))
    assert visitor.status_code == 302
    assert "/accounts/login/" in visitor["Location"]
    assert verbs_of(readiness) == ["assessment.opened"]


def test_an_answer_without_scripts_comes_back_to_its_control(
    readiness: Assessment, owner: User, browser: Browser
) -> None:
    answer = browser(owner).post(page(readiness, "answers/R02/"), {"state": "met", "comment": "version 4"})
    assert answer.status_code == 302
    assert answer["Location"] == page(readiness) + "#R02"
    assert Answer.objects.get().comment == "version 4"


def test_an_answer_by_htmx_brings_the_lines_that_changed(
    readiness: Assessment, owner: User, browser: Browser
) -> None:
    answer = browser(owner).post(
        page(readiness, "answers/R10/"), {"state": "met"}, headers={"HX-Request": "true"}
    )
    shown = text(answer)
    assert answer.status_code == 200
    assert 'id="status-R10"' in shown
    assert "Complete" in shown
    assert 'id="progress" hx-swap-oob="true"' in shown
    assert "1 of 14 complete" in shown
    assert "<html" not in shown


def test_an_answer_that_comes_too_late_says_so_and_changes_nothing(
    submitted: Assessment, owner: User, browser: Browser
) -> None:
    given = {"state": "not_met", "comment": "after all"}
    answer = browser(owner).post(page(submitted, "answers/R10/"), given, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "It is in review." in text(answer)
    assert not Answer.objects.filter(state="not_met").exists()


def test_the_reviewer_does_not_answer_and_the_owner_does_not_accept(
    submitted: Assessment, owner: User, reviewer: User, browser: Browser
) -> None:
    assert browser(reviewer).post(page(submitted, "answers/R01/"), {"state": "met"}).status_code == 403
    assert browser(owner).post(page(submitted, "accept/")).status_code == 403
    assert browser(owner).post(page(submitted, "return/"), {"reason": "x"}).status_code == 403
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_from_complete_to_accepted(
    readiness: Assessment, owner: User, reviewer: User, fill: Fill, browser: Browser
) -> None:
    fill(readiness)
    mine, theirs = browser(owner), browser(reviewer)
    assert page(readiness, "submit/") in text(mine.get(page(readiness)))
    assert "Submitted." in text(mine.post(page(readiness, "submit/"), follow=True))
    assert page(readiness, "accept/") in text(theirs.get(page(readiness)))
    shown = text(theirs.post(page(readiness, "accept/"), follow=True))
    assert "Accepted and frozen" in shown
    readiness.refresh_from_db()
    assert readiness.state == "accepted"


def test_submitting_too_early_names_what_lacks(readiness: Assessment, owner: User, browser: Browser) -> None:
    assert "No answer yet: R01" in text(browser(owner).post(page(readiness, "submit/"), follow=True))
    assert verbs_of(readiness) == ["assessment.opened"]


def test_a_returned_checklist_shows_the_reason(
    submitted: Assessment, owner: User, reviewer: User, browser: Browser
) -> None:
    return_assessment(actor=reviewer, assessment_id=submitted.pk, reason="R03 names **no** groups.", now=NOW)
    shown = text(browser(owner).get(page(submitted)))
    assert "R03 names <strong>no</strong> groups." in shown
    assert 'name="comment"' in shown


def test_a_return_without_a_reason_is_refused_on_the_page(
    submitted: Assessment, reviewer: User, browser: Browser
) -> None:
    shown = text(browser(reviewer).post(page(submitted, "return/"), {"reason": ""}, follow=True))
    assert "Say what the owner has to do" in shown
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_the_frozen_content_is_downloaded_as_its_bytes_with_an_event(
    accepted: Assessment, owner: User, browser: Browser
) -> None:
    answer = browser(owner).get(page(accepted, "content.json"))
    accepted.refresh_from_db()
    assert answer.content == bytes(accepted.content or b"")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert verbs_of(accepted)[-1] == "assessment.downloaded"


def test_what_is_not_frozen_has_nothing_to_download(
    readiness: Assessment, owner: User, browser: Browser
) -> None:
    shown = text(browser(owner).get(page(readiness, "content.json"), follow=True))
    assert "isn&#x27;t frozen yet" in shown


def test_who_manages_names_owner_and_reviewer(
    readiness: Assessment, secretary: User, owner: User, browser: Browser, make_person: MakePerson
) -> None:
    other = make_person("Guo Heng")
    assert "Name owner and reviewer" in text(browser(secretary).get(page(readiness)))
    assert "Name owner and reviewer" not in text(browser(owner).get(page(readiness)))
    given = {"owner": other.pk, "reviewer": readiness.reviewer_id}
    assert browser(owner).post(page(readiness, "assign/"), given).status_code == 403
    browser(secretary).post(page(readiness, "assign/"), given)
    readiness.refresh_from_db()
    assert readiness.owner == other


def test_the_same_person_twice_is_refused(readiness: Assessment, secretary: User, browser: Browser) -> None:
    given = {"owner": readiness.reviewer_id, "reviewer": readiness.reviewer_id}
    shown = text(browser(secretary).post(page(readiness, "assign/"), given, follow=True))
    assert "different people" in shown


def test_what_people_write_is_never_html(
    readiness: Assessment, owner: User, reviewer: User, browser: Browser
) -> None:
    browser(owner).post(
        page(readiness, "answers/R01/"), {"state": "partly", "comment": "<script>alert(1)</script>"}
    )
    for person in (owner, reviewer):
        assert "<script>alert" not in text(browser(person).get(page(readiness)))


def test_a_checklist_costs_few_queries(
    submitted: Assessment, accepted: Assessment, owner: User, reviewer: User, secretary: User, browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for person in (owner, reviewer, secretary):
        client = browser(person)
        with django_assert_max_num_queries(17):
            client.get(page(accepted))


def test_an_open_checklist_costs_few_queries(
    readiness: Assessment, fill: Fill, owner: User, reviewer: User, secretary: User, browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    fill(readiness)
    for person in (owner, reviewer, secretary):
        client = browser(person)
        with django_assert_max_num_queries(17):
            client.get(page(readiness))


def test_the_questions_are_in_the_language_of_the_reader(
    readiness: Assessment, owner: User, browser: Browser
) -> None:
    owner.language = "zh-hans"
    owner.save()
    shown = text(browser(owner).get(page(readiness)))
    assert "发布准备核查" in shown
    assert "发布文件与测试文件一致" in shown
    assert "What ships is what was tested" not in shown


def test_the_owner_takes_an_answer_of_the_last_run_over_by_one_click(
    opened: Assessment, fill: Fill, owner: User, reviewer: User, secretary: User, browser: Browser
) -> None:
    fill(opened, opened.due)
    submit_assessment(actor=owner, assessment_id=opened.pk, now=opened.due)
    accept_assessment(actor=reviewer, assessment_id=opened.pk, now=opened.due)
    later = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
    plan_occurrences(now=later, horizon=HORIZON)
    open_due(now=later)
    newer = Assessment.objects.get(occurrence__scheduled_for__gt=opened.created_at)
    shown = browser(owner).get(page(newer)).content.decode()
    assert "Last time, accepted on" in shown
    assert "Answer D09 the same" in shown
    assert "Answer D09 the same" not in browser(secretary).get(page(newer)).content.decode()
    browser(owner).post(f"{page(newer)}answers/D09/", {"state": "met", "comment": ""})
    assert newer.answers.get().state == "met"
    assert "Answer D09 the same" not in browser(owner).get(page(newer)).content.decode()


def test_who_manages_moves_the_due_date_on_the_page(
    readiness: Assessment, owner: User, secretary: User, browser: Browser
) -> None:
    assert "Move the due date" in browser(secretary).get(page(readiness)).content.decode()
    assert "Move the due date" not in browser(owner).get(page(readiness)).content.decode()
    browser(secretary).post(f"{page(readiness)}due/", {"day": "2026-03-30", "why": "Two are ill."})
    readiness.refresh_from_db()
    assert readiness.due.date() == date(2026, 3, 30)
    assert "Two are ill." in browser(owner).get(page(readiness)).content.decode()


def test_an_accepted_checklist_offers_its_record_as_pdf_json_and_oscal(
    accepted: Assessment, owner: User, browser: Browser
) -> None:
    shown = text(browser(owner).get(page(accepted)))
    assert "Its record is being made." in shown
    issue_record(assessment_id=accepted.pk, now=NOW + timedelta(days=1))
    shown = text(browser(owner).get(page(accepted)))
    assert "being sealed" in shown
    assert f"Record CHK-2026-{accepted.pk:05}" in shown
    assert page(accepted, "assessment-results.json") in shown


def test_the_results_are_valid_oscal_and_each_download_is_an_event(
    accepted: Assessment, owner: User, outsider: User, browser: Browser
) -> None:
    address = page(accepted, "assessment-results.json")
    assert faults("assessment-results", browser(owner).get(address).json()) == []
    assert verbs_of(accepted)[-1] == "assessment.downloaded"
    assert browser(outsider).get(address).status_code == 404
