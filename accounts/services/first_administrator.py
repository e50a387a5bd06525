"""How the first person of an empty installation comes in: by a link that whoever runs the server can print."""

from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from accounts.services.invitation import confirm_address
from accounts.services.roles import lock_administrators, set_roles
from audit.refusal import Refused
from audit.trail import record

_LASTS = 24 * 3600  # seconds
_signer = TimestampSigner(salt="accounts.first_administrator")


def first_link() -> str | None:
    """Return the address on which the first administrator is made, for a day; None when there are people already.

    It works once, because it works only while there is nobody.
    """
    if User.objects.exists():
        return None
    return settings.BASE_URL + reverse("accounts:first_administrator", args=[_signer.sign("first")])


def is_valid(token: str) -> bool:
    """Say whether the link opens the door: genuine, not older than a day, and nobody is there yet."""
    try:
        _signer.unsign(token, max_age=_LASTS)
    except BadSignature:
        return False
    return not User.objects.exists()


@transaction.atomic
def make_first_administrator(
    *, token: str, email: str, display_name: str, password: str, language: str, time_zone: str, now: datetime
) -> User:
    """Make the first person, an administrator; raises Refused when the link no longer works.

    The lock on the group lets only one of two that come at the same moment through.
    """
    lock_administrators()
    if not is_valid(token):
        raise Refused(_("This link was used already or is too old. Print a new one on the server."))
    person = User.objects.create_user(
        email, password, display_name=display_name, language=language, time_zone=time_zone
    )
    memberships = set_roles(person, [Role.ADMINISTRATOR])
    confirm_address(person)
    record(
        "person.created", obj=person, actor=None, now=now, data={"roles": [Role.ADMINISTRATOR.value]}, also=memberships,
        personal={"email": person.email, "display_name": display_name},
    )  # fmt: skip
    return person
