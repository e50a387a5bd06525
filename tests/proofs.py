"""Proving who one is in tests that are about something else: one password and one code are right for everybody."""

from datetime import datetime

import pytest

from accounts import totp
from accounts.models import User
from accounts.proofs import Confirmation
from accounts.signing import Act, Proof, asking
from audit import trail

RIGHT = Proof(password="secret", code="123456")


def accept_one_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accept RIGHT from everybody, again and again; everything else of signing is as it is."""

    def use(_user_id: int, _secret: str, code: str, _now: datetime) -> totp.Finding:
        return totp.Finding.ACCEPTED if code == RIGHT.code else totp.Finding.WRONG

    monkeypatch.setattr(totp, "secret_of", lambda _user: "secret")
    monkeypatch.setattr(totp, "use", use)
    monkeypatch.setattr(User, "check_password", lambda _user, raw: raw == RIGHT.password)
    monkeypatch.setattr(User, "has_usable_password", lambda _user: True)


def signed(user: User, proof: Proof, now: datetime, act: Act | None = None) -> Confirmation:
    """Let the person sign something, with an event as every caller leaves one."""
    with asking(user=user, proof=proof, now=now) as asked:
        confirmation = asked.confirm(act or Act("test.sign", "1", {"meaning": "I try it."}))
        trail.record("mail.tested", obj=user, actor=user, now=now, also=[confirmation])
    return confirmation
