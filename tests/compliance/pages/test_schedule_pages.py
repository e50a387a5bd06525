"""Schedules in the browser: made with a preview in words, changed, paused, ended."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.models import Library, Schedule
from compliance.rules.happenings import Happening
from compliance.selectors.library_page import cadence_in_words
from compliance.services.happenings import Place, happened
from compliance.services.occurrences import open_due, plan_occurrences
from registry.models import ModelVersion, Project
from tests.compliance.conftest import HORIZON, NOW, MakeSchedule, verbs_of
from tests.compliance.pages.conftest import Browser

SCHEDULES = "/compliance/schedules/"
NEW = SCHEDULES + "new/?library=board-duties"


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


@pytest.fixture
def filled(owner: User, reviewer: User) -> dict[str, Any]:
    """A form that is filled in soundly."""
    return {
        "library": "board-duties", "controls": ["D09"], "about": "organisation", "interval": "quarterly", "rule": "",
        "first_on": "2026-03-31", "clock": "09:00", "zone": "Europe/Berlin", "days": "10", "owner": owner.pk,
        "reviewer": reviewer.pk, "title_en": "", "title_zh": "", "last_on": "",
    }  # fmt: skip


def test_the_first_step_is_to_choose_a_library(secretary: User, browser: Browser) -> None:
    for address in (SCHEDULES + "new/", SCHEDULES + "new/?library=nothing"):
        shown = text(browser(secretary).get(address))
        assert "choose a library" in shown
        assert "?library=board-duties" in shown


def test_a_schedule_is_made_from_the_form(secretary: User, browser: Browser, filled: dict[str, Any]) -> None:
    answer = browser(secretary).post(NEW, filled)
    schedule = Schedule.objects.get()
    assert answer["Location"] == f"{SCHEDULES}{schedule.pk}/"
    assert schedule.rule == "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"
    assert (schedule.starts, schedule.zone) == ("2026-03-31T09:00", "Europe/Berlin")
    shown = text(browser(secretary).get(answer["Location"]))
    assert "Every 3 months on its last day, counted from March, at 09:00 (Europe/Berlin)" in shown
    assert "Tue 31 Mar, 09:00" in shown
    assert "Wed 30 Jun 2027, 09:00" in shown


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"interval": "own", "rule": ""}, "Write the rule"),
        ({"interval": "own", "rule": "FREQ=MONTHLY;BYMONTHDAY=31"}, "leaves out the months"),
        ({"interval": "own", "rule": "FREQ=HOURLY"}, "Once a day is the shortest"),
        ({"days": "1000"}, "less than or equal to 366"),
        ({"first_on": "31.3.2026x"}, "valid date"),
        ({"controls": ["X1"]}, "not one of the available choices"),
        ({"about": "project:99999"}, "not one of the available choices"),
        ({"zone": "Mars/Olympus"}, "not one of the available choices"),
        ({"last_on": "2026-03-10"}, "would never happen"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    secretary: User, browser: Browser, filled: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    answer = browser(secretary).post(NEW, filled | change)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Schedule.objects.exists()


def test_owner_and_reviewer_are_different_people(
    secretary: User, owner: User, browser: Browser, filled: dict[str, Any]
) -> None:
    answer = browser(secretary).post(NEW, filled | {"reviewer": owner.pk})
    assert "different people" in text(answer)
    assert not Schedule.objects.exists()


def test_the_preview_says_in_words_when_it_happens_and_saves_nothing(
    secretary: User, browser: Browser, filled: dict[str, Any]
) -> None:
    by_htmx = text(browser(secretary).post(SCHEDULES + "preview/", filled))
    without = text(browser(secretary).post(NEW, filled | {"preview": "yes"}))
    for shown in (by_htmx, without):
        assert "Every 3 months on its last day, counted from March, at 09:00 (Europe/Berlin)" in shown
        assert shown.count("09:00</li>") == 10
    assert not Schedule.objects.exists()
    refused = text(browser(secretary).post(SCHEDULES + "preview/", filled | {"interval": "own", "rule": "x"}))
    assert "can&#x27;t be read" in refused


def test_a_schedule_about_a_project(
    secretary: User, browser: Browser, filled: dict[str, Any], project: Project, owner: User, outsider: User
) -> None:
    browser(secretary).post(
        NEW, filled | {"about": f"project:{project.pk}", "controls": [], "title_en": "Harbor"}
    )
    schedule = Schedule.objects.get()
    assert (schedule.project, schedule.title_en, schedule.title_zh) == (project, "Harbor", "Harbor")
    assert browser(owner).get(f"{SCHEDULES}{schedule.pk}/").status_code == 200
    assert browser(outsider).get(f"{SCHEDULES}{schedule.pk}/").status_code == 404


def test_only_those_who_manage_reach_the_editor(
    make_schedule: MakeSchedule, owner: User, outsider: User, browser: Browser, filled: dict[str, Any]
) -> None:
    schedule = make_schedule()
    edit = f"{SCHEDULES}{schedule.pk}/edit/"
    assert browser(owner).get(NEW).status_code == 403
    assert browser(owner).post(NEW, filled).status_code == 403
    assert browser(owner).post(SCHEDULES + "preview/", filled).status_code == 403
    assert browser(owner).get(edit).status_code == 403
    assert browser(owner).post(edit, filled).status_code == 403
    assert browser(outsider).get(edit).status_code == 404
    assert Schedule.objects.count() == 1
    shown = text(browser(owner).get(f"{SCHEDULES}{schedule.pk}/"))
    assert "Schedules are made by" in shown
    assert "Pause the schedule" not in shown


def test_the_editor_begins_with_what_stands_and_changes_it(
    make_schedule: MakeSchedule, secretary: User, browser: Browser, filled: dict[str, Any]
) -> None:
    schedule = make_schedule("FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=1")
    edit = f"{SCHEDULES}{schedule.pk}/edit/"
    form = browser(secretary).get(edit).context["form"]
    assert form.initial["interval"] == "monthly"
    assert form.initial["title_en"] == ""
    assert browser(secretary).post(edit, filled).status_code == 302
    schedule.refresh_from_db()
    assert schedule.rule == "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"
    assert verbs_of(schedule) == ["schedule.created", "schedule.changed"]


def test_a_rule_of_ones_own_stays_one(make_schedule: MakeSchedule, secretary: User, browser: Browser) -> None:
    schedule = make_schedule("FREQ=MONTHLY;BYDAY=-1FR")
    form = browser(secretary).get(f"{SCHEDULES}{schedule.pk}/edit/").context["form"]
    assert (form.initial["interval"], form.initial["rule"]) == ("own", "FREQ=MONTHLY;BYDAY=-1FR")


@pytest.mark.parametrize("act", ["pause", "resume", "end"])
def test_acts_are_posted_by_who_may(
    make_schedule: MakeSchedule, owner: User, outsider: User, secretary: User, browser: Browser, act: str
) -> None:
    schedule = make_schedule()
    address = f"{SCHEDULES}{schedule.pk}/{act}/"
    assert browser(outsider).post(address, {"reason": "x"}).status_code == 404
    assert browser(owner).post(address, {"reason": "x"}).status_code == 403
    assert browser(secretary).get(address).status_code == 405
    assert Client().post(address).status_code == 302
    assert verbs_of(schedule) == ["schedule.created"]


def test_pausing_resuming_and_ending(make_schedule: MakeSchedule, secretary: User, browser: Browser) -> None:
    schedule, client = make_schedule(), browser(secretary)
    address = f"{SCHEDULES}{schedule.pk}/"
    assert "Give a reason" in text(client.post(address + "pause/", {"reason": ""}, follow=True))
    assert "None while it is paused." in text(
        client.post(address + "pause/", {"reason": "Move."}, follow=True)
    )
    assert "Resumed." in text(client.post(address + "resume/", follow=True))
    assert "isn&#x27;t paused" in text(client.post(address + "resume/", follow=True))
    shown = text(client.post(address + "end/", {"reason": "Not owed."}, follow=True))
    assert "None any more." in shown
    assert "Reason: Not owed." in shown
    assert "Change the schedule" not in shown


def test_the_list_shows_when_in_words_and_costs_few_queries(
    make_schedule: MakeSchedule, secretary: User, outsider: User, browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for day in range(1, 12):
        make_schedule(f"FREQ=MONTHLY;BYMONTHDAY={day}")
    client = browser(secretary)
    with django_assert_max_num_queries(15):
        shown = text(client.get(SCHEDULES))
    assert "Every month on day 7, at 09:00 (Europe/Berlin)" in shown
    assert "No schedules yet." in text(browser(outsider).get(SCHEDULES))


def test_a_schedule_page_costs_few_queries(
    make_schedule: MakeSchedule, secretary: User, browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    schedule = make_schedule("FREQ=DAILY", now=NOW)
    plan_occurrences(now=NOW, horizon=HORIZON)
    open_due(now=NOW)
    client = browser(secretary)
    with django_assert_max_num_queries(15):
        client.get(f"{SCHEDULES}{schedule.pk}/")
    with django_assert_max_num_queries(15):
        client.get(f"{SCHEDULES}{schedule.pk}/edit/")


def test_a_date_on_a_day_off_moves_and_the_page_says_so(
    secretary: User, browser: Browser, filled: dict[str, Any]
) -> None:
    chosen = filled | {"interval": "monthly", "shift": "later", "country": "DE"}
    shown = text(browser(secretary).post(SCHEDULES + "preview/", chosen))
    assert "from a day off (Germany) to the next working day, at 09:00 (Europe/Berlin)" in shown
    assert "Mon 2 Nov 2026, 09:00" in shown, "31 October is a Saturday"
    browser(secretary).post(NEW, chosen)
    schedule = Schedule.objects.get()
    assert (schedule.shift, schedule.country) == ("later", "DE")
    edit = browser(secretary).get(f"{SCHEDULES}{schedule.pk}/edit/")
    assert (edit.context["form"].initial["shift"], edit.context["form"].initial["country"]) == ("later", "DE")
    browser(secretary).post(f"{SCHEDULES}{schedule.pk}/edit/", chosen | {"shift": ""})
    schedule.refresh_from_db()
    assert (schedule.shift, schedule.country) == ("", "")
    wrong = browser(secretary).post(NEW, chosen | {"country": "XX"})
    assert wrong.status_code == 422


def test_a_schedule_opens_when_something_happens_and_says_so(
    secretary: User, browser: Browser, filled: dict[str, Any], version: ModelVersion
) -> None:
    given = filled | {
        "interval": "none",
        "happenings": ["version_released", "incident"],
        "first_on": "2026-03-01",
    }
    shown = text(browser(secretary).post(SCHEDULES + "preview/", given))
    words = "Whenever a version is released, or an incident is entered"
    assert words in shown
    assert "Then it ends" not in shown
    answer = browser(secretary).post(NEW, given)
    schedule = Schedule.objects.get()
    assert (schedule.rule, schedule.happenings) == ("", ["version_released", "incident"])
    at = timezone.now()
    happened(
        [Happening.VERSION_RELEASED],
        Place(version.model.project_id, version.pk),
        occasion="release:1",
        now=at,
    )
    shown = text(browser(secretary).get(answer["Location"]))
    assert words in shown
    assert "It has no dates of its own" in shown
    assert "A version was released, Harbor-7B 2.1" in shown
    form = browser(secretary).get(f"{SCHEDULES}{schedule.pk}/edit/").context["form"]
    assert (form.initial["interval"], form.initial["happenings"]) == (
        "none",
        ["version_released", "incident"],
    )
    both = text(browser(secretary).post(SCHEDULES + "preview/", given | {"interval": "weekly"}))
    assert "at 09:00 (Europe/Berlin); and whenever a version is released, or an incident is entered" in both
    changes: tuple[dict[str, Any], ...] = ({"happenings": []}, {"about": "board:1"})
    for change in changes:
        assert browser(secretary).post(NEW, given | change).status_code == 422
    assert Schedule.objects.count() == 1


def test_the_editor_begins_with_the_cadence_that_the_library_suggests(
    secretary: User, browser: Browser, filled: dict[str, Any]
) -> None:
    control = Library.objects.get(code="board-duties").controls.get(number="D09")
    assert control.cadence["every"] == "quarterly"
    assert "?library=board-duties&amp;control=D09" in text(
        browser(secretary).get("/compliance/libraries/board-duties/")
    )
    answer = browser(secretary).get(NEW + "&control=D09&control=X1")
    initial = answer.context["form"].initial
    assert (initial["interval"], initial["controls"]) == ("quarterly", ["D09"])
    assert "What the library suggests" in text(answer)
    assert f"<b>D09</b>: {cadence_in_words(control.cadence)}" in text(answer)
    other = text(browser(secretary).post(SCHEDULES + "preview/", filled | {"controls": ["D10"]}))
    assert "<b>D09</b>" not in other
