"""Who may read a record: whoever may read the thing that it is about, which the app of that thing knows.

Certificates are administered by administrators.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_administrator
from records.models import Certificate, Purpose, Record

MayRead = Callable[[User, str, datetime], bool]
Address = Callable[[str], str]
Overseer = Callable[[User, Record, datetime], bool]


@dataclass(frozen=True, slots=True)
class Door:
    """What an app says about its objects: who may read them, and where their page is."""

    may_read: MayRead
    address: Address | None


_doors: dict[str, Door] = {}
_overseers: list[Overseer] = []


def register(model_label: str, may_read: MayRead, *, address: Address | None = None) -> None:
    """Say who may read records about objects of this model ("reviews.request"); both callables get the id
    as text.
    """
    _doors[model_label] = Door(may_read, address)


def register_overseer(may_oversee: Overseer) -> None:
    """Let people read records whom the app of the thing doesn't know, such as auditors."""
    _overseers.append(may_oversee)


def record_to_read(user: User, record_id: int, now: datetime) -> Record:
    """Return the record, or raise Http404: absent, forbidden and about an unknown kind of thing look the
    same.
    """
    record = Record.objects.select_related("signer").filter(pk=record_id).first()
    if record is None or not may_read(user, record, now):
        raise Http404
    return record


def may_read(user: User, record: Record, now: datetime) -> bool:
    """Say whether the user may read the record."""
    door = _doors.get(record.object_type)
    if door is not None and door.may_read(user, record.object_id, now):
        return True
    return any(may_oversee(user, record, now) for may_oversee in _overseers)


def address_of_object(record: Record) -> str:
    """Return the page of what the record is about; empty when its app named none."""
    door = _doors.get(record.object_type)
    return door.address(record.object_id) if door and door.address else ""


def certificate_to_administer(actor: User, certificate_id: str) -> Certificate:
    """Return the certificate for an administrator; absent and forbidden look the same (Http404)."""
    require_administrator(actor)
    found = Certificate.objects.select_related("person").filter(pk=certificate_id).first()
    if found is None:
        raise Http404
    return found


def why_not_revoke(certificate: Certificate) -> str | None:
    """Return why the certificate can't be revoked, or None."""
    if certificate.purpose == Purpose.ROOT:
        return _(
            "No list can say that a root holds no more. Make a new root, and tell everybody who trusts the old one."
        )
    if certificate.revoked_at is not None:
        return _("This certificate was revoked already.")
    return None


def why_not_issue(person: User) -> str | None:
    """Return why the person can't get a certificate, or None."""
    if not person.is_active:
        return _("Only people who can sign in get a certificate.")
    return None
