"""People by calls: invited one by one or all at once, changed, found; to nobody but administrators do they exist."""

from typing import Any

import pytest

from accounts.models import Invitation, User
from accounts.rules.scopes import FOR_ADMINISTRATORS
from audit.models import Event
from jobs.models import Job
from tests.accounts.conftest import MakePerson
from tests.calling import Caller, as_, problem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.queue.send", lambda _job_id: True)


@pytest.fixture
def call(administrator: User) -> Caller:
    return as_(administrator, *FOR_ADMINISTRATORS)


def test_many_are_invited_at_once_or_nobody(call: Caller, member: User) -> None:
    guests: list[dict[str, Any]] = [
        {"email": "mei@example.org", "name": "Mei Lin", "language": "zh-hans", "time_zone": "Asia/Shanghai"},
        {"email": "jo@example.org", "roles": ["legal"], "line_manager": member.pk},
    ]
    wrong = problem(
        call("POST", "/invitations", {"people": [*guests, {"email": member.email}]}), 422, "invalid"
    )
    assert wrong["errors"][0]["pointer"] == "#/people/2/email"
    for change in ({"time_zone": "Mars/Olympus"}, {"line_manager": 999}, {"language": "fr"}):
        problem(call("POST", "/invitations", {"people": [guests[0] | change]}), 422, "invalid")
    problem(call("POST", "/invitations", {"people": [guests[0], guests[0]]}), 422, "refused")
    assert not Invitation.objects.exists()
    made = call.post("/invitations", {"people": guests}, idempotency_key="1")["people"]
    mei = User.objects.get(pk=made[0]["id"])
    assert (mei.language, mei.time_zone, mei.display_name) == ("zh-hans", "Asia/Shanghai", "Mei Lin")
    assert User.objects.get(pk=made[1]["id"]).line_manager == member
    assert Job.objects.filter(kind="accounts.invitation_mail").count() == 2
    call.post(f"/people/{mei.pk}/invitation")
    assert Invitation.objects.filter(person=mei, withdrawn_at=None).count() == 1
    problem(call("POST", f"/people/{member.pk}/invitation"), 409, "wrong-state")
    assert [one["id"] for one in call.get("/people?state=invited&text=mei")["items"]] == [mei.pk]
    assert call.get("/people?state=deactivated")["items"] == []


def test_a_person_is_changed_and_their_sessions_end(
    call: Caller, member: User, administrator: User, make_person: MakePerson
) -> None:
    boss, path = make_person("Bo Boss"), f"/people/{member.pk}"
    body = {"name": "Hanna Berg", "line_manager": boss.pk, "deputy": None, "team": "Translation"}
    told = call.put(path, body)
    assert (told["name"], told["line_manager"]["id"], told["team"]) == ("Hanna Berg", boss.pk, "Translation")
    assert call.put(path, body) == told
    assert Event.objects.filter(verb="person.changed").count() == 1
    problem(call("PUT", path, body | {"deputy": member.pk}), 422, "refused")
    problem(call("PUT", path, body | {"deputy": 999}), 422, "invalid")
    problem(call("PUT", path, {"name": "Hanna Berg"}), 422, "invalid")
    assert call.post(f"{path}/sessions/ending") == {"count": 0}
    assert call.post("/test-mail") == {"email": administrator.email}
    assert Job.objects.filter(kind="accounts.test_mail").count() == 1


def test_who_no_longer_administers_changes_nobody(call: Caller, member: User, administrator: User) -> None:
    administrator.groups.clear()
    body = {"name": "Nobody", "line_manager": None, "deputy": None}
    for method, path, sent in (
        ("PUT", f"/people/{member.pk}", body), ("POST", f"/people/{member.pk}/sessions/ending", None),
        ("POST", f"/people/{member.pk}/invitation", None), ("POST", "/test-mail", None),
        ("POST", "/invitations", {"people": [{"email": "mei@example.org"}]}), ("GET", "/people?text=hanna", None),
    ):  # fmt: skip
        problem(call(method, path, sent), 404, "not-found")
    assert User.objects.get(pk=member.pk).display_name == member.display_name
    assert not Job.objects.exists()
