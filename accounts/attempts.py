"""Counting wrong answers of people who sign, so that neither a rollback nor guesses at the same moment escape.

An attempt is counted in a transaction of its own before it is judged, and given back when it was none. Everything
stands in the database: a cache that is emptied unlocks nobody.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.transaction import Atomic
from django.utils.translation import gettext as _

from accounts import letters
from accounts.models import User
from accounts.proofs import SigningAttempts, SigningLock
from accounts.roles import Role
from audit.refusal import Refused
from audit.trail import record
from jobs.queue import enqueue


def _alone(user: User) -> Atomic:
    """Open a transaction that is committed whatever becomes of another; invented people act within one of a sample."""
    return transaction.atomic(durable=not user.is_sample)


class WrongAnswer(Refused):
    """A component was wrong: it counts. `what` names it: "password", "code" or "passkey"."""

    def __init__(self, what: str, sentence: str) -> None:
        super().__init__(sentence)
        self.what = what


def is_locked(user: User) -> bool:
    """Say whether signing is locked for the person; signing in never is by that."""
    return User.objects.filter(locked("pk"), pk=user.pk).exists()


def locked(person: str) -> Q:
    """Return the condition that signing is locked for the person whose id stands in this field of a query."""
    too_many = SigningAttempts.objects.filter(
        person_id=OuterRef(person), failures__gte=settings.SIGNING_ATTEMPTS
    )
    return _open_locks(person) | Exists(too_many)


def _open_locks(person: str) -> Exists:
    return Exists(SigningLock.objects.filter(person_id=OuterRef(person), unlocked_at__isnull=True))


def require_unlocked(user: User) -> None:
    """Raise Refused with what to do when signing is locked for the person."""
    if is_locked(user):
        raise Refused(
            _(
                "Signing is locked for you after {count} wrong answers. An administrator was told, and unlocks it "
                "when it is clear who answered."
            ).format(count=settings.SIGNING_ATTEMPTS)
        )


def begin(user: User, now: datetime) -> None:
    """Count an attempt; raises Refused when signing is locked. Never within a transaction of the caller."""
    with _alone(user):
        SigningAttempts.objects.get_or_create(person_id=user.pk)
        # The limit is a condition on this very row: whoever waits for the row judges it as the last one left it.
        free = SigningAttempts.objects.filter(person_id=user.pk, failures__lt=settings.SIGNING_ATTEMPTS)
        counted = free.exclude(_open_locks("person_id")).update(failures=F("failures") + 1, last_at=now)
        if not counted:
            _see_that_it_is_locked(user, now)
    if not counted:
        require_unlocked(user)


def give_back(user: User) -> None:
    """The attempt was none: nothing was judged, or the act failed for another reason."""
    with _alone(user):
        SigningAttempts.objects.filter(person_id=user.pk, failures__gt=0).update(failures=F("failures") - 1)


def succeed(user: User) -> None:
    """Begin to count anew; in the transaction of the signature, so that its rollback leaves the count."""
    SigningAttempts.objects.filter(person_id=user.pk).update(failures=0)


def fail(user: User, *, what: str, act: str, now: datetime) -> bool:
    """Leave an event of a wrong answer; the last one that is allowed locks signing. Returns whether it is locked."""
    with _alone(user):
        record("signing.failed", obj=_person(user), actor=None, now=now, data={"what": what, "act": act})
        return _see_that_it_is_locked(user, now)


def _see_that_it_is_locked(user: User, now: datetime) -> bool:
    """Lock signing after too many wrong answers, where that was not done yet; returns whether it is locked."""
    attempts = SigningAttempts.objects.select_for_update().get(person_id=user.pk)
    if SigningLock.objects.filter(person_id=user.pk, unlocked_at__isnull=True).exists():
        return True
    if attempts.failures < settings.SIGNING_ATTEMPTS:
        return False
    _lock(_person(user), attempts.failures, now)
    return True


def _person(user: User) -> User:
    return User.objects.get(pk=user.pk)


def _lock(person: User, failures: int, now: datetime) -> None:
    lock = SigningLock.objects.create(person=person, failures=failures, locked_at=now)
    record("signing.locked", obj=person, actor=None, now=now, also=[lock], data={"failures": failures})
    administrators = User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR.value)
    for administrator in administrators.exclude(pk=person.pk):
        payload = {"person": administrator.pk, "lock": lock.pk}
        enqueue("accounts.signing_locked_mail", payload, now=now, key=f"{lock.pk}.{administrator.pk}")
    notice = {"person": person.pk, "what": "signing_locked", "key": letters.new_key()}
    enqueue("accounts.notice_mail", notice, now=now)
