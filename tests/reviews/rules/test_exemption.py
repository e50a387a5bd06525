"""What an exemption needs, and where a doubt leads."""

import pytest

from reviews.rules.exemption import ExemptionGround, may_lead_to, missing_grounds
from reviews.rules.triage import Procedure


def test_an_exemption_needs_all_its_grounds() -> None:
    assert missing_grounds(list(ExemptionGround)) == ()
    assert missing_grounds(["internal", "no_personal_data", "no_external_users"]) == (
        ExemptionGround.NO_CHANGE_OF_WEIGHTS,
    )
    assert missing_grounds(None) == tuple(ExemptionGround)
    assert missing_grounds("internal") == tuple(ExemptionGround)


@pytest.mark.parametrize(
    ("before", "after"), [("exempt", "expedited"), ("exempt", "full"), ("expedited", "full")]
)
def test_a_doubt_leads_to_a_stricter_procedure(before: str, after: str) -> None:
    assert may_lead_to(before, after)
    assert not may_lead_to(after, before)


@pytest.mark.parametrize("before", ["full", "emergency", "expert", ""])
def test_no_doubt_leads_away_from_a_full_review(before: str) -> None:
    assert not any(may_lead_to(before, after) for after in Procedure)
