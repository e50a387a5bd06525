"""Legal staff and then the chair sign the frozen record, or refuse."""

import json
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts import totp
from accounts.roles import Role
from accounts.signing import Proof
from audit.refusal import IllegalTransition, Refused
from records.canonical import digest
from records.models import Record
from reviews.models import Decision, Signature
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.services.signing import refuse_to_sign, sign_decision
from tests.boardrooms import House, a_ballot, a_house, all_vote, decided, in_review, sign, verbs_about
from tests.dossiers import NOW, PASSWORD, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def decision(house: House) -> Decision:
    return decided(house, in_review(house))


def test_after_both_signatures_the_approval_is_in_force_and_its_record_goes_to_the_seal(
    house: House, decision: Decision
) -> None:
    sign(house, decision, "legal", "lex")
    decision.request.refresh_from_db()
    assert decision.request.state == RequestState.DECIDED, "one signature approves nothing"
    assert decision.record is not None
    assert decision.record.state == "frozen"
    sign(house, decision, "chair", "chloe")
    decision.refresh_from_db()
    decision.request.refresh_from_db()
    assert (decision.status, decision.request.state) == ("in_force", RequestState.APPROVED)
    record = Record.objects.get(pk=decision.record.pk)
    lines = json.loads(bytes(record.signatures))
    assert [line["name"] for line in lines] == ["Lex Legal", "Chloe Chair"]
    assert record.state == "sealing"
    assert verbs_about(decision.request).count("decision.signed") == 2
    assert verbs_about(decision.request).count("request.approved") == 1


def test_what_is_signed_is_a_statement_about_the_hash_of_the_frozen_record(
    house: House, decision: Decision
) -> None:
    sign(house, decision, "legal", "lex")
    signature = Signature.objects.get()
    statement = json.loads(bytes(signature.statement))
    assert digest(bytes(signature.statement)) == signature.statement_sha256
    assert decision.record is not None
    assert statement["record_sha256"] == decision.record.context_sha256
    assert statement["meaning"] == signature.meaning != ""
    assert statement["nonce"] == signature.nonce
    assert statement["signer"] == str(house.lex.pseudonym)
    assert statement["time"] == "2026-11-24T09:00:00.000000Z"


def test_the_chair_signs_after_legal_staff_not_before(house: House, decision: Decision) -> None:
    with pytest.raises(Refused, match="Legal staff sign first"):
        sign(house, decision, "chair", "chloe")
    assert not Signature.objects.exists()


def test_the_chair_can_not_be_the_legal_signer_too(house: House, decision: Decision) -> None:
    house.chloe.groups.add(house.lex.groups.get())
    house.chloe.__dict__.pop("_roles", None)
    with pytest.raises(PermissionDenied):
        sign(house, decision, "legal", "chloe")
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("name", "role"), [("milo", "chair"), ("rex", "chair"), ("sid", "legal"), ("ravi", "chair")]
)
def test_nobody_else_signs(house: House, decision: Decision, name: str, role: str) -> None:
    with pytest.raises(PermissionDenied):
        sign(house, decision, role, name)
    with pytest.raises(Http404):
        sign(house, decision, role, "ugo")
    assert not Signature.objects.exists()


def test_a_contributor_with_the_role_of_legal_staff_does_not_sign(house: House, decision: Decision) -> None:
    colleague = person("Nora Near", Role.LEGAL)
    decision.request.parts.create(person=colleague, added_at=NOW, added_by=house.ravi)
    house.people["nora"] = colleague
    with pytest.raises(PermissionDenied):
        sign(house, decision, "legal", "nora")
    assert not Signature.objects.exists()


def test_password_and_code_are_asked_again_and_a_wrong_one_signs_nothing(
    house: House, decision: Decision
) -> None:
    shown = totp.next_code(house.lex, NOW)
    assert shown is not None
    assert decision.record is not None
    given: dict[str, Any] = {
        "actor": house.lex, "decision_id": decision.pk, "role": "legal", "now": NOW,
        "record_sha256": decision.record.context_sha256,
    }  # fmt: skip
    with pytest.raises(Refused):
        sign_decision(**given, proof=Proof(password="wrong", code=shown.code))
    with pytest.raises(Refused):
        sign_decision(**given, proof=Proof(password=PASSWORD, code="000000"))
    with pytest.raises(Refused, match="another one"):
        sign_decision(**{**given, "record_sha256": "0" * 64}, proof=Proof(password=PASSWORD, code=shown.code))
    assert not Signature.objects.exists()
    assert "decision.signed" not in verbs_about(decision.request)


def test_signing_twice_gives_the_one_signature(house: House, decision: Decision) -> None:
    sign(house, decision, "legal", "lex")
    sign(house, decision, "legal", "lex", code="000000")
    assert Signature.objects.count() == 1


def test_a_refusal_has_its_sealed_record_and_the_boards_deliberate_again(
    house: House, decision: Decision
) -> None:
    with pytest.raises(Refused):
        refuse_to_sign(actor=house.lex, decision_id=decision.pk, role="legal", reason=" ", now=NOW)
    refusal = refuse_to_sign(
        actor=house.lex, decision_id=decision.pk, role="legal", reason="The licence is unclear.", now=NOW
    )
    decision.refresh_from_db()
    request = decision.request
    request.refresh_from_db()
    assert (decision.outcome, decision.status, request.state) == (
        "refused",
        "refused",
        RequestState.IN_REVIEW,
    )
    assert refusal.record is not None
    context = json.loads(bytes(refusal.record.context))
    assert refusal.record.state == "sealing"
    assert context["decision"]["outcome"] == "refused"
    assert context["decision"]["refusal"]["reason"] == "The licence is unclear."
    assert context["decision"]["valid_until"] is None
    review = house.ethics_review(request)
    assert (review.state, review.passed) == (ReviewState.DELIBERATING, "")
    with pytest.raises(IllegalTransition):
        sign(house, decision, "legal", "lex")
    assert not Signature.objects.exists()
    assert decision.record is not None
    assert Record.objects.get(pk=decision.record.pk).state == "frozen", "what nobody signed is never sealed"


def test_after_a_refusal_a_new_motion_leads_to_a_new_decision(house: House, decision: Decision) -> None:
    refuse_to_sign(actor=house.lex, decision_id=decision.pk, role="legal", reason="Unclear.", now=NOW)
    all_vote(house, a_ballot(house, house.ethics_review(decision.request)))
    second = Decision.objects.get(number=2)
    assert second.status == "to_sign"
    sign(house, second, "legal", "lex")
    sign(house, second, "chair", "chloe")
    second.refresh_from_db()
    assert second.status == "in_force"


def test_where_the_chair_has_to_keep_out_whoever_has_sat_longest_signs(house: House) -> None:
    contributor = person("Nora Near", line_manager=house.chloe)
    request = in_review(house)
    request.parts.create(person=contributor, added_at=NOW, added_by=house.ravi)
    ballot = a_ballot(house, house.ethics_review(request))
    decision = Decision.objects.get(request=all_vote(house, ballot, names=("milo", "mara", "lena")).request)
    TOTP.activate(house.milo, generate_totp_secret())
    sign(house, decision, "legal", "lex")
    with pytest.raises(PermissionDenied):
        sign(house, decision, "chair", "chloe")
    sign(house, decision, "chair", "milo")
    decision.refresh_from_db()
    assert decision.status == "in_force"
