"""Signing what is stated about a decision: once for each thing that is said, by all keys in use."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from audit import trail
from imprimatur import signed
from imprimatur.attestation import writing
from imprimatur.attestation.predicate import PAYLOAD_TYPE, Decision
from imprimatur.dsse import PrivateKey
from records.attestation import keys, standing
from records.attestation.rows import Attestation, Attested, Standing
from records.attestation.standing import Stands

States = Callable[[uuid.UUID], Decision]


def attested_of(obj: Model) -> Attested | None:
    """Return what is attested of the object."""
    return Attested.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk)).first()


@transaction.atomic
def attest(*, obj: Model, states: States, stands: Stands, occasion: str, now: datetime) -> Attested | None:
    """Let the attestation of the object say what `states` says of it, and its standing be that of `stands`.

    Does nothing where both are so already, so it may run twice. What allows nothing is never attested for the first
    time (None), and no statement about it is renewed: the status list speaks. Raises KeyNotReady.
    """
    signers = keys.signers()
    found = Attested.objects.select_for_update().filter(
        object_type=obj._meta.label_lower, object_id=str(obj.pk)
    )
    attested = found.first()
    if attested is None:
        if stands.standing != Standing.VALID:
            return None
        attested = _begin(obj, states, stands)
    else:
        standing.change(attested, stands, now)
    if attested.standing == Standing.VALID:
        _sign(attested, writing.statement(states(attested.uid)), signers, occasion, now)
    return attested


def _begin(obj: Model, states: States, stands: Stands) -> Attested:
    uid = uuid.uuid4()
    said = states(uid)
    return Attested.objects.create(
        uid=uid, object_type=obj._meta.label_lower, object_id=str(obj.pk), reference=said.reference,
        manifest_sha256=said.manifest_sha256, valid_until=said.valid_until, standing=stands.standing.value,
        since=stands.since,
    )  # fmt: skip


def _sign(
    attested: Attested, payload: bytes, signers: list[PrivateKey], occasion: str, now: datetime
) -> None:
    sha256, key_ids = hashlib.sha256(payload).hexdigest(), keys.publish(signers, now)
    newest = attested.attestations.order_by("number").last()
    if newest is not None and (newest.payload_sha256, newest.keys) == (sha256, key_ids):
        return
    made = Attestation.objects.create(
        attested=attested, number=newest.number + 1 if newest else 1, occasion=occasion, payload_sha256=sha256,
        content=signed.write(PAYLOAD_TYPE, payload, signers), keys=key_ids, issued_at=now,
    )  # fmt: skip
    first = [] if newest else [attested, standing.note(attested)]
    trail.record(
        "attestation.issued", obj=made, actor=None, now=now, also=first,
        data={
            "uid": str(attested.uid), "number": made.number, "occasion": occasion, "payload_sha256": sha256,
            "manifest_sha256": attested.manifest_sha256,
        },
    )  # fmt: skip
