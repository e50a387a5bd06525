"""A policy may ask for accepted checklists before a ballot to approve opens."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from audit.refusal import Refused
from compliance import gates
from compliance.gates import GateCheck
from reviews.models import Ballot
from reviews.services.release import missing_checklists, record_release
from tests.boardrooms import POLICY, House, a_ballot, a_house, approved, in_review
from tests.dossiers import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_house({**POLICY, "gates": ["release-readiness"]})


def say(monkeypatch: pytest.MonkeyPatch, *, met: bool) -> None:
    def readiness(_version: int, codes: Sequence[str], _now: datetime) -> list[GateCheck]:
        return [
            GateCheck(code, "Release readiness", met, NOW if met else None, "Lex", "", "") for code in codes
        ]

    monkeypatch.setattr(gates, "readiness", readiness)


def test_no_ballot_to_approve_opens_before_the_checklist_is_accepted(house: House) -> None:
    review = house.ethics_review(in_review(house))
    with pytest.raises(Refused, match="release-readiness"):
        a_ballot(house, review)
    assert not Ballot.objects.exists()


def test_a_motion_to_return_needs_no_checklist(house: House) -> None:
    assert a_ballot(house, house.ethics_review(in_review(house)), "return").state == "open"


def test_the_record_says_which_checklists_were_accepted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, met=True)
    decision = approved(house, in_review(house))
    assert decision.record is not None
    assert b'"checks":[{"accepted_at":"2026-11-24T09:00:00.000000Z"' in bytes(decision.record.context)


def test_a_release_asks_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    say(monkeypatch, met=True)
    decision = approved(house, in_review(house))
    say(monkeypatch, met=False)
    assert missing_checklists(decision, NOW) == ["Release readiness"]
    with pytest.raises(Refused, match="Release readiness"):
        record_release(
            actor=house.rita,
            decision_id=decision.pk,
            manifest_sha256=decision.manifest_sha256,
            where="",
            now=NOW,
        )
