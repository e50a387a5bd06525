"""What people do about the certificate with which they sign: bring their own, and leave it again."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.refusal import IllegalTransition, Refused
from records.certificates import issued_anew
from records.models import Certificate, Origin, Purpose
from records.seal import authority, keystore, people
from records.seal.bringing import examined
from records.seal.certificate import pem_of, sha256_of


def why_not_bring(person: User) -> str | None:
    """Return why the person can't sign with a certificate of their own, or None."""
    if not settings.PEOPLE_ROOTS:
        return _(
            "Nobody brings a certificate here: an administrator would first name the roots that are known."
        )
    found = people.newest_of(person)
    if found is not None and found.revoked_at is not None:
        return _("Your certificate was revoked. An administrator issues another one first.")
    return None


def bring_certificate(*, actor: User, content: bytes, password: str, now: datetime) -> Certificate:
    """Sign with the key of this PKCS#12 file from now on; the key is kept encrypted, the password is not kept.

    Raises Refused for a file with which one can't sign here, and for a certificate of somebody else.
    """
    if why_not := why_not_bring(actor):
        raise Refused(why_not)
    found = examined(content, password, now)
    sha256 = sha256_of(found.chain[0])
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        if why_not := why_not_bring(person):
            raise Refused(why_not)
        same = Certificate.objects.filter(sha256=sha256).first()
        if same is not None and same.is_in_use and same.person_id == person.pk:
            raise IllegalTransition(_("You sign with this certificate already."))
        if same is not None:
            raise Refused(_("This certificate was used here before. Bring another one."))
        replaced = people.retired(people.newest_of(person), now)
        keystore.keep(sha256, found.key)
        row = authority.row_of(found.chain[0], pem_of(found.chain), Purpose.PERSON, now)
        row.origin, row.person = Origin.BROUGHT, person
        row.save(force_insert=True)
        authority.tell_issued(row, now=now, actor=person, replaced=replaced)
        return row


@transaction.atomic
def leave_own_certificate(*, actor: User, now: datetime) -> Certificate:
    """Sign with a certificate of the house again, instead of the one that the person brought along. Raises Refused."""
    person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    found = people.newest_of(person)
    if found is None or not found.is_in_use or found.origin != Origin.BROUGHT:
        raise IllegalTransition(_("You don't sign with a certificate of your own."))
    return issued_anew(person, person, now)
