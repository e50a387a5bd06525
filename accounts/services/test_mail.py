"""Finding out whether mail arrives."""

from datetime import datetime

from django.db import transaction

from accounts import letters
from accounts.models import User
from accounts.permissions import require_administrator
from audit.trail import record
from jobs.queue import enqueue


@transaction.atomic
def send_test_mail(*, actor: User, now: datetime) -> None:
    """Send a letter to the administrator's own address, by the same way as every other."""
    require_administrator(actor)
    record("mail.tested", obj=actor, actor=actor, now=now)
    enqueue("accounts.test_mail", {"person": actor.pk, "key": letters.new_key()}, now=now)
