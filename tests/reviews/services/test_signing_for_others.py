"""Who signs for whom: deputies of legal staff, and of a chair who is away."""

import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import PermissionDenied

from accounts.roles import Role
from audit.refusal import Refused
from reviews.models import BoardReview, Signature
from reviews.permissions.signing import signs_on_behalf_of
from reviews.services.interests import recuse
from reviews.services.signing import refuse_to_sign, signature_line
from tests.boardrooms import House, decided, in_review, sign
from tests.dossiers import NOW, person
from tests.standing_in import a_house_with_alternates, acted, away, decision_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    """The house with two alternates on its ethics board."""
    return a_house_with_alternates()


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house))


@pytest.fixture
def lawyers(house: House) -> House:
    """The house with a second one of the legal staff, who can sign."""
    house.people["lia"] = person("Lia Legal", Role.LEGAL)
    TOTP.activate(house.lia, generate_totp_secret())
    return house


@pytest.mark.both_engines
def test_a_deputy_signs_for_legal_staff_who_are_away_and_every_trace_keeps_both_names(
    lawyers: House, review: BoardReview
) -> None:
    away(lawyers, "lex", "lia", board=None)
    decision = decided(lawyers, review.request, sitting={})
    sign(lawyers, decision, "legal", "lia")
    signature = Signature.objects.get(decision=decision)
    assert (signature.name, signature.on_behalf_of, signature.on_behalf_of_name) == (
        "Lia Legal", lawyers.lex, "Lex Legal",
    )  # fmt: skip
    statement = json.loads(bytes(signature.statement))
    assert statement["on_behalf_of_name"] == "Lex Legal"
    assert statement["on_behalf_of"] == str(lawyers.lex.pseudonym)
    assert signature_line(signature)["on_behalf_of"] == "Lex Legal"
    assert acted("decision.signed") == (str(lawyers.lia.pseudonym), str(lawyers.lex.pseudonym))
    sign(lawyers, decision, "chair", "chloe")
    chair = Signature.objects.get(decision=decision, role="chair")
    assert (chair.on_behalf_of, chair.on_behalf_of_name) == (None, "")


def test_nobody_signs_for_legal_staff_who_have_a_part_or_are_back(
    lawyers: House, review: BoardReview
) -> None:
    made = away(lawyers, "lex", "lia", board=None)
    decision = decided(lawyers, review.request, sitting={})
    assert signs_on_behalf_of(lawyers.lia, decision, "legal", NOW) == lawyers.lex
    assert signs_on_behalf_of(lawyers.lia, decision, "legal", made.until) is None
    recuse(actor=lawyers.lex, request_id=decision.request_id, kind="personal", reason="A cousin.", now=NOW)
    decision = decision_of(review)
    assert signs_on_behalf_of(lawyers.lia, decision, "legal", NOW) is None
    sign(lawyers, decision, "legal", "lia")
    assert Signature.objects.get(decision=decision).on_behalf_of is None


def test_signing_is_delegated_between_legal_staff_only(lawyers: House) -> None:
    for giver, deputy in (("lex", "chloe"), ("chloe", "lex"), ("lex", "ada")):
        with pytest.raises(Refused):
            away(lawyers, giver, deputy, board=None)
    away(lawyers, "lex", "lia", board=None)
    with pytest.raises(Refused):
        away(lawyers, "lia", "lex", board=None)


def test_a_refusal_for_somebody_keeps_both_names_too(lawyers: House, review: BoardReview) -> None:
    away(lawyers, "lex", "lia", board=None)
    decision = decided(lawyers, review.request, sitting={})
    refusal = refuse_to_sign(
        actor=lawyers.lia, decision_id=decision.pk, role="legal", reason="Not as written.", now=NOW
    )
    assert (refusal.name, refusal.on_behalf_of_name) == ("Lia Legal", "Lex Legal")
    assert acted("decision.refused") == (str(lawyers.lia.pseudonym), str(lawyers.lex.pseudonym))


def test_while_the_chair_is_away_their_deputy_with_a_full_seat_signs_for_them(
    house: House, review: BoardReview
) -> None:
    house.chloe.deputy = house.mara
    house.chloe.save()
    TOTP.activate(house.mara, generate_totp_secret())
    decision = decided(house, review.request, sitting={})
    sign(house, decision, "legal", "lex")
    away(house, "chloe", "alma")
    with pytest.raises(PermissionDenied):
        sign(house, decision, "chair", "chloe")
    sign(house, decision, "chair", "mara")
    assert Signature.objects.get(role="chair").on_behalf_of == house.chloe
