"""The page of reports: a preview for whoever sees it, issuing for who manages."""

from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.models import Assessment, PeriodReport
from registry.models import Project
from tests.compliance.pages.conftest import Browser

PAGE = "/compliance/report/"
FEBRUARY = {"since": "2026-02-01", "until": "2026-03-01", "project": ""}


def test_who_manages_previews_and_issues_a_report(
    accepted: Assessment, secretary: User, browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:  # fmt: skip
    client = browser(secretary)
    client.get(PAGE)
    with django_assert_max_num_queries(15):
        shown = client.get(
            PAGE, {"since": "2026-01-01", "until": "2026-03-03", "project": ""}
        ).content.decode()
    assert "Issue the report" in shown
    assert "None yet." in shown
    answer = client.post(f"{PAGE}issue/", FEBRUARY)
    assert answer.status_code == 302
    assert PeriodReport.objects.count() == 1
    assert "RPT-2026-" in client.get(PAGE).content.decode()


def test_an_owner_sees_their_project_and_not_the_organisation_and_issues_nothing(
    accepted: Assessment, owner: User, project: Project, browser: Browser
) -> None:
    client = browser(owner)
    shown = client.get(PAGE).content.decode()
    assert project.name in shown
    assert "Reports are issued by secretaries" in shown
    assert "The whole organisation" not in shown
    assert "What was due" not in client.get(PAGE, FEBRUARY).content.decode()  # of the organisation
    assert client.post(f"{PAGE}issue/", FEBRUARY | {"project": str(project.pk)}).status_code == 403
    assert not PeriodReport.objects.exists()


def test_days_that_can_not_be_reported_on_are_refused_with_the_reason(
    secretary: User, browser: Browser
) -> None:
    answer = browser(secretary).get(PAGE, {"since": "2026-03-03", "until": "2026-03-01", "project": ""})
    assert "Turn them round." in answer.content.decode()
    assert "Issue the report" not in answer.content.decode()


def test_an_outsider_sees_no_figures_of_others(
    accepted: Assessment, outsider: User, browser: Browser
) -> None:
    shown = browser(outsider).get(PAGE).content.decode()
    assert "Harbor" not in shown
    assert "What was due" not in shown
