"""The job that prints, seals and stores a record: idempotent, and a failure stands in the record with its
reason.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit import trail
from imprimatur.record.expected import Expected, Field, Revision
from imprimatur.record.verify import verify
from records import store
from records.canonical import digest
from records.context import SignatureLine
from records.kinds import Kind, kind_of
from records.models import Purpose, Record, RecordState
from records.press.glyphs import Unprintable
from records.press.page import page
from records.press.press import Embedded, Printed, press
from records.seal.credentials import Credential, NotReady, seal_at
from records.seal.keeping import kept
from records.seal.sign import FIELD, LEVEL, signed
from records.seal.stamp import Line


class NotAsIssued(Exception):  # noqa: N818
    """What was sealed doesn't pass our own verification, or the frozen data don't match their hash; nothing
    is issued.
    """


def render(payload: Mapping[str, Any]) -> None:
    """Body of the job "records.render"."""
    seal_record(record_id=int(payload["record"]), now=timezone.now())


def seal_record(*, record_id: int, now: datetime) -> None:
    """Seal a pending record, or one that failed before; does nothing when it is sealed already.

    Raises what went wrong, after the record has been marked as failed with the reason.
    """
    record = Record.objects.get(pk=record_id)
    if record.state not in {RecordState.PENDING, RecordState.FAILED}:
        return
    try:
        with translation.override(record.language):
            seal = seal_at(now)
            printed = print_record(record)
            content = _sealed(record, printed, seal, now)
            _check(content, printed, seal, now)
            file_sha256 = store.keep(content)
    except Exception as fault:
        _fail(record_id, _reason(fault), now)
        raise
    _finish(record_id, printed, seal, file_sha256, len(content), now)


def print_record(record: Record) -> Printed:
    """Return the record before its seal: the same bytes each time, for the same record and base address."""
    frozen, lines = bytes(record.context), bytes(record.signatures)
    if digest(frozen) != record.context_sha256:
        raise NotAsIssued("The frozen data of this record don't match their SHA-256.")
    context, kind = cast(dict[str, Any], json.loads(frozen)), kind_of(record.kind)
    signatures = cast(list[SignatureLine], json.loads(lines))
    with translation.override(record.language):
        html = page(
            context,
            signatures,
            code=record.code,
            address=address_of(record.code),
            context_sha256=record.context_sha256,
            kind=record.kind,
        )
        return press(
            html,
            created=datetime.fromisoformat(kind.moment(context)),
            embedded=_embedded(record, kind, frozen, lines),
            fields={FIELD: _("Seal of the organisation")},
        )


def _embedded(record: Record, kind: Kind, frozen: bytes, lines: bytes) -> list[Embedded]:
    """Return the data, the signatures where there may be any, and what the kind adds."""
    signed = [Embedded("signatures.json", _("The signatures made on the data"), lines)] if kind.signed else []
    further = [Embedded(item.name, item.description, item.content) for item in kind.attached(record)]
    return [Embedded("record.json", str(kind.data), frozen), *signed, *further]


def address_of(code: str) -> str:
    """Return the public address at which a record is verified."""
    return f"{settings.BASE_URL.rstrip('/')}/verify/{code}"


def _sealed(record: Record, printed: Printed, seal: Credential, now: datetime) -> bytes:
    context = json.loads(bytes(record.context))
    local = now.astimezone(ZoneInfo(context["time_zone"])).replace(microsecond=0)
    stamp = [
        Line("detail", f"{local.isoformat(' ')} ({context['time_zone']})"),
        Line("detail", f"{LEVEL}, SHA-256, {seal.chain[0].public_key.algorithm.upper()}"),
        Line("digest", seal.sha256[:32]),
        Line("digest", seal.sha256[32:]),
    ]
    return signed(
        printed.content,
        field=FIELD,
        key=seal,
        now=now,
        name=context["organisation"],
        reason=_("Issue of the record {reference}").format(reference=record.reference),
        stamp=stamp,
        certify=True,
    )


def _check(content: bytes, printed: Printed, seal: Credential, now: datetime) -> None:
    """Never issue what we would not accept ourselves."""
    expected = Expected(
        fields=[Field(FIELD, seal.sha256, now)],
        roots=[seal.chain[-1].dump()],
        certificates=[item.dump() for item in seal.chain],
        file_sha256=digest(content),
        revisions=[Revision(len(printed.content), digest(printed.content))],
    )
    if faults := verify(content, expected):
        raise NotAsIssued("; ".join(faults))


def _reason(fault: Exception) -> str:
    """Say why in words for the people who wait; what only an expert understands stays in the job."""
    if isinstance(fault, Unprintable | NotReady | NotAsIssued):
        return str(fault)
    return f"{type(fault).__name__}: {fault}"


def _finish(
    record_id: int, printed: Printed, seal: Credential, file_sha256: str, size: int, now: datetime
) -> None:
    with transaction.atomic():
        record = Record.objects.select_for_update().get(pk=record_id)
        if record.state == RecordState.SEALED:
            return  # another worker was faster; its file is the record
        certificate = kept(seal, Purpose.SEAL, now)
        record.state, record.failure, record.sealed_at = RecordState.SEALED, "", now
        record.base_sha256, record.base_size = digest(printed.content), len(printed.content)
        record.file_sha256, record.file_size, record.pages = file_sha256, size, printed.pages
        record.signer = certificate
        record.save()
        trail.record(
            "record.sealed",
            obj=record,
            actor=None,
            now=now,
            data={
                "file_sha256": file_sha256,
                "base_sha256": record.base_sha256,
                "signer": seal.sha256,
                "level": LEVEL,
            },
        )


def _fail(record_id: int, reason: str, now: datetime) -> None:
    """Mark the record as failed; a repeated failure for the same reason is one event."""
    with transaction.atomic():
        record = Record.objects.select_for_update().get(pk=record_id)
        if record.state == RecordState.SEALED or record.failure == reason:
            return
        record.state, record.failure = RecordState.FAILED, reason
        record.save(update_fields=["state", "failure"])
        trail.record("record.failed", obj=record, actor=None, now=now, data={"reason": reason})
