"""Attestations and the status list follow what becomes of an approval, whoever or whatever changes it."""

from datetime import date, timedelta
from typing import Any

import pytest

from audit.models import Event
from imprimatur.attestation import reading
from imprimatur.signed import read
from jobs.models import Job
from records.attestation import status
from records.attestation.rows import Attestation, Attested, StandingChange, StatusList
from reviews.models import Condition, Decision
from reviews.services.attesting import ATTEST, attest_approvals, attest_what_is_missing
from reviews.services.conditions import report_condition, verify_condition
from reviews.services.motions import ConditionDraft
from reviews.services.superseding import expire
from reviews.services.suspending import suspend_approval, withdraw_approval
from reviews.services.suspension_voted import lapse
from tests.attesting import listed, said, sealed
from tests.boardrooms import House, a_house, approved, decided, in_review
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def house() -> House:
    return a_house()


def attest(decision: Decision, occasion: str = "approved", now: Any = NOW) -> list[Attested]:
    return attest_approvals(request_id=decision.request_id, occasion=occasion, now=now)


def in_force(house: House, **given: Any) -> Decision:
    decision = sealed(approved(house, in_review(house), **given))
    attest(decision)
    return decision


def asked_for(decision: Decision) -> list[str]:
    found = Job.objects.filter(kind=ATTEST, payload__request=decision.request_id).order_by("id")
    return [job.payload["occasion"] for job in found]


def test_the_last_signature_asks_for_the_attestation(house: House) -> None:
    request = in_review(house)
    decision = decided(house, request)
    assert asked_for(decision) == []
    assert attest(decision) == []
    assert not StatusList.objects.exists()


def test_an_approval_is_attested_once_and_says_what_was_decided(house: House) -> None:
    decision = in_force(house)
    assert asked_for(decision) == ["approved"]
    attest(decision, now=LATER)
    one = Attestation.objects.get()
    predicate = said(one)
    read_again = reading.decision(read(bytes(one.content)).payload)
    assert read_again.manifest_sha256 == decision.manifest_sha256
    assert read_again.valid_from == decision.approved_at
    assert read_again.valid_until == decision.expires_at
    assert (predicate["reference"], predicate["outcome"]) == (decision.request.reference, "approved")
    (votes,) = predicate["votes"]
    assert (votes["for"], votes["against"], votes["abstain"], votes["result"]) == (4, 0, 0, "passed")
    assert predicate["evidence"][0]["contextSha256"] == decision.record.context_sha256  # type: ignore[union-attr]
    assert listed().entries == ()
    assert listed().id == predicate["statusList"]["id"]
    told = read(bytes(one.content)).payload.decode()
    for person in house.people.values():
        assert person.display_name not in told
    assert list(Event.objects.filter(verb="attestation.issued").values_list("object_id", flat=True)) == [
        str(one.pk)
    ]


def test_it_waits_for_the_sealed_record(house: House) -> None:
    decision = approved(house, in_review(house))
    assert attest(decision) == []
    assert not Attestation.objects.exists()
    assert attest_what_is_missing(NOW) == 0
    sealed(decision)
    assert attest_what_is_missing(NOW) == 1
    assert asked_for(decision) == ["approved", "approved"]
    attest(decision)
    assert attest_what_is_missing(NOW) == 0


def test_a_suspension_is_listed_at_once_and_its_lapse_takes_it_off(house: House) -> None:
    decision = in_force(house)
    suspension = suspend_approval(actor=house.sid, decision_id=decision.pk, reason="Leak.", now=LATER)
    attest(decision, "suspended", LATER)
    first = listed()
    assert [(one.state, one.reason, one.since) for one in first.entries] == [
        ("suspended", "suspended_by_person", LATER)
    ]
    end = suspension.ratify_by
    assert lapse(suspension_id=suspension.pk, now=end)
    attest(decision, "lifted", end)
    assert listed().entries == ()
    assert listed().number > first.number
    assert asked_for(decision) == ["approved", "suspended", "lifted"]
    assert list(StandingChange.objects.values_list("standing", flat=True)) == ["valid", "suspended", "valid"]
    assert Attestation.objects.count() == 1  # what was decided is the same


def test_a_withdrawn_approval_stays_listed(house: House) -> None:
    decision = in_force(house)
    suspend_approval(actor=house.sid, decision_id=decision.pk, reason="Leak.", now=LATER)
    withdraw_approval(actor=house.lex, decision_id=decision.pk, reason="For good.", now=LATER)
    attest(decision, "withdrawn", LATER)
    assert [(one.state, one.reason) for one in listed().entries] == [("revoked", "withdrawn")]


def test_the_date_takes_it_onto_the_list_and_a_month_later_off_it(house: House) -> None:
    decision = in_force(house)
    assert decision.expires_at is not None
    assert expire(decision_id=decision.pk, now=decision.expires_at)
    attest(decision, "expired", decision.expires_at)
    assert [(one.state, one.reason) for one in listed().entries] == [("expired", "date_passed")]
    status.sign_status(decision.expires_at + timedelta(days=31))
    assert listed().entries == ()


def test_a_condition_that_is_met_gives_a_new_attestation_and_the_old_one_stays(house: House) -> None:
    draft = ConditionDraft(
        "Name the sources.\n\nEnvironment: staging", house.ravi.pk, date(2026, 12, 31), house.lena.pk, True
    )
    decision = in_force(house, kind="approve_with_conditions", conditions=[draft])
    first = Attestation.objects.get()
    (before,) = said(first)["conditions"]
    assert (before["state"], before["blocksRelease"]) == ("open", True)
    assert before["checks"] == [{"kind": "environment", "oneOf": ["staging"]}]
    report = report_condition(
        actor=house.ravi, condition_id=Condition.objects.get().pk, text="Named.", files=[], now=LATER
    )
    verify_condition(actor=house.lena, report_id=report.pk, accepted=True, verdict="", now=LATER)
    attest(decision, "condition_met", LATER)
    assert asked_for(decision) == ["approved", "condition_met"]
    second = Attestation.objects.get(number=2)
    assert said(second)["conditions"][0]["state"] == "met"
    assert said(second)["id"] == said(first)["id"]


def test_what_ended_before_it_was_attested_is_not_attested(house: House) -> None:
    decision = sealed(approved(house, in_review(house)))
    suspend_approval(actor=house.sid, decision_id=decision.pk, reason="Leak.", now=LATER)
    assert attest(decision, "suspended", LATER) == []
    assert not Attested.objects.exists()


@pytest.mark.parametrize("again", [1, 3])
def test_the_daily_list_has_a_higher_number_and_the_same_name(house: House, again: int) -> None:
    in_force(house)
    names = {listed().id}
    numbers = [listed().number]
    for day in range(1, again + 1):
        at = NOW + timedelta(days=day)
        assert status.plan(at)
        assert not status.plan(at - timedelta(hours=2))
        status.sign_status(at)
        names.add(listed().id)
        numbers.append(listed().number)
    assert len(names) == 1
    assert numbers == sorted(set(numbers))
    assert listed().next_update == NOW + timedelta(days=again, hours=48)


def test_paths_are_left_out_only_where_the_manifest_has_nothing_below_them(
    house: House, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ATTESTATION_IGNORE = [".git/", "config.json", "weights/"]
    decision = sealed(approved(house, in_review(house)))
    names = [line[66:] for line in bytes(decision.request.version.manifest.text).decode().splitlines()]  # type: ignore[union-attr]
    settings.ATTESTATION_IGNORE.append(names[0])
    attest(decision)
    ignored = said(Attestation.objects.get())["ignore"]
    assert ".git/" in ignored
    assert names[0] not in ignored
