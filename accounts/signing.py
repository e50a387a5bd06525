"""Signing: a person confirms a statement and proves who they are (21 CFR 11.200); the one place in which they do.

    with signing.asking(user=actor, proof=proof, now=now) as asked:   # a transaction, with the attempt counted
        …                                                               # fetch, lock, ask who may
        confirmation = asked.confirm(Act("minutes.approve", str(minutes.pk), {"record_sha256": …, "meaning": …}))
        …                                                               # write what was signed
        trail.record(…, also=[confirmation, …])                         # the event vouches for the confirmation

`asking` opens the transaction itself and is never entered within another one: a wrong answer stays counted when all
else is rolled back. `content` of the act says everything that is signed, with hash and meaning; it comes into the
statement as it is. A page shows `asked_of(…)`, and its form gives a `Proof`. For a passkey the page first asks for
`challenge(…)` with the same act: what the passkey signs is the SHA-256 of the whole statement.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts import attempts, totp
from accounts.attempts import WrongAnswer
from accounts.challenges import answered, challenge, plain, session_digest
from accounts.models import User
from accounts.passkeys import own_passkeys
from accounts.proofs import Confirmation, Method, Passkey
from accounts.rules.freshness import Given, Lacks, in_a_sitting, lacks
from accounts.statements import Act, statement_of
from audit.refusal import Refused

__all__ = ["Act", "Asked", "AskedOf", "Proof", "asked_of", "asking", "challenge"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person gave to prove who they are: typed, or the answer of their passkey (JSON of the browser).

    `session` is the key of the session in which they sign; without one all components are asked, and no passkey
    works. Recovery codes are for signing in, never for signing.
    """

    session: str = ""
    password: str = ""
    code: str = ""
    assertion: str = ""


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What a page asks of somebody who signs, and why: `sitting` says that one component is enough."""

    sitting: bool
    minutes: int
    has_password: bool
    has_codes: bool
    passkeys: tuple[Passkey, ...]
    locked: bool

    @property
    def can_type(self) -> bool:
        """Whether password and code lead anywhere."""
        return (
            (self.has_password or self.has_codes) if self.sitting else (self.has_password and self.has_codes)
        )


def asked_of(user: User, session: str, now: datetime) -> AskedOf:
    """Return what the person is asked for when they sign now; two queries."""
    last, has_codes, locked = (
        User.objects.filter(pk=user.pk)
        .annotate(
            last=Subquery(_confirmed(OuterRef("pk"), session)),
            has_codes=totp.has_codes("pk"),
            is_locked=attempts.locked("pk"),
        )
        .values_list("last", "has_codes", "is_locked")
        .get()
    )
    return AskedOf(
        sitting=bool(session) and in_a_sitting(last, now, _window()),
        minutes=settings.SIGNING_SITTING_MINUTES,
        has_password=user.has_usable_password(),
        has_codes=has_codes,
        passkeys=tuple(own_passkeys(user)),
        locked=locked,
    )


@contextmanager
def asking(*, user: User, proof: Proof, now: datetime) -> Iterator["Asked"]:
    """Count an attempt, and open the transaction in which the person signs.

    Raises Refused with a sentence for the person: a wrong component, one that is missing, too many wrong answers.
    """
    if not user.is_active:
        raise Refused(_("This account is deactivated and can't sign."))
    attempts.begin(user, now)
    asked = Asked(user, proof, now)
    try:
        with transaction.atomic():
            yield asked
    except WrongAnswer as wrong:
        locked = attempts.fail(user, what=wrong.what, act=asked.what, now=now)
        if locked:
            raise Refused(
                _(
                    "{sentence} Signing is now locked for you after {count} wrong answers; administrators were told."
                ).format(sentence=wrong, count=settings.SIGNING_ATTEMPTS)
            ) from wrong
        raise
    except BaseException:
        attempts.give_back(user)
        raise
    if asked.confirmation is None:
        attempts.give_back(user)


class Asked:
    """Somebody who is about to sign; `confirm` judges what they gave, once."""

    def __init__(self, user: User, proof: Proof, now: datetime) -> None:
        self._user, self._proof, self._now = user, proof, now
        self.confirmation: Confirmation | None = None
        self.what = ""

    def confirm(self, act: Act) -> Confirmation:
        """Judge the answer to this act, and keep statement and proof; raises Refused.

        The caller's event vouches for what is returned (`also`).
        """
        if self.confirmation is not None:
            raise RuntimeError("Each act is confirmed by an answer of its own.")
        self.what = act.what
        made = self._by_passkey(act) if self._proof.assertion else self._typed(act)
        made.person, made.what, made.subject = self._user, act.what, act.subject
        made.session_sha256, made.confirmed_at = session_digest(self._proof.session), self._now
        made.statement_sha256 = sha256(made.statement).hexdigest()
        made.save()
        attempts.succeed(self._user)
        self.confirmation = made
        return made

    def _by_passkey(self, act: Act) -> Confirmation:
        waiting, kept = answered(
            user=self._user, act=act, response=self._proof.assertion, session=self._proof.session, now=self._now
        )  # fmt: skip
        return Confirmation(
            method=Method.PASSKEY.value, passkey=waiting.passkey, statement=bytes(waiting.statement),
            assertion=plain(kept),
        )  # fmt: skip

    def _typed(self, act: Act) -> Confirmation:
        sitting = _in_sitting(self._user, self._proof.session, self._now)
        given = Given(password=bool(self._proof.password), code=bool(self._proof.code.strip()))
        secret = totp.secret_of(self._user)
        if secret is None and not (sitting and given.password and not given.code):
            raise Refused(_no_codes(self._user))
        missing = lacks(given, sitting=sitting)
        if missing is not Lacks.NOTHING:
            raise Refused(_missing(missing))
        if given.password and not self._user.check_password(self._proof.password):
            raise WrongAnswer("password", _("The password is not right."))
        if given.code and secret is not None:
            _use(self._user, secret, self._proof.code, self._now)
        method = _method(given).value
        statement = statement_of(
            act, self._user, method=method, moment=self._now, nonce=secrets.token_hex(32)
        )
        return Confirmation(method=method, statement=statement)


def _in_sitting(user: User, session: str, now: datetime) -> bool:
    if not session:
        return False
    return in_a_sitting(_confirmed(user.pk, session).first(), now, _window())


def _window() -> timedelta:
    return timedelta(minutes=settings.SIGNING_SITTING_MINUTES)


def _confirmed(person: int | OuterRef, session: str) -> QuerySet[Confirmation, datetime]:
    """Return when the person signed in this session, the last time only."""
    found = Confirmation.objects.filter(person_id=person, session_sha256=session_digest(session))
    return found.order_by("-confirmed_at").values_list("confirmed_at", flat=True)[:1]


def _use(user: User, secret: str, code: str, now: datetime) -> None:
    finding = totp.use(user.pk, secret, code, now)
    if finding is totp.Finding.USED:
        raise Refused(_("This code was used already. Wait for the next one in your app, and enter that."))
    if finding is totp.Finding.WRONG:
        raise WrongAnswer("code", _("The six digits are not right. Enter the code that your app shows now."))


def _method(given: Given) -> Method:
    if given.password and given.code:
        return Method.BOTH
    return Method.PASSWORD if given.password else Method.CODE


def _no_codes(user: User) -> str:
    if own_passkeys(user):
        return _("Sign with your passkey: you have no one-time codes.")
    return _(
        "Signing needs a passkey or one-time codes. Set one of them up on the page of your account, then sign."
    )


def _missing(missing: Lacks) -> str:
    return {
        Lacks.BOTH: _("Enter your password and the code that your app shows now."),
        Lacks.PASSWORD: _("Enter your password too: the first signature of a sitting asks for both."),
        Lacks.CODE: _(
            "Enter the code that your app shows now too: the first signature of a sitting asks for both."
        ),
        Lacks.ONE: _("Enter your password, or the code that your app shows now."),
    }[missing]
