"""Letters about what becomes of an approval: each act writes its own, by itself, with what it has to say."""

import json
from datetime import timedelta
from typing import Any, cast

import pytest

from records.letter_context import LetterContext
from records.shape import faults
from reviews.models import Decision, Letter
from reviews.services.continuing import open_continuing_review
from reviews.services.incidents import Told, raise_incident
from reviews.services.letters import freeze_letter
from reviews.services.suspending import suspend_approval, withdraw_approval
from reviews.services.suspension_voted import lapse
from reviews.services.withdrawal import withdraw_request
from tests.boardrooms import House, a_house, approved, in_review
from tests.dossiers import NOW, a_draft, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def decision(house: House) -> Decision:
    return approved(house, in_review(house))


def said(kind: str) -> str:
    """Return the words of the one letter of this kind, after its job has run."""
    record = freeze_letter(letter_id=Letter.objects.get(kind=kind).pk, now=NOW).record
    assert record is not None
    context = cast(dict[str, Any], json.loads(bytes(record.context)))
    assert list(faults(context, LetterContext)) == []
    parts = [
        [section["title"], *(piece["text"] for piece in section["pieces"])] for section in context["sections"]
    ]
    whole = "\n".join(part for section in parts for part in section)
    assert "{" not in whole
    return f"{context['standing']}\n{whole}"


def test_a_suspension_and_its_lapse_are_told(house: House, decision: Decision) -> None:
    suspension = suspend_approval(
        actor=house.chloe, decision_id=decision.pk, reason="A leak of **weights**.", now=NOW
    )
    told = said("suspended")
    assert "A leak of **weights**." in told
    assert "Chloe Chair" in told
    assert "The board ratifies the suspension by" in told
    assert "shares no voter" in told
    assert not Letter.objects.filter(kind="lapsed").exists()
    lapse(suspension_id=suspension.pk, now=suspension.ratify_by + timedelta(minutes=1))
    assert "the suspension has lapsed" in said("lapsed")
    assert not Letter.objects.filter(kind="lifted").exists()


def test_the_withdrawal_of_an_approval_is_told_with_its_reason(house: House, decision: Decision) -> None:
    suspend_approval(actor=house.chloe, decision_id=decision.pk, reason="A leak.", now=NOW)
    withdraw_approval(actor=house.lex, decision_id=decision.pk, reason="It can't be mended.", now=NOW)
    told = said("withdrawn")
    assert "It can't be mended." in told
    assert "by Lex Legal" in told


def test_a_withdrawn_request_has_a_letter_and_a_draft_that_nobody_saw_has_none(house: House) -> None:
    request = in_review(house)
    withdraw_request(actor=house.ravi, request_id=request.pk, now=NOW)
    told = said("withdrawn")
    assert "by Ravi Requester" in told
    assert "Reasons" not in told, "none was given"
    draft = a_draft(house.ravi, a_version(house.ravi, number="9.9"))
    withdraw_request(actor=house.ravi, request_id=draft.pk, now=NOW)
    assert not Letter.objects.filter(request=draft).exists()


def test_a_continuing_review_is_announced(house: House, decision: Decision) -> None:
    due = NOW.date() + timedelta(days=20)
    Decision.objects.filter(pk=decision.pk).update(next_review=due)
    assert open_continuing_review(decision_id=decision.pk, now=NOW)
    assert "is due by 14\xa0December\xa02026" in said("review_due")
    assert "The approval itself ends on" in said("review_due")


def test_a_report_of_an_incident_is_confirmed_to_who_holds_the_approval(
    house: House, decision: Decision
) -> None:
    raise_incident(
        actor=house.ravi, told=Told("It gave *wrong* berths.", harm="A ship touched ground."), happened_at=NOW,
        aware_at=NOW, now=NOW, version_id=decision.request.version_id,
    )  # fmt: skip
    told = said("incident")
    assert "It gave *wrong* berths." in told
    assert "A ship touched ground." in told
    assert "not graded yet, so the shortest time runs" in told
    assert "Report due by 26\xa0November\xa02026" in told
