"""Who writes the rules of triage; everybody who is signed in may read by which rules they are judged."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from reviews.permissions.reasons import WrongPerson


def why_not_write_rules(actor: User) -> str | None:
    """Return why the person may not change the rules of triage; None if they may."""
    if has_role(actor, Role.ADMINISTRATOR):
        return None
    return WrongPerson(_("The rules of triage are looked after by administrators."))
