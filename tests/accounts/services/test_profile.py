"""What is known about a person changes with one event."""

import pytest
from django.http import Http404

from accounts.models import ReminderMode, User
from accounts.services.profile import change_person, change_profile
from audit.refusal import Refused
from tests.accounts.conftest import NOW, events_of, last_event


def test_a_change_is_one_event_with_old_and_new_values(member: User) -> None:
    values = {"time_zone": "Asia/Shanghai", "reminder_mode": ReminderMode.DAILY, "language": "en"}
    assert change_profile(actor=member, values=values, now=NOW)
    member.refresh_from_db()
    assert (member.time_zone, member.digest) == ("Asia/Shanghai", "daily")
    assert events_of(member) == ["person.profile_changed"]
    assert last_event(member)["data"] == {
        "reminder_mode": {"old": "single", "new": "daily"}, "time_zone": {"old": "UTC", "new": "Asia/Shanghai"},
    }  # fmt: skip


def test_names_stand_in_the_event_only_where_they_can_be_erased(member: User, legal: User) -> None:
    change_profile(actor=member, values={"display_name": "Hanna L.", "deputy": legal}, now=NOW)
    leaf = last_event(member)
    assert leaf["data"] == {}
    assert {"display_name", "deputy"} <= leaf["personal"].keys()
    assert "Hanna" not in str(leaf)


def test_nothing_different_is_no_event(member: User) -> None:
    assert not change_profile(actor=member, values={"language": "en"}, now=NOW)
    assert events_of(member) == []


def test_nobody_changes_by_the_profile_what_an_administrator_sets(member: User, legal: User) -> None:
    assert not change_profile(
        actor=member, values={"line_manager": legal, "is_active": False, "email": "x@y.zz"}, now=NOW
    )
    member.refresh_from_db()
    assert member.line_manager is None
    assert member.email == "hanna.lindqvist@example.org"


def test_nobody_is_their_own_deputy_or_line_manager(administrator: User, member: User) -> None:
    with pytest.raises(Refused, match="own deputy"):
        change_profile(actor=member, values={"deputy": member}, now=NOW)
    with pytest.raises(Refused, match="own line manager"):
        change_person(actor=administrator, person_id=member.pk, values={"line_manager": member}, now=NOW)
    assert events_of(member) == []


def test_only_administrators_change_others(member: User, legal: User) -> None:
    with pytest.raises(Http404):
        change_person(actor=member, person_id=legal.pk, values={"display_name": "X"}, now=NOW)
