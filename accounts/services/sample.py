"""People of the sample organisation: made with a password that everybody knows, and one-time codes that are shown."""

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from accounts.services.invitation import confirm_address
from accounts.services.roles import set_roles
from audit.refusal import Refused
from audit.trail import record

SAMPLE_PASSWORD = "read, judged, signed"  # noqa: S105  (shown on the sign-in page of the sample)


@transaction.atomic
def make_sample_person(
    *,
    email: str,
    display_name: str,
    roles: Iterable[Role],
    language: str,
    time_zone: str,
    line_manager: User | None,
    now: datetime,
    place: int | None = None,
) -> User:
    """Make an invented person with SAMPLE_PASSWORD and one-time codes; raises Refused outside a sample.

    `place`: where in the list of the sign-in page they stand; None: not there.
    """
    if not settings.SAMPLE:
        raise Refused(_("Invented people exist only in the sample organisation."))
    given = list(roles)
    person = User.objects.create_user(
        email, SAMPLE_PASSWORD, display_name=display_name, language=language, time_zone=time_zone,
        line_manager=line_manager, is_sample=True, sample_place=place,
    )  # fmt: skip
    memberships = set_roles(person, given)
    confirm_address(person)
    TOTP.activate(person, generate_totp_secret())
    record(
        "person.created", obj=person, actor=None, now=now, also=memberships,
        data={"roles": sorted(role.value for role in given), "sample": True},
        personal={"email": person.email, "display_name": display_name},
    )  # fmt: skip
    return person
