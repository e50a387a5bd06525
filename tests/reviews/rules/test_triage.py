"""Triage: a change of a rule begins with a row here."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imprimatur.dossier.questionnaire import Given
from reviews.rules.boards_together import BoardKind
from reviews.rules.triage import Facts, Procedure, Reason, TriageReason, propose, scientific
from reviews.rules.triage_rules import SHIPPED

E, L, S = BoardKind.ETHICS, BoardKind.LEGAL, BoardKind.SAFETY
R, P = TriageReason, Procedure


def facts(channel: str = "internal", flop: str | None = None, **answers: str) -> Facts:
    return Facts(Given(answers=dict(answers)), channel, Decimal(flop) if flop else None)


@pytest.mark.parametrize(
    ("looked_at", "tier", "procedure", "boards", "reasons"),
    [
        (facts(), 1, P.EXEMPT, (E,), (R.INTERNAL_ONLY,)),
        (facts(change="first"), 1, P.EXEMPT, (E,), (R.INTERNAL_ONLY,)),
        (facts(change="weights"), 1, P.FULL, (E,), (R.NOTHING_FOUND,)),
        (facts(change="use"), 1, P.FULL, (E,), (R.NOTHING_FOUND,)),
        (facts(personal_data="none"), 1, P.EXEMPT, (E,), (R.INTERNAL_ONLY,)),
        (facts(personal_data="anonymised"), 1, P.EXEMPT, (E,), (R.INTERNAL_ONLY,)),
        (facts(personal_data="pseudonymised"), 2, P.FULL, (E, L), (R.PERSONAL_DATA,)),
        (facts(personal_data="personal"), 2, P.FULL, (E, L), (R.PERSONAL_DATA,)),
        (facts(personal_data="sensitive"), 3, P.FULL, (E, L), (R.SENSITIVE_DATA,)),
        (facts(personal_data="personal", change="minor"), 2, P.EXPEDITED, (E, L), (R.PERSONAL_DATA, R.MINOR_CHANGE)),
        (facts(personal_data="sensitive", change="minor"), 3, P.FULL, (E, L), (R.SENSITIVE_DATA,)),
        (facts("open_weights"), 3, P.FULL, (E, S, L), (R.OPEN_WEIGHTS,)),
        (facts("open_weights", change="minor"), 3, P.FULL, (E, S, L), (R.OPEN_WEIGHTS,)),
        (facts("api"), 2, P.FULL, (E,), (R.EXTERNAL_USERS,)),
        (facts("device", change="minor"), 2, P.EXPEDITED, (E,), (R.EXTERNAL_USERS, R.MINOR_CHANGE)),
        (facts(flop="1e25"), 1, P.EXEMPT, (E,), (R.INTERNAL_ONLY,)),
        (facts(flop="1.0000000001e25"), 4, P.FULL, (E, S, L), (R.ABOVE_SYSTEMIC_RISK,)),
        (facts(minors="excluded"), 1, P.EXEMPT, (E,), (R.INTERNAL_ONLY,)),
        (facts(minors="possible"), 2, P.FULL, (E,), (R.MINORS_POSSIBLE,)),
        (facts(minors="intended"), 3, P.FULL, (E, L), (R.MINORS_INTENDED,)),
        (facts(biometric="categorise"), 3, P.FULL, (E, L), (R.BIOMETRIC_CATEGORISE,)),
        (facts(biometric="identify"), 4, P.FULL, (E, L), (R.BIOMETRIC_IDENTIFY,)),
        (facts(public_opinion="no"), 1, P.EXEMPT, (E,), (R.INTERNAL_ONLY,)),
        (facts(public_opinion="yes"), 4, P.EXPERT, (E, S), (R.PUBLIC_OPINION,)),
        (facts(medical_use="information"), 2, P.FULL, (E,), (R.MEDICAL_INFORMATION,)),
        (facts(medical_use="decisions"), 4, P.FULL, (E, S, L), (R.MEDICAL_DECISIONS,)),
        (facts(autonomy="confirmed"), 2, P.FULL, (S,), (R.AUTONOMY_CONFIRMED,)),
        (facts(autonomy="alone"), 4, P.EXPERT, (E, S), (R.AUTONOMY_ALONE,)),
        (facts(refusals="weaker"), 3, P.FULL, (S,), (R.REFUSALS_WEAKER,)),
        (
            facts("open_weights", "3.1e25", personal_data="sensitive", public_opinion="yes"), 4, P.EXPERT, (E, S, L),
            (R.SENSITIVE_DATA, R.OPEN_WEIGHTS, R.ABOVE_SYSTEMIC_RISK, R.PUBLIC_OPINION),
        ),
    ],
)  # fmt: skip
def test_what_is_proposed_and_why(
    looked_at: Facts,
    tier: int,
    procedure: Procedure,
    boards: tuple[BoardKind, ...],
    reasons: tuple[TriageReason, ...],
) -> None:
    proposal = propose(looked_at)
    assert (proposal.tier, proposal.procedure, proposal.boards) == (tier, procedure, boards)
    assert tuple(reason.code for reason in proposal.reasons) == reasons


def test_the_training_compute_stands_in_its_reason() -> None:
    (reason,) = propose(facts(flop="31000000000000000000000007")).reasons
    assert reason == Reason(TriageReason.ABOVE_SYSTEMIC_RISK, {"flop": "3.1e25", "limit": "1e25"})


@pytest.mark.parametrize(
    ("number", "text"), [("0", "0"), ("1e25", "1e25"), ("4.249e22", "4.25e22"), ("12345", "1.23e4")]
)
def test_large_numbers_are_written_short(number: str, text: str) -> None:
    assert scientific(Decimal(number)) == text


CHOICES = {
    "personal_data": ["none", "personal", "sensitive"], "change": ["first", "minor", "weights", "use"],
    "minors": ["excluded", "possible", "intended"], "biometric": ["none", "categorise", "identify"],
    "public_opinion": ["no", "yes"], "medical_use": ["none", "information", "decisions"],
    "autonomy": ["no", "confirmed", "alone"], "refusals": ["same", "weaker"],
}  # fmt: skip


@given(
    st.fixed_dictionaries({}, optional={key: st.sampled_from(codes) for key, codes in CHOICES.items()}),
    st.sampled_from(["open_weights", "api", "internal", "device"]),
    st.none() | st.decimals(min_value=0, max_value=Decimal("1e27"), allow_nan=False),
)
def test_every_proposal_is_sound(answers: dict[str, str], channel: str, flop: Decimal | None) -> None:
    proposal = propose(Facts(Given(answers=dict(answers)), channel, flop))
    found = [rule for reason in proposal.reasons if (rule := SHIPPED.rule(reason.code))]
    assert proposal.reasons
    assert proposal.boards
    assert proposal.tier == max((finding.tier for finding in found), default=1)
    assert all(finding.boards <= set(proposal.boards) for finding in found)
    if proposal.procedure == Procedure.EXEMPT:
        assert not found
    if proposal.procedure == Procedure.EXPEDITED:
        assert proposal.tier <= 2


@given(st.fixed_dictionaries({}, optional={key: st.sampled_from(codes) for key, codes in CHOICES.items()}))
def test_a_graver_channel_never_lowers_the_tier(answers: dict[str, str]) -> None:
    tiers = [
        propose(Facts(Given(answers=dict(answers)), channel)).tier
        for channel in ("internal", "api", "open_weights")
    ]
    assert tiers == sorted(tiers)
