"""Taking name and address off an account whose person asked to be forgotten; the account itself stays."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.proofs import Passkey
from audit.refusal import Refused


def forget(person: User) -> None:
    """Give a deactivated account a neutral name and an address that nobody has; raises Refused for any other.

    For the transaction of an erasure, whose event says it: nothing is recorded here.
    """
    if person.is_active or person.deactivated_at is None:
        raise Refused(
            _("{name}'s account is not deactivated: deactivate it first, then erase.").format(
                name=person.display_name
            )
        )
    with override(person.language):
        person.display_name = _("Former member {code}").format(code=str(person.pseudonym)[:8])
    person.email = f"{person.pseudonym}@erased.invalid"
    person.set_unusable_password()
    person.save(update_fields=["display_name", "email", "password"])
    EmailAddress.objects.filter(user_id=person.pk).delete()
    SocialAccount.objects.filter(user_id=person.pk).delete()
    Passkey.objects.filter(person=person).update(name="")
