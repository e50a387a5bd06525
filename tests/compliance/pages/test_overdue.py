"""With whom each overdue thing is, who was told of it, and which step comes next: on its page and among all."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from compliance.models import Action, Assessment, Finding
from tests.compliance.conftest import NOW, MakePerson
from tests.compliance.pages.conftest import Browser
from tests.reminders.made import run_planner_and_workers


def late(opened: Assessment, owner: User, make_person: MakePerson, days: int) -> datetime:
    """Let so many days pass with beat and workers running, the first and the last of them."""
    owner.line_manager = make_person("Mona Manager", Role.LEGAL)
    owner.save()
    for passed in (4, days):
        run_planner_and_workers(opened.due + timedelta(days=passed))
    return opened.due + timedelta(days=days, hours=1)


def test_each_thing_says_with_whom_it_is_who_was_told_and_which_step_comes_next(
    opened: Assessment, owner: User, secretary: User, outsider: User, make_person: MakePerson, browser: Browser,
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:  # fmt: skip
    now = late(opened, owner, make_person, 5)
    monkeypatch.setattr(timezone, "now", lambda: now)
    client, overdue = browser(secretary), reverse("compliance:overdue")
    client.get(overdue)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        page = client.get(overdue).content.decode()
    assert "line manager, Wed 15 Apr: Mona Manager" in page
    assert "next: board or compliance, Tue 21 Apr" in page
    assert "5 days late" in page
    own = browser(owner).get(reverse("compliance:assessment", args=[opened.pk])).content.decode()
    assert "line manager, Wed 15 Apr: Mona Manager" in own
    assert "next: board or compliance, Tue 21 Apr" in own
    assert "Mona Manager" not in browser(outsider).get(overdue).content.decode()


def test_after_the_last_step_no_next_one_is_promised(
    opened: Assessment, owner: User, secretary: User, make_person: MakePerson, browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    now = late(opened, owner, make_person, 12)
    monkeypatch.setattr(timezone, "now", lambda: now)
    page = browser(secretary).get(reverse("compliance:overdue")).content.decode()
    assert "line manager, Wed 15 Apr: Mona Manager" in page
    assert "compliance, Thu 23 Apr: Elif Bayar, Mona Manager" in page
    assert "next:" not in page


def test_an_action_that_is_late_escalates_like_a_checklist_and_its_finding_says_so(
    readiness: Assessment, owner: User, reviewer: User, secretary: User, make_person: MakePerson, browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    control = readiness.library.controls.first()
    assert control is not None
    finding = Finding.objects.create(
        assessment=readiness,
        control=control,
        severity="high",
        text="No drill.",
        raised_at=NOW,
        raised_by=reviewer,
    )
    Action.objects.create(
        finding=finding,
        text="Hold a drill.",
        owner=owner,
        due=NOW.date(),
        created_at=NOW,
        given_at=NOW,
        created_by=reviewer,
    )
    owner.line_manager = make_person("Mona Manager", Role.LEGAL)
    owner.save()
    now = NOW + timedelta(days=4)
    run_planner_and_workers(now)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=1))
    page = browser(secretary).get(reverse("compliance:overdue")).content.decode()
    assert "1 action is overdue" in page
    assert "Hold a drill." in page
    assert "line manager, Fri 6 Mar: Mona Manager" in page
    shown = browser(owner).get(reverse("compliance:finding", args=[finding.pk])).content.decode()
    assert "line manager, Fri 6 Mar: Mona Manager" in shown
