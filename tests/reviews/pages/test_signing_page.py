"""Signing: the whole digest, password and code; or refusing with a reason."""

from typing import Any

import pytest
from django.utils import timezone

from accounts import totp
from records.models import Certificate, RevocationReason
from records.seal.people import certificate_of
from reviews.models import Decision, Signature
from reviews.rules.lifecycle import RequestState
from tests.boardrooms import House, a_house, decided, in_review
from tests.dossiers import PASSWORD

from .visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def proof(house: House, name: str, decision: Decision, **more: str) -> dict[str, str]:
    shown = totp.next_code(house.people[name], timezone.now())
    assert shown is not None
    assert decision.record is not None
    return {
        "read": "on", "record_sha256": decision.record.context_sha256, "password": PASSWORD, "code": shown.code, **more
    }  # fmt: skip


def test_legal_and_chair_sign_under_the_whole_digest_in_this_order(house: House) -> None:
    request = in_review(house)
    decision = decided(house, request)
    assert decision.record is not None
    path = f"/requests/{request.reference}/sign/"
    assert "Legal staff sign first. Then you can." in words(get(house, "chloe", path))
    html = get(house, "lex", path)
    digest = decision.record.context_sha256
    assert " ".join(digest[at : at + 4] for at in range(0, 64, 4)) in words(html)
    assert "Legal review: the decision may be issued as written." in words(html)
    counted = (
        "Ethics board : 5 seats, 1 recused, 4 present of 3 needed, 4 of 4 for, more than half needed: passed."
    )
    assert counted in words(html)
    post(house, "lex", path, proof(house, "lex", decision))
    assert "I confirm that 1 of 1 boards passed it" in words(get(house, "chloe", path))
    assert 'type="password"' in get(house, "chloe", path)
    post(house, "chloe", path, proof(house, "chloe", decision))
    request.refresh_from_db()
    assert request.state == RequestState.APPROVED
    assert list(Signature.objects.order_by("id").values_list("role", flat=True)) == ["legal", "chair"]
    get(house, "lex", path, 302)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "wrong"}, "The password is not right."),
        ({"code": "000000"}, "The six digits are not right."),
        ({"record_sha256": "0" * 64}, "The record is another one than you were shown."),
        ({"read": ""}, "This field is required."),
    ],
)
def test_without_all_of_it_nothing_is_signed(house: House, wrong: dict[str, str], sentence: str) -> None:
    request = in_review(house)
    decision = decided(house, request)
    path = f"/requests/{request.reference}/sign/"
    response = post(house, "lex", path, proof(house, "lex", decision, **wrong), 422)
    assert sentence in words(response.content.decode())
    assert PASSWORD not in response.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"), [("milo", 403), ("ravi", 403), ("rex", 403), ("sena", 403), ("ugo", 404)]
)
def test_others_read_why_they_do_not_sign_and_can_not(house: House, name: str, status: int) -> None:
    request = in_review(house)
    decision = decided(house, request)
    path = f"/requests/{request.reference}/sign/"
    html = get(house, name, path, 404 if status == 404 else 200)
    assert 'type="password"' not in html
    assert decision.record is not None
    data = {
        "read": "on",
        "record_sha256": decision.record.context_sha256,
        "password": PASSWORD,
        "code": "123456",
    }
    post(house, name, path, data, status)
    post(house, name, f"{path}refuse/", {"reason": "No."}, status)
    assert not Signature.objects.exists()


def test_a_refusal_needs_a_reason_and_sends_the_request_back_to_the_boards(house: House) -> None:
    request = in_review(house)
    decided(house, request)
    path = f"/requests/{request.reference}/sign/refuse/"
    get(house, "lex", path, 405)
    post(house, "lex", path, {"reason": " "}, 422)
    post(house, "lex", path, {"reason": "The licence of one source is unclear."})
    request.refresh_from_db()
    assert request.state == RequestState.IN_REVIEW
    front = words(get(house, "chloe", f"/requests/{request.reference}/"))
    assert "The licence of one source is unclear." in front


def test_the_page_takes_at_most_seventeen_queries(house: House, django_assert_max_num_queries: Any) -> None:
    request = in_review(house)
    decided(house, request)
    for name in ("lex", "chloe", "milo"):
        client = client_of(house, name)
        with django_assert_max_num_queries(17):
            assert client.get(f"/requests/{request.reference}/sign/").status_code == 200


def test_who_can_not_sign_because_of_a_revoked_certificate_can_still_refuse(house: House) -> None:
    request, now = in_review(house), timezone.now()
    decided(house, request)
    row = certificate_of(house.people["lex"], now)
    Certificate.objects.filter(pk=row.pk).update(revoked_at=now, revocation=RevocationReason.KEY_COMPROMISE)
    path = f"/requests/{request.reference}/sign/"
    html = get(house, "lex", path)
    assert "was revoked" in words(html)
    assert 'type="password"' not in html
    post(house, "lex", f"/requests/{request.reference}/sign/refuse/", {"reason": "Condition 1 names nobody."})
    request.refresh_from_db()
    assert request.state == RequestState.IN_REVIEW
