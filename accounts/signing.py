"""Asking a person again who they are, at the moment in which they sign."""

from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts import totp
from accounts.models import User
from audit.refusal import Refused

METHOD = "password and one-time code"
ATTEMPTS = 5  # wrong answers before signing is locked
LOCK = 15 * 60  # seconds; counted from the first of them


def confirm(*, user: User, password: str, code: str, now: datetime) -> str:
    """Check password and one-time code; return how the person proved themself, for the record.

    Raises Refused with a sentence for the person: wrong password or code, a code that was used already, no one-time
    codes set up, locked after too many wrong answers. Recovery codes are for signing in, never for signing. Failures
    count in the cache, so that they stay counted when the caller's transaction is rolled back.
    """
    if not user.is_active:
        raise Refused(_("This account is deactivated and can't sign."))
    secret = totp.secret_of(user)
    if secret is None:
        raise Refused(_("Signing needs one-time codes. Set them up on the page of your account, then sign."))
    attempt = _count(user)
    if attempt > ATTEMPTS:
        raise Refused(
            _("Signing is locked after {count} wrong answers. Try again in {minutes} minutes.").format(
                count=ATTEMPTS, minutes=LOCK // 60
            )
        )
    if not user.check_password(password):
        raise Refused(_left(_("The password is not right."), attempt))
    finding = totp.use(user.pk, secret, code, now)
    if finding is totp.Finding.USED:
        raise Refused(_("This code was used already. Wait for the next one in your app, and enter that."))
    if finding is totp.Finding.WRONG:
        raise Refused(
            _left(_("The six digits are not right. Enter the code that your app shows now."), attempt)
        )
    cache.delete(_key(user))
    return METHOD


def _count(user: User) -> int:
    """Count this attempt before it is judged, so that guesses at the same moment don't slip through."""
    cache.add(_key(user), 0, timeout=LOCK)
    try:
        return int(cache.incr(_key(user)))
    except ValueError:  # ran out between the two lines
        cache.set(_key(user), 1, timeout=LOCK)
        return 1


def _left(sentence: str, attempt: int) -> str:
    if attempt < ATTEMPTS:
        return sentence
    return _("{sentence} Signing is now locked for {minutes} minutes.").format(
        sentence=sentence, minutes=LOCK // 60
    )


def _key(user: User) -> str:
    return f"accounts:signing:{user.pk}"
