"""The job that makes the signatures of a record, one after the other: whole or not at all, and it may run twice.

Each is made on top of the last revision without holding a lock, because an authority may be slow. It is written under
a lock, and only if that revision is the last one still: whoever comes second begins again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import pem
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit import trail
from imprimatur.record.expected import SEAL, SYSTEM
from imprimatur.record.verify import verify
from records import store
from records.canonical import digest
from records.expectations import Made, expected_after
from records.issue import locked
from records.models import Certificate, Purpose, Record, RecordState, RecordStep
from records.press.glyphs import Unprintable
from records.progress import place_of
from records.rendering import NotAsIssued, print_record
from records.rules.sealing import SealingEvent, after, due
from records.seal import timestamping
from records.seal.credentials import Credential, NotReady, person_at, seal_at, system_at
from records.seal.keeping import kept
from records.seal.sign import Authority, NotSignable, level_of, signed
from records.seal.sources import source_of
from records.seal.timestamping import NoStamp
from records.sealed_hooks import tell_sealed
from records.stamping import line_of, stamp_of


def render(payload: Mapping[str, Any]) -> None:
    """Body of the job "records.render"."""
    advance(record_id=int(payload["record"]), now=timezone.now())


def advance(*, record_id: int, now: datetime) -> None:
    """Make every signature that is due; does nothing when none is.

    Raises what went wrong, after the record says why it doesn't go on.
    """
    while (step := step_due(record_id)) is not None:
        try:
            with translation.override(step.record.language):
                made = _made(step, now)
        except Exception as fault:
            _fail(record_id, reason_of(fault), now)
            raise
        _write(step, made, now)


def step_due(record_id: int) -> RecordStep | None:
    """Return the signature to be made now, with its record; None when nothing is due."""
    record = Record.objects.get(pk=record_id)
    steps = list(record.steps.select_related("person", "certificate").order_by("place"))
    place = due([place_of(step, record) for step in steps])
    found = next((step for step in steps if place is not None and step.field == place.field), None)
    if found is not None:
        found.record = record
    return found


@dataclass(frozen=True, slots=True)
class _Layer:
    """A signature that was made, and not yet written down; `on`: the digest of the revision below it."""

    content: bytes
    on: str
    level: str
    credential: Credential
    authority: Authority | None
    base: bytes = b""
    pages: int = 0


def _made(step: RecordStep, now: datetime) -> _Layer:
    """Make one signature on top of the last revision, and never one that we would not accept ourselves."""
    record, context = step.record, json.loads(bytes(step.record.context))
    before, pages = _before(step)
    credential = _credential(step, now)
    authority = timestamping.authority() if step.field != SYSTEM else None
    level = level_of(credential, authority, archive=step.field == SEAL)
    line = line_of(step)
    content = signed(
        before,
        field=step.field,
        key=credential,
        now=now,
        name=line["name"] if line else context["organisation"],
        reason=line["meaning"]
        if line
        else _("Issue of the record {reference}").format(reference=record.reference),
        stamp=stamp_of(step, zone=context["time_zone"], level=level, certificate=credential.sha256, now=now),
        certify=step.place == 0,
        statement=bytes(step.line),
        authority=authority,
        archive=step.field == SEAL,
    )
    made = _Layer(
        content, digest(before), level, credential, authority, before if step.place == 0 else b"", pages
    )
    if faults := verify(content, expected_after(step, _as_made(made, now))):
        raise NotAsIssued("; ".join(faults))
    store.keep(content)
    return made


def _before(step: RecordStep) -> tuple[bytes, int]:
    """Return the file that the signature goes on top of, and its pages where it was printed just now."""
    if step.place == 0:
        printed = print_record(step.record)
        return printed.content, printed.pages
    below = RecordStep.objects.get(record=step.record_id, place=step.place - 1)
    return store.read(below.file_sha256), 0


def _credential(step: RecordStep, now: datetime) -> Credential:
    if step.person is not None:
        return person_at(step.person, now)
    return system_at(now) if step.field == SYSTEM else seal_at(now)


def _as_made(layer: _Layer, now: datetime) -> Made:
    return Made(
        chain=[item.dump() for item in layer.credential.chain],
        stamp_roots=[item.dump() for item in layer.authority.roots] if layer.authority else [],
        level=layer.level,
        content=layer.content,
        base=layer.base,
        at=now,
    )


def reason_of(fault: Exception) -> str:
    """Say why in words for the people who wait; what only an expert understands stays in the job."""
    if isinstance(fault, Unprintable | NotReady | NotAsIssued | NotSignable | NoStamp | store.Lost):
        return str(fault)
    return f"{type(fault).__name__}: {fault}"


def _write(step: RecordStep, layer: _Layer, now: datetime) -> None:
    """Write the signature down, unless another worker has gone on from the same revision meanwhile."""
    with transaction.atomic():
        record = locked(step.record_id)
        step = RecordStep.objects.get(pk=step.pk)
        below = RecordStep.objects.filter(record=record, place=step.place - 1).first()
        if step.done_at is not None or (below is not None and below.file_sha256 != layer.on):
            return  # the other one's file is the record; what is due is looked up again
        certificate = kept(layer.credential, _purpose(step), now)
        step.done_at, step.level, step.certificate = now, layer.level, certificate
        step.stamped_by = _pem(layer.authority)
        step.file_sha256, step.file_size = digest(layer.content), len(layer.content)
        step.save()
        if step.place == 0:
            record.base_sha256, record.base_size, record.pages = (
                digest(layer.base),
                len(layer.base),
                layer.pages,
            )
        record.failure = ""
        _move(record, step, certificate, now)
        record.save()
        _tell(record, step, now)
        if record.state == RecordState.SEALED:
            tell_sealed(record, now)


def _purpose(step: RecordStep) -> Purpose:
    """Say what a certificate is for that is seen here for the first time; a seal that was brought certifies, too."""
    if step.field == SYSTEM:
        same = (own := source_of(Purpose.SYSTEM)) is not None and own == source_of(Purpose.SEAL)
        return Purpose.SEAL if same else Purpose.SYSTEM
    return Purpose.SEAL if step.field == SEAL else Purpose.PERSON


def _move(record: Record, step: RecordStep, certificate: Certificate, now: datetime) -> None:
    """Let the record follow its table: certified by the system, or closed by the seal; people change no state."""
    event = {SYSTEM: SealingEvent.CERTIFY, SEAL: SealingEvent.SEAL}.get(step.field)
    if event is None:
        return
    state = after(record.state, event)
    assert state is not None  # a seal is due in the state of sealing only, and a print before it
    record.state = state.value
    if event == SealingEvent.SEAL:
        record.sealed_at, record.signer = now, certificate
        record.file_sha256, record.file_size = step.file_sha256, step.file_size


def _tell(record: Record, step: RecordStep, now: datetime) -> None:
    verb = {SYSTEM: "record.certified", SEAL: "record.sealed"}.get(step.field, "record.signed")
    data = {
        "field": step.field, "file_sha256": step.file_sha256, "signer": step.certificate_id, "level": step.level,
    }  # fmt: skip
    if step.place == 0:
        data["base_sha256"] = record.base_sha256
    trail.record(verb, obj=record, actor=None, now=now, also=[step], data=data)


def _pem(authority: Authority | None) -> str:
    roots: Sequence[Any] = authority.roots if authority else ()
    return "".join(pem.armor("CERTIFICATE", item.dump()).decode() for item in roots)


def _fail(record_id: int, reason: str, now: datetime) -> None:
    """Write down why the record doesn't go on; a repeated failure for the same reason is one event."""
    with transaction.atomic():
        record = locked(record_id)
        if record.state == RecordState.SEALED or record.failure == reason:
            return
        record.failure = reason
        record.save(update_fields=["failure"])
        trail.record("record.failed", obj=record, actor=None, now=now, data={"reason": reason})
