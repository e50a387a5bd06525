"""Ten wrong answers in a row lock signing, whatever is rolled back or tried at once, until somebody unlocks it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.http import Http404
from django.test import Client

from accounts import totp
from accounts.models import User
from accounts.proofs import Confirmation, SigningAttempts, SigningLock
from accounts.services.signing_lock import unlock_signing
from accounts.signing import Act, Proof, asked_of, asking
from audit.models import Event
from audit.refusal import Refused
from tests.accounts.conftest import PASSWORD, MakePerson, code_of, deliver, events_of, last_event, text_of
from tests.proofs import signed

NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)
WRONG = Proof(session="s", password="wrong", code="000000")


@pytest.fixture
def signer(make_person: MakePerson) -> User:
    return make_person("Signe Signer", codes=True)


def fail(user: User, times: int = 10, proof: Proof = WRONG) -> str:
    """Answer wrongly so often; return what was said last."""
    said = ""
    for _ in range(times):
        with pytest.raises(Refused) as refusal:
            signed(user, proof, NOW)
        said = str(refusal.value)
    return said


def sign(user: User, now: datetime = NOW) -> Confirmation:
    shown = totp.next_code(user, now)
    assert shown is not None
    return signed(user, Proof(session="s", password=PASSWORD, code=shown.code), now)


@pytest.mark.both_engines
def test_the_tenth_wrong_answer_locks_signing_also_for_the_right_one(
    signer: User, administrator: User
) -> None:
    assert "locked" not in fail(signer, 9)
    assert not SigningLock.objects.exists()
    assert "now locked for you after 10 wrong answers" in fail(signer, 1)
    for later in (NOW, NOW + timedelta(days=30)):
        with pytest.raises(Refused, match="An administrator was told"):
            sign(signer, later)
    assert not Confirmation.objects.exists()
    assert events_of(signer) == ["signing.failed"] * 10 + ["signing.locked"]
    deliver()
    told = {letter.to[0]: letter for letter in mail.outbox}
    assert set(told) == {administrator.email, signer.email}
    assert f"/people/{signer.pk}/" in told[administrator.email].body
    assert asked_of(signer, "s", NOW).locked


def test_what_was_wrong_stands_in_the_log_and_nobody_is_said_to_have_done_it(signer: User) -> None:
    fail(signer, 1)
    assert last_event(signer)["data"] == {"what": "password", "act": "test.sign"}
    assert last_event(signer)["actor"] is None
    fail(signer, 1, Proof(password=PASSWORD, code="000000"))
    assert last_event(signer)["data"] == {"what": "code", "act": "test.sign"}


def test_neither_an_empty_cache_nor_a_new_process_unlocks(signer: User) -> None:
    fail(signer)
    cache.clear()
    with pytest.raises(Refused, match="locked"):
        sign(User.objects.get(pk=signer.pk))


def test_wrong_answers_stay_counted_when_everything_else_is_rolled_back(signer: User) -> None:
    def act() -> None:
        with asking(user=signer, proof=WRONG, now=NOW) as asked:
            User.objects.filter(pk=signer.pk).update(display_name="Changed")
            asked.confirm(Act("x.y", "1", {}))

    with pytest.raises(Refused):
        act()
    signer.refresh_from_db()
    assert signer.display_name == "Signe Signer"
    assert SigningAttempts.objects.get().failures == 1


def test_a_right_answer_forgets_the_wrong_ones_before_it(signer: User) -> None:
    fail(signer, 9)
    sign(signer)
    assert "locked" not in fail(signer, 9)
    assert not SigningLock.objects.exists()


def test_what_nobody_judged_is_no_wrong_answer(signer: User) -> None:
    """Something missing, a code that was used, an act that fails for another reason, a page of nobody's."""
    shown = code_of(signer, NOW)
    signed(signer, Proof(password=PASSWORD, code=shown), NOW)
    for proof in (Proof(), Proof(password="wrong"), Proof(password=PASSWORD, code=shown)):
        fail(signer, 4, proof)
    for _ in range(4):
        with pytest.raises(Http404), asking(user=signer, proof=WRONG, now=NOW):
            raise Http404
    with asking(user=signer, proof=WRONG, now=NOW):
        pass
    assert SigningAttempts.objects.get().failures == 0
    assert "signing.failed" not in events_of(signer)


def test_the_lock_of_one_person_does_not_touch_another(signer: User, make_person: MakePerson) -> None:
    fail(signer)
    assert sign(make_person("Otto Other", codes=True))


def test_who_can_not_sign_can_still_sign_in(signer: User, client: Client) -> None:
    fail(signer)
    client.post("/accounts/login/", {"login": signer.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(signer)})
    assert client.session["_auth_user_id"] == str(signer.pk)
    assert "Signing is locked for you" in text_of(client.get("/me/"))


def test_a_process_that_died_before_it_locked_leaves_nobody_without_a_way_out(
    signer: User, administrator: User
) -> None:
    SigningAttempts.objects.create(person=signer, failures=10, last_at=NOW)
    with pytest.raises(Refused, match="An administrator was told"):
        sign(signer)
    assert events_of(signer) == ["signing.locked"]
    unlock_signing(actor=administrator, person_id=signer.pk, reason="A power cut.", now=NOW)
    assert sign(signer)


@pytest.mark.both_engines
def test_an_administrator_unlocks_it_with_a_reason(signer: User, administrator: User) -> None:
    fail(signer)
    with pytest.raises(Refused, match="Say why"):
        unlock_signing(actor=administrator, person_id=signer.pk, reason=" ", now=NOW)
    with pytest.raises(Http404):
        unlock_signing(actor=signer, person_id=signer.pk, reason="me", now=NOW)
    with pytest.raises(Refused, match="locked"):
        sign(signer)
    unlock_signing(actor=administrator, person_id=signer.pk, reason="It was them, by phone.", now=NOW)
    event = last_event(signer)
    assert (event["verb"], event["actor"]) == ("signing.unlocked", str(administrator.pseudonym))
    lock = SigningLock.objects.get()
    assert (lock.unlocked_by, lock.reason, lock.failures) == (administrator, "It was them, by phone.", 10)
    assert "locked" not in fail(signer, 9)
    assert sign(signer)
    with pytest.raises(Refused, match="not locked"):
        unlock_signing(actor=administrator, person_id=signer.pk, reason="again", now=NOW)


def test_nobody_unlocks_their_own_signing_but_the_operator_can(administrator: User) -> None:
    fail(administrator)
    with pytest.raises(Refused, match="Another administrator"):
        unlock_signing(actor=administrator, person_id=administrator.pk, reason="me", now=NOW)
    call_command("unlock_signing", administrator.email, reason="Seen in person.")
    assert last_event(administrator)["verb"] == "signing.unlocked"
    assert last_event(administrator)["actor"] is None
    assert sign(administrator)


def test_the_page_of_the_person_unlocks(office: Client, signer: User) -> None:
    assert "Unlock signing" not in text_of(office.get(f"/people/{signer.pk}/"))
    fail(signer)
    assert "10 answers in a row were wrong" in text_of(office.get(f"/people/{signer.pk}/"))
    office.post(f"/people/{signer.pk}/signing/unlock/", {"unlock-reason": ""})
    assert SigningLock.objects.get().unlocked_at is None
    answer = office.post(
        f"/people/{signer.pk}/signing/unlock/", {"unlock-reason": "It was them."}, follow=True
    )
    assert "Signing is unlocked" in text_of(answer)
    assert SigningLock.objects.get().reason == "It was them."


@pytest.mark.usefixtures("committed")
def test_guesses_at_the_same_moment_are_all_counted() -> None:
    """Fourteen at once get no more tries than fourteen in a row."""
    user = User.objects.create_user("signer@example.org", PASSWORD, display_name="Signer")
    TOTP.activate(user, generate_totp_secret())
    judged: list[str] = []
    check = User.check_password

    def counted(self: User, raw: str) -> bool:
        judged.append(raw)
        return check(self, raw)

    barrier = threading.Barrier(14)

    def guess(_number: int) -> str:
        try:
            barrier.wait(30)
            with pytest.raises(Refused) as refusal:
                signed(user, WRONG, NOW)
            return str(refusal.value)
        finally:
            connections.close_all()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(14) as pool:
        patch.setattr(User, "check_password", counted)
        outcomes = list(pool.map(guess, range(14)))
    assert len(outcomes) == 14
    assert len(judged) == 10
    assert SigningLock.objects.count() == 1
    assert Event.objects.filter(verb="signing.locked").count() == 1
    assert not Confirmation.objects.exists()
