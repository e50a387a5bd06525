"""Inviting people, and coming in by an invitation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.invitations import LASTS, open_invitation
from accounts.models import Invitation, PersonState, User
from accounts.permissions import person_to_administer, require_administrator
from accounts.roles import Role
from accounts.selectors import person_by_email
from accounts.services.roles import set_roles
from audit.refusal import IllegalTransition, Refused
from audit.trail import record
from jobs.queue import enqueue


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom to invite; the person may choose name, language and time zone anew when they come in."""

    email: str
    display_name: str = ""
    roles: tuple[Role, ...] = ()
    language: str = "en"
    time_zone: str = "UTC"
    line_manager: User | None = None


@transaction.atomic
def invite(*, actor: User, guest: Guest, now: datetime) -> Invitation:
    """Make the person and send the invitation; raises Refused when the address belongs to somebody already."""
    require_administrator(actor)
    return _invite(actor, guest, now)


@transaction.atomic
def invite_many(*, actor: User, guests: Sequence[Guest], now: datetime) -> list[Invitation]:
    """Invite all or nobody; raises Refused naming the first address that belongs to somebody already."""
    require_administrator(actor)
    return [_invite(actor, guest, now) for guest in guests]


@transaction.atomic
def invite_again(*, actor: User, person_id: int, now: datetime) -> Invitation:
    """Send a new link; the one before stops working. Raises IllegalTransition for people who came in already."""
    person = User.objects.select_for_update().get(pk=person_to_administer(actor, person_id).pk)
    if person.is_active or person.has_usable_password():
        raise IllegalTransition(_("{name} came in already.").format(name=person.display_name))
    Invitation.objects.filter(person=person, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    if person.deactivated_at:
        person.deactivated_at = None
        person.save(update_fields=["deactivated_at"])
    return _send(actor, person, now, roles=None)


@transaction.atomic
def accept_invitation(
    *,
    invitation_id: int,
    token: str,
    display_name: str,
    password: str,
    language: str,
    time_zone: str,
    now: datetime,
) -> User:
    """Let the invited person in with what they chose; raises Refused when the link no longer works."""
    locked = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation_id).first()
    invitation = open_invitation(invitation_id, token, now) if locked else None
    if invitation is None or invitation.person.state != PersonState.INVITED:
        raise Refused(_("This link was used already, was withdrawn, or is too old. Ask for a new one."))
    person = invitation.person
    person.display_name, person.language, person.time_zone = display_name, language, time_zone
    person.is_active = True
    person.set_password(password)
    person.save()
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    confirm_address(person)
    record(
        "person.joined", obj=person, actor=person, now=now, data={"invitation": invitation.pk},
        personal={"display_name": display_name},
    )  # fmt: skip
    return person


def confirm_address(person: User) -> None:
    """Say to allauth that the address is the person's."""
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )


def _invite(actor: User, guest: Guest, now: datetime) -> Invitation:
    if person_by_email(guest.email):
        raise Refused(_("{email} belongs to somebody already.").format(email=guest.email))
    person = User.objects.create_user(
        guest.email,
        None,
        display_name=guest.display_name or guest.email.partition("@")[0],
        language=guest.language,
        time_zone=guest.time_zone,
        line_manager=guest.line_manager,
        is_active=False,
    )
    given = set_roles(person, guest.roles)
    return _send(actor, person, now, roles=guest.roles, given=given)


def _send(
    actor: User, person: User, now: datetime, *, roles: Iterable[Role] | None, given: Iterable[Model] = ()
) -> Invitation:
    invitation = Invitation.objects.create(person=person, made_by=actor, made_at=now, expires_at=now + LASTS)
    data: dict[str, object] = {"invitation": invitation.pk, "again": roles is None}
    if roles is not None:
        data["roles"] = sorted(role.value for role in roles)
    personal = {"email": person.email, "display_name": person.display_name}
    record("person.invited", obj=person, actor=actor, now=now, data=data, personal=personal, also=given)
    enqueue(
        "accounts.invitation_mail",
        {"invitation": invitation.pk},
        now=now,
        key=f"accounts.invitation:{invitation.pk}",
    )
    return invitation
