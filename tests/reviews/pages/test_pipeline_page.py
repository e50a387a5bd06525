"""The page for those who build release pipelines: state, files and command of an approval, for who reads its record."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from reviews.models import ReviewRequest
from reviews.services.attesting import attest_approvals
from reviews.services.motions import ConditionDraft
from reviews.services.suspending import suspend_approval
from tests.attesting import sealed
from tests.boardrooms import House, a_house, approved, decided, in_review, sign
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def seen(house: House, name: str, request: ReviewRequest) -> Any:
    client = Client()
    client.force_login(house.people[name])
    return client.get(f"/requests/{request.reference}/pipeline/")


def attested(house: House, **given: Any) -> ReviewRequest:
    decision = sealed(approved(house, in_review(house), **given))
    attest_approvals(request_id=decision.request_id, occasion="approved", now=NOW)
    return decision.request


def test_it_has_the_files_and_the_command(house: House) -> None:
    request = attested(house)
    text = seen(house, "ravi", request).content.decode()
    assert "A pipeline may release exactly what was approved" in text
    assert f"imprimatur gate model/ --decision {request.reference}.jsonl" in text
    assert "Authorization: Bearer $IMPRIMATUR_TOKEN" in text
    assert "--environment" not in text


def test_handed_out_to_everybody_it_asks_for_no_token(house: House, settings: Any) -> None:
    settings.ATTESTATIONS_PUBLIC = True
    assert "IMPRIMATUR_TOKEN" not in seen(house, "rita", attested(house)).content.decode()


def test_conditions_that_hold_it_back_and_environments_are_named(house: House) -> None:
    draft = ConditionDraft(
        "Name the sources.\n\nEnvironment: staging", house.ravi.pk, date(2026, 12, 31), house.lena.pk, True
    )
    text = seen(
        house, "ravi", attested(house, kind="approve_with_conditions", conditions=[draft])
    ).content.decode()
    assert "A pipeline may not release it yet" in text
    assert "--environment staging" in text
    assert "may release exactly" not in text


def test_a_suspension_stands_in_words_and_in_the_picture(house: House) -> None:
    request = attested(house)
    decision = request.decisions.get()
    suspend_approval(actor=house.sid, decision_id=decision.pk, reason="Leak.", now=NOW + timedelta(days=40))
    attest_approvals(request_id=request.pk, occasion="suspended", now=NOW + timedelta(days=40))
    text = seen(house, "ravi", request).content.decode()
    assert "A pipeline may not release it since" in text
    assert 'class="running"' in text
    assert 'class="paused"' in text


def test_before_the_record_is_sealed_it_says_what_it_waits_for(house: House) -> None:
    request = approved(house, in_review(house)).request
    assert "The attestation is still to come." in seen(house, "ravi", request).content.decode()


def test_outsiders_and_recused_find_nothing_and_nobody_before_the_approval(house: House) -> None:
    request = in_review(house)
    decision = decided(house, request)
    assert seen(house, "ravi", request).status_code == 404
    sign(house, decision, "legal", "lex")
    sign(house, decision, "chair", "chloe")
    sealed(decision)
    attest_approvals(request_id=request.pk, occasion="approved", now=NOW)
    assert [seen(house, name, request).status_code for name in ("ravi", "rex", "ugo")] == [200, 404, 404]
