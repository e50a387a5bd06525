"""The year of compliance, and the list of checks."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.models import Assessment
from compliance.selectors import check_list
from compliance.services.occurrences import open_due, plan_occurrences
from tests.compliance.conftest import HORIZON, NOW, MakeSchedule
from tests.compliance.pages.conftest import Browser

YEAR, CHECKS = "/compliance/", "/compliance/checks/"


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


@pytest.fixture
def weekly(make_schedule: MakeSchedule, readiness: Assessment) -> None:
    make_schedule("FREQ=WEEKLY;BYDAY=TU", now=NOW - timedelta(days=40))
    make_schedule("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=5", numbers=("D04",), now=NOW)
    plan_occurrences(now=NOW, horizon=HORIZON)
    open_due(now=NOW)


def test_the_year_shows_what_was_done_what_is_open_and_what_is_planned(
    weekly: None, secretary: User, outsider: User, browser: Browser
) -> None:
    shown = text(browser(secretary).get(YEAR))
    assert "Compliance year 2026" in shown
    assert "Accounts and access reviewed" in shown
    assert "Continuing review" in shown
    assert "Release readiness" in shown
    assert "overdue" in shown
    lines = browser(secretary).get("/compliance/year.csv?year=2026").getvalue().decode().splitlines()
    assert lines[0].rstrip().endswith("Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec")
    (november,) = (line.split(",") for line in lines if "Continuing review" in line)
    assert (november[14], november[13]) == ("planned (1)", "")
    assert (
        "Accounts and access reviewed"
        not in browser(outsider).get("/compliance/year.csv").getvalue().decode()
    )
    assert "2 schedules." in shown
    assert "4 checks are overdue" in shown


def test_a_field_opens_the_check_that_asks_most_for_attention(
    weekly: None, secretary: User, browser: Browser
) -> None:
    shown = text(browser(secretary).get(YEAR))
    oldest = Assessment.objects.filter(occurrence__isnull=False).earliest("due")
    assert f'<a href="/compliance/assessments/{oldest.pk}/"> <span class="bad miss">' in shown


def test_dates_beyond_the_horizon_are_foreseen_in_the_next_year(
    weekly: None, secretary: User, browser: Browser
) -> None:
    answer = browser(secretary).get(YEAR, {"year": "2027", "month": "3"})
    shown = text(answer)
    assert "Compliance year 2027" in shown
    assert "March 2027" in shown
    assert "planned" in shown
    assert [group.name for group in answer.context["year"].groups] == ["Duties of the boards"]


@pytest.mark.parametrize("asked", ["", "abc", "-1", "99999", "1066", "２０２７"])
def test_an_odd_year_is_this_year(secretary: User, browser: Browser, asked: str) -> None:
    assert "Compliance year 2026" in text(browser(secretary).get(YEAR, {"year": asked, "month": asked}))


def test_the_year_costs_few_queries(
    weekly: None, secretary: User, owner: User, browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for person in (secretary, owner):
        client = browser(person)
        with django_assert_max_num_queries(15):
            client.get(YEAR)


def test_an_outsider_sees_that_there_is_nothing(weekly: None, outsider: User, browser: Browser) -> None:
    shown = text(browser(outsider).get(YEAR))
    assert "No checks in this year yet." in shown
    assert "Accounts and access" not in shown
    assert "New schedule" not in shown
    assert "0 checks" in text(browser(outsider).get(CHECKS, {"which": "all"}))


@pytest.mark.parametrize("path", [YEAR, CHECKS, "/compliance/schedules/", "/compliance/libraries/"])
def test_a_visitor_is_sent_to_sign_in(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_the_list_says_who_has_to_do_what_until_when(weekly: None, owner: User, browser: Browser) -> None:
    shown = text(browser(owner).get(CHECKS))
    assert "Ravi Krishnan" in shown
    assert "days late" in shown
    assert "Harbor-7B 2.1" in shown
    assert "in 13 days" in shown


def test_a_submitted_check_is_not_late_while_its_reviewer_takes_long(
    submitted: Assessment, owner: User, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=90))
    shown = text(browser(owner).get(CHECKS))
    assert "submitted Mon 2 Mar" in shown
    assert "late" not in re.sub(r"<template.*?</template>", "", shown, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("which", "count"),
    [("waiting", 6), ("overdue", 4), ("review", 0), ("accepted", 0), ("all", 6), ("moon", 6)],
)
def test_the_address_is_the_filter(
    weekly: None, owner: User, browser: Browser, which: str, count: int
) -> None:
    assert f"{count} check" in text(browser(owner).get(CHECKS, {"which": which}))


def test_only_mine(weekly: None, secretary: User, owner: User, browser: Browser) -> None:
    assert "0 checks" in text(browser(secretary).get(CHECKS, {"whose": "mine"}))
    assert "6 checks" in text(browser(owner).get(CHECKS, {"whose": "mine"}))


@pytest.mark.parametrize("which", ["waiting", "all"])
def test_a_long_list_comes_in_pages_without_gap_or_repetition(
    weekly: None, owner: User, browser: Browser, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    monkeypatch.setattr(check_list, "SIZE", 3)
    client, after, seen = browser(owner), "", []
    for _page in range(2):
        page = client.get(CHECKS, {"which": which, "after": after}).context["page"]
        seen += [line.assessment.pk for line in page.lines]
        after = page.later
    assert after == ""
    assert len(seen) == len(set(seen)) == 6
    assert client.get(CHECKS, {"after": "nonsense"}).context["page"].count == 6


def test_the_list_costs_few_queries(
    weekly: None, owner: User, browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(owner)
    with django_assert_max_num_queries(15):
        client.get(CHECKS)


def test_a_check_shows_in_the_month_of_its_date_in_the_readers_zone(
    make_schedule: MakeSchedule, secretary: User, browser: Browser
) -> None:
    make_schedule(starts=datetime.fromisoformat("2026-01-01T00:30"), zone="Asia/Shanghai")
    assert plan_occurrences(now=datetime(2026, 3, 31, 17, 0, tzinfo=UTC), horizon=timedelta(0)) == 1
    year = browser(secretary).get(YEAR).context["year"]
    assert [number for number, cell in enumerate(year.groups[0].rows[0].cells, 1) if cell.mark][:2] == [3, 4]
    secretary.time_zone = "Asia/Shanghai"
    secretary.save()
    year = browser(secretary).get(YEAR).context["year"]
    assert [number for number, cell in enumerate(year.groups[0].rows[0].cells, 1) if cell.mark][:2] == [4, 5]
