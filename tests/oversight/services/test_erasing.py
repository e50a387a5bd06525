"""Erasing what the log discloses of a person, and single values."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.signing import Proof
from audit import trail
from audit.log.checking import verify_log
from audit.models import Disclosure, Event
from audit.reconciling.running import reconcile
from audit.refusal import Refused
from audit.telling import tell
from oversight import erasing
from oversight.erasing import Asked, Part
from tests.audit.logs import signed, signer_in
from tests.dossiers import NOW, a_project, person
from tests.proofs import RIGHT, accept_one_proof

pytestmark = [pytest.mark.django_db]
ASKED = Asked("They asked for it (GDPR, Article 17).", RIGHT)
LATER = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def _proof(monkeypatch: pytest.MonkeyPatch) -> None:
    accept_one_proof(monkeypatch)


@pytest.fixture
def ada() -> User:
    return person("Ada Admin", Role.ADMINISTRATOR)


@pytest.fixture
def ravi(ada: User) -> User:
    """Has opened a project, given a reason, been named by Ada in two ways, and been deactivated."""
    ravi = person("Ravi Requester", Role.RESEARCHER)
    project = a_project(ravi, "Harbor", now=NOW)
    given: dict[str, Any] = {"obj": project, "now": NOW}
    trail.record("project.shared", actor=ravi, reason="My own words.", **given)
    trail.record("project.shared", actor=ada, on_behalf_of=ravi, **given)
    trail.record(
        "project.shared", actor=ada, data={"person": str(ravi.pseudonym)}, personal={"person": "Ravi Requester"},
        reason="Ravi Requester wanted it.", **given,
    )  # fmt: skip
    trail.record("person.changed", obj=ravi, actor=ada, now=NOW, personal={"display_name": "Ravi Requester"})
    return ravi


def let_go(user: User, ada: User) -> None:
    user.is_active, user.deactivated_at = False, NOW
    user.save()
    trail.record("person.deactivated", obj=user, actor=ada, now=NOW)


def said() -> str:
    return "\n".join(Disclosure.objects.values_list("value", flat=True))


def test_a_preview_counts_what_is_theirs_and_lists_what_somebody_has_to_look_at(ravi: User) -> None:
    twin = person("Another Ravi", Role.RESEARCHER)
    twin.display_name = ravi.display_name
    twin.save()
    trail.record("project.shared", obj=a_project(twin, "Other", now=NOW), actor=twin, now=NOW)
    traces = erasing.traces_of(ravi)
    found = {part.part: part.values for part in erasing.preview(traces)}
    own = Disclosure.objects.filter(event__actor=str(ravi.pseudonym), path="actor").count()
    assert found[Part.NAME] == own + 2  # on behalf of them, and named
    assert found[Part.WORDS] == 1
    assert found[Part.ACCOUNT] >= 2  # the name, and the fields
    assert [event.reason for event in erasing.doubtful_events(traces)] == ["Ravi Requester wanted it."]


@pytest.mark.both_engines
def test_a_person_is_gone_from_the_log_which_still_verifies_and_is_still_as_the_database(
    ravi: User, ada: User, settings: Any, tmp_path: Path
) -> None:
    signer_in(settings, tmp_path)
    let_go(ravi, ada)
    leaves = dict(Event.objects.values_list("pk", "leaf"))
    before = reconcile().findings
    count = erasing.erase_person(actor=ada, person_id=ravi.pk, parts=list(Part), asked=ASKED, now=LATER)
    ravi.refresh_from_db()
    assert count > 5
    assert said().count("Ravi") == 1  # Ada's words about him, which stay until somebody looked at them
    assert "My own words." not in said()
    assert (ravi.display_name, ravi.email) == (
        f"Former member {str(ravi.pseudonym)[:8]}",
        f"{ravi.pseudonym}@erased.invalid",
    )
    assert all(bytes(Event.objects.get(pk=pk).leaf) == bytes(leaf) for pk, leaf in leaves.items())
    erasure = tell(Event.objects.filter(verb="pii.erased"))
    assert [(event.who, event.reason) for event in erasure] == [("Ada Admin", ASKED.reason)]
    told = tell(Event.objects.filter(actor=str(ravi.pseudonym)))
    assert {event.who for event in told} == {"name erased on 27 Nov 2026"}
    signed(LATER)
    assert verify_log(clock=timezone.now).faults == []
    assert reconcile().findings == before
    assert all(part.values == 0 for part in erasing.preview(erasing.traces_of(ravi)))


def test_the_account_of_somebody_active_is_not_erased_and_nothing_is_half_done(ravi: User, ada: User) -> None:
    before = said()
    with pytest.raises(Refused, match="deactivate"):
        erasing.erase_person(
            actor=ada, person_id=ravi.pk, parts=[Part.NAME, Part.ACCOUNT], asked=ASKED, now=LATER
        )
    assert said() == before
    assert erasing.erase_person(actor=ada, person_id=ravi.pk, parts=[Part.NAME], asked=ASKED, now=LATER)
    assert "My own words." in said()


@pytest.mark.parametrize(
    "asked",
    [
        Asked(" ", RIGHT),
        Asked("why", Proof(password="wrong", code="123456")),
        Asked("why", Proof(password="secret", code="000000")),
    ],
)
def test_nothing_is_erased_without_a_reason_or_a_proof(ravi: User, ada: User, asked: Asked) -> None:
    before, event = said(), Event.objects.get(disclosures__value="My own words.")
    with pytest.raises(Refused):
        erasing.erase_person(actor=ada, person_id=ravi.pk, parts=[Part.WORDS], asked=asked, now=LATER)
    with pytest.raises(Refused):
        erasing.erase_values(actor=ada, event_id=event.pk, paths=["reason"], asked=asked, now=LATER)
    assert set(before.split("\n")) <= set(said().split("\n")), (
        "a wrong answer adds its event and takes nothing"
    )
    assert not Event.objects.filter(verb="pii.erased").exists()


def test_only_administrators_erase_and_nobody_themself(ravi: User, ada: User) -> None:
    event = Event.objects.get(disclosures__value="My own words.")
    auditor = person("Aude Auditor", Role.AUDITOR)
    for actor in (ravi, auditor):
        with pytest.raises(Http404):
            erasing.erase_person(actor=actor, person_id=ada.pk, parts=[Part.NAME], asked=ASKED, now=LATER)
        with pytest.raises(Http404):
            erasing.erase_values(actor=actor, event_id=event.pk, paths=["reason"], asked=ASKED, now=LATER)
    with pytest.raises(Refused):
        erasing.erase_person(actor=ada, person_id=ada.pk, parts=[Part.NAME], asked=ASKED, now=LATER)
    hers = Event.objects.get(disclosures__value="Ravi Requester wanted it.")
    for path in ("actor", "reason"):
        with pytest.raises(Refused):
            erasing.erase_values(actor=ada, event_id=hers.pk, paths=[path], asked=ASKED, now=LATER)
    assert erasing.erase_values(actor=ada, event_id=hers.pk, paths=["person"], asked=ASKED, now=LATER) == 1


def test_single_values_go_and_the_fields_of_people_not_with_them(ravi: User, ada: User) -> None:
    event = Event.objects.get(disclosures__value="My own words.")
    paths = ["reason", "state", "nothing"]
    assert erasing.erase_values(actor=ada, event_id=event.pk, paths=paths, asked=ASKED, now=LATER) == 1
    assert tell([event])[0].reason == "erased on 27 Nov 2026"
    assert tell([event])[0].who == "Ravi Requester"
    erasure = Event.objects.latest("id")
    assert (erasure.root_type, erasure.root_id) == (event.root_type, event.root_id)
    account = Event.objects.filter(disclosures__path="state").latest("id")
    with pytest.raises(Refused):
        erasing.erase_values(actor=ada, event_id=account.pk, paths=["state"], asked=ASKED, now=LATER)
