"""Letting people in whom the organisation's provider names: those who are invited or here already, by their address."""

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Invitation, PersonState, User
from accounts.services.invitation import confirm_address
from audit.refusal import Refused
from audit.trail import record


@dataclass(frozen=True, slots=True)
class Named:
    """Whom the provider named: its digest of issuer and subject, and an address that it vouches for, or not."""

    provider: str
    uid: str
    issuer: str
    email: str
    is_verified: bool
    name: str


def let_in(named: Named, now: datetime) -> SocialAccount:
    """Return the link between person and provider, made at the first time; raises Refused for people who stay out.

    Somebody who came in before is known by issuer and subject, whatever address they have now. At the first time the
    verified address decides: active people come in, invited ones join. Deactivated people stay out, and so does
    everybody whom nobody invited, unless OIDC["creates"] says otherwise; then they have no role.
    """
    try:
        with transaction.atomic():
            return _let_in(named, now)
    except Refused:
        _refused(named, now)
        raise


def _let_in(named: Named, now: datetime) -> SocialAccount:
    linked = (
        SocialAccount.objects.filter(provider=named.provider, uid=named.uid).select_related("user").first()
    )
    if linked is not None:
        _require_active(linked.user)
        return linked
    if not named.email or not named.is_verified:
        raise Refused(
            _(
                "Your organisation's provider doesn't vouch for your e-mail address. Sign in with your password, or "
                "ask an administrator."
            )
        )
    person = User.objects.select_for_update().filter(email=named.email.lower()).first()
    if person is None:
        person = _created(named, now)
    elif person.state == PersonState.INVITED:
        _join(person, now)
    _require_active(person)
    if SocialAccount.objects.filter(provider=named.provider, user=person).exists():
        raise Refused(
            _(
                "Another account of your organisation is linked to this address. An administrator has to look into it."
            )
        )
    linked = SocialAccount.objects.create(
        provider=named.provider, uid=named.uid, user=person, extra_data={"issuer": named.issuer}
    )
    record(
        "organisation_account.linked", obj=person, actor=person, now=now,
        data={"issuer": named.issuer, "account": named.uid},
    )  # fmt: skip
    return linked


def _require_active(person: User) -> None:
    if not person.is_active:
        raise Refused(
            _("This account is deactivated. An administrator of your organisation can let you in again.")
        )


def _created(named: Named, now: datetime) -> User:
    if not settings.OIDC["creates"]:
        text = _("Nobody invited {email} yet. Ask an administrator for an invitation.")
        raise Refused(text.format(email=named.email))
    person = User.objects.create_user(
        named.email, None, display_name=(named.name or named.email.partition("@")[0])[:200]
    )
    confirm_address(person)
    record(
        "person.created", obj=person, actor=None, now=now, data={"roles": [], "sample": False},
        personal={"email": person.email, "display_name": person.display_name},
    )  # fmt: skip
    return person


def _join(person: User, now: datetime) -> None:
    """Accept the invitation of somebody for whose address the provider vouches; an old one as well: the person is."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(person=person, accepted_at=None, withdrawn_at=None)
        .first()
    )
    if invitation is None or not invitation.is_open(now):
        raise Refused(_("Your invitation is too old or was withdrawn. Ask an administrator for a new one."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    confirm_address(person)
    record(
        "person.joined", obj=person, actor=person, now=now, data={"invitation": invitation.pk},
        personal={"display_name": person.display_name},
    )  # fmt: skip


@transaction.atomic
def _refused(named: Named, now: datetime) -> None:
    """Leave an event at the person to whom the address belongs, if it belongs to somebody."""
    person = User.objects.filter(email=named.email.lower()).first() if named.email else None
    if person is not None:
        record("organisation_account.refused", obj=person, actor=None, now=now, data={"account": named.uid})
