"""Certificates by calls: administrators see all, issue and revoke; everybody reads their own, and nobody another's."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.rules.scopes import FOR_ADMINISTRATORS
from audit.models import Event
from records.models import Certificate
from records.seal.credentials import person_at
from tests.calling import Caller, as_, problem
from tests.dossiers import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(db: None) -> Caller:
    ada = person("Ada Admin", Role.ADMINISTRATOR)
    TOTP.activate(ada, generate_totp_secret())
    return as_(ada, *FOR_ADMINISTRATORS)


@pytest.fixture
def signer(reader: User) -> User:
    person_at(reader, timezone.now())
    return reader


def test_a_person_reads_their_own_certificate_and_no_other(
    signer: User, outsider: User, call: Caller
) -> None:
    mine, stranger = as_(signer), as_(outsider)
    own = mine.get("/me/certificate")
    assert (own["person"]["id"], own["standing"], own["purpose"]) == (signer.pk, "in_use", "person")
    chain = mine("GET", "/me/certificate/chain")
    assert chain.content.decode().count("BEGIN CERTIFICATE") == 3
    problem(stranger("GET", "/me/certificate"), 404, "not-found")
    problem(stranger("GET", "/me/certificate/chain"), 404, "not-found")
    problem(mine("GET", f"/certificates/{own['sha256']}"), 403, "missing-scope")
    assert call("GET", f"/certificates/{own['sha256']}/chain").content == chain.content
    problem(call("GET", f"/certificates/{'0' * 64}"), 404, "not-found")
    problem(call("GET", "/certificates/x"), 404, "not-found")


def test_administrators_revoke_and_issue_with_a_reason(
    signer: User, call: Caller, django_assert_max_num_queries: Any
) -> None:
    old = call.get("/certificates?purpose=person")["items"][0]
    path = f"/certificates/{old['sha256']}/revocation"
    problem(call("POST", path, {"reason": "keyCompromise", "note": " "}), 422, "invalid")
    problem(call("POST", path, {"reason": "lost", "note": "Stolen."}), 422, "invalid")
    revoked = call.post(path, {"reason": "keyCompromise", "note": "Stolen."}, idempotency_key="1")
    assert (revoked["standing"], revoked["revocation"]) == ("revoked", "keyCompromise")
    problem(call("POST", path, {"reason": "keyCompromise", "note": "Stolen."}), 409, "wrong-state")
    root = Certificate.objects.get(purpose="root").sha256
    problem(
        call("POST", f"/certificates/{root}/revocation", {"reason": "superseded", "note": "x"}),
        422,
        "refused",
    )
    made = call.post(f"/people/{signer.pk}/certificates")
    assert made["standing"] == "in_use"
    assert made["sha256"] != old["sha256"]
    assert as_(signer).get("/me/certificate")["sha256"] == made["sha256"]
    assert Event.objects.filter(verb="certificate.revoked").count() == 1
    with django_assert_max_num_queries(9):
        assert len(call.get("/certificates?purpose=person&name=reader&old=true")["items"]) == 2
    assert call.get("/certificates?name=nobody")["items"] == []


def test_who_no_longer_administers_is_told_nothing(signer: User, call: Caller) -> None:
    sha256 = Certificate.objects.get(person=signer).sha256
    User.objects.get(display_name="Ada Admin").groups.clear()
    problem(call("GET", "/certificates"), 404, "not-found")
    problem(call("GET", f"/certificates/{sha256}"), 404, "not-found")
    problem(call("POST", f"/people/{signer.pk}/certificates"), 404, "not-found")
    problem(
        call("POST", f"/certificates/{sha256}/revocation", {"reason": "superseded", "note": "x"}),
        404,
        "not-found",
    )
    assert Certificate.objects.get(person=signer).is_in_use


def test_a_certificate_that_ends_soon_or_has_ended_says_so(signer: User, call: Caller) -> None:
    row = Certificate.objects.get(person=signer)
    for left, standing in ((timedelta(days=3), "expires_soon"), (timedelta(days=-1), "expired")):
        Certificate.objects.filter(pk=row.pk).update(
            valid_from=timezone.now() - timedelta(days=9), valid_until=timezone.now() + left
        )
        assert call.get(f"/certificates/{row.sha256}")["standing"] == standing
