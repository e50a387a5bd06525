"""What is done about certificates: revoked and issued by administrators, revoked when somebody leaves, rotated."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import person_to_administer
from audit import trail
from audit.refusal import IllegalTransition, Refused
from jobs import queue
from records.models import Certificate, Origin, Purpose, RevocationReason
from records.permissions import certificate_to_administer, why_not_issue, why_not_revoke
from records.seal import authority, lists, people
from records.seal.refusal import NotReady

LISTS = "records.revocation_lists"


@transaction.atomic
def revoke_certificate(
    *, actor: User, certificate_id: str, reason: RevocationReason, note: str, now: datetime
) -> Certificate:
    """Revoke a certificate for good; the lists of its authority name it at once, and nothing signs with it any more.

    `reason` stands in the list, `note` are the administrator's own words. Raises Http404 for everybody else, Refused
    without a reason or for a root, IllegalTransition when it was revoked before.
    """
    row = Certificate.objects.select_for_update(no_key=True).get(
        pk=certificate_to_administer(actor, certificate_id).pk
    )
    if row.revoked_at is not None:
        raise IllegalTransition(_("This certificate was revoked already."))
    if why_not := why_not_revoke(row):
        raise Refused(why_not)
    if not note.strip():
        raise Refused(_("Say why the certificate is revoked."))
    _revoke(row, reason, now)
    trail.record(
        "certificate.revoked", obj=row, actor=actor, now=now, reason=note.strip(),
        data={"purpose": row.purpose, "revocation": row.revocation, "sha256": row.sha256},
        personal={"person": row.person.display_name} if row.person else None,
    )  # fmt: skip
    return row


def _revoke(row: Certificate, reason: RevocationReason, now: datetime) -> None:
    row.revoked_at, row.revocation = now, reason
    row.save(update_fields=["revoked_at", "revocation"])
    queue.enqueue(LISTS, {}, now=now)


def person_left(person: User, now: datetime) -> Iterable[Certificate]:
    """Revoke the certificate of a person who is deactivated; return what was changed, for the event of that."""
    found = Certificate.objects.select_for_update(no_key=True).filter(
        person=person, retired_at=None, revoked_at=None
    )
    rows = list(found)
    for row in rows:
        _revoke(row, RevocationReason.AFFILIATION_CHANGED, now)
    return rows


@transaction.atomic
def issue_certificate(*, actor: User, person_id: int, now: datetime) -> Certificate:
    """Issue a certificate to a person in the place of the one that was revoked, or that they have.

    Raises Http404 for everybody but administrators, Refused for people who aren't active and when the authority can't
    issue now.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person_to_administer(actor, person_id).pk)
    if why_not := why_not_issue(person):
        raise Refused(why_not)
    return issued_anew(person, actor, now)


def issued_anew(person: User, actor: User, now: datetime) -> Certificate:
    """Issue another certificate to a locked person, with its event; raises Refused when the authority can't."""
    replaced = people.retired(people.newest_of(person), now)
    try:
        row = people.issued_to(person, now)
    except NotReady as fault:
        raise Refused(str(fault)) from fault
    authority.tell_issued(row, now=now, actor=actor, replaced=replaced)
    return row


@transaction.atomic
def rotate(*, purpose: Purpose, now: datetime) -> Certificate:
    """Put a new key and certificate in the place of those in use; the old ones stay, and old records verify.

    A new root takes a new issuing authority along, and a new certificate of system and seal where there was one; a new
    issuing authority takes along what the revoked one before it had certified of these two.
    Raises NotReady when the authority above can't issue.
    """
    Certificate.objects.select_for_update(no_key=True).get(pk=authority.made(Purpose.ROOT, now).pk)
    renewed, leaves = [purpose], (Purpose.SYSTEM, Purpose.SEAL)
    if purpose == Purpose.ROOT:
        had = set(Certificate.objects.filter(origin=Origin.ISSUED).values_list("purpose", flat=True))
        renewed += [one for one in (Purpose.ISSUING, *leaves) if one in had]
    elif purpose == Purpose.ISSUING:
        renewed += [one for one in leaves if (row := authority.in_use(one)) and authority.is_cut_off(row)]
    replaced = [old for one in renewed for old in people.retired(authority.in_use(one), now)]
    made = [authority.new(one, now) for one in renewed]
    trail.record(
        "certificate.rotated", obj=made[0], actor=None, now=now,
        data={"purpose": purpose.value, "sha256": made[0].sha256}, also=[*replaced, *made[1:]],
    )  # fmt: skip
    queue.enqueue(LISTS, {}, now=now)
    return made[0]


def plan_lists(now: datetime) -> None:
    """Have the revocation lists signed anew, once a day; doing it twice does no harm."""
    queue.enqueue(LISTS, {}, now=now, key=f"revocation-lists-{now:%Y-%m-%d}")


def renew(_payload: Mapping[str, Any]) -> None:
    """Body of the job "records.revocation_lists"."""
    renew_lists(timezone.now())


def renew_lists(now: datetime) -> None:
    """Sign every list that is a day old or lacks a revocation; one that can't be signed keeps no other from it.

    Raises NotReady for the first that can't.
    """
    faults = []
    for row in lists.keeping(now):
        try:
            lists.current(row, now)
        except NotReady as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
