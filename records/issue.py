"""Freezing a record when something is decided, and asking for its seal when the last person has signed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from audit import trail
from audit.refusal import IllegalTransition
from jobs import queue
from records import codes
from records.canonical import canonical, digest
from records.context import Language, SignatureLine
from records.kinds import kind_of
from records.log_head import log_head
from records.models import Record, RecordState
from records.shape import faults

RENDER = "records.render"


class Misshapen(ValueError):  # noqa: N818
    """A context or a signature line that doesn't follow records.context; a fault of the program, not of a
    person.
    """


def freeze(
    *,
    kind: str,
    obj: Model,
    reference: str,
    language: Language,
    context: Mapping[str, Any],
    actor: trail.Actor | None,
    now: datetime,
) -> Record:
    """Keep the context for good, as canonical bytes whose SHA-256 people sign; `kind` is registered in records.kinds.

    Under `log` the newest checkpoint of the audit log is added to it (records.log_head; None before the first).
    Runs in the caller's transaction. An object may have several records, one for each of its decisions.
    Raises Misshapen with every fault of the context, so that nothing is frozen that couldn't be printed.
    """
    known = kind_of(kind)
    found = list(faults(context, known.shape))
    if context.get("language") != language:
        found.append("$.language: differs from the language of the record")
    if found:
        raise Misshapen("; ".join(found[:10]))
    content = canonical({**context, "log": log_head()})
    with transaction.atomic():
        record = Record.objects.create(
            kind=kind,
            object_type=obj._meta.label_lower,
            object_id=str(obj.pk),
            reference=reference,
            language=language,
            title=context["title"],
            outcome=known.outcome(context),
            code=codes.new_code(),
            context=content,
            context_sha256=digest(content),
            frozen_at=now,
        )
        trail.record(
            "record.frozen",
            obj=record,
            actor=actor,
            now=now,
            data={"reference": reference, "kind": kind, "context_sha256": record.context_sha256},
        )
    return record


def seal(
    *, record: Record, signatures: Iterable[SignatureLine], actor: trail.Actor | None, now: datetime
) -> Record:
    """Ask for the sealed file of a frozen record; a worker renders it after the commit.

    `signatures` in the order of signing; none for a decision that nobody has to sign (rejected, returned,
    refused).
    Runs in the caller's transaction. Raises IllegalTransition when the record is not frozen any more.
    """
    lines = list(signatures)
    found = list(faults(lines, list[SignatureLine]))
    if found:
        raise Misshapen("; ".join(found[:10]))
    with transaction.atomic():
        record = Record.objects.select_for_update().get(pk=record.pk)
        if record.state != RecordState.FROZEN:
            raise IllegalTransition(_("This record has been given to the seal already."))
        record.signatures = canonical([dict(line) for line in lines])
        record.state = RecordState.PENDING
        record.save(update_fields=["signatures", "state"])
        trail.record(
            "record.completed",
            obj=record,
            actor=actor,
            now=now,
            data={"signatures": len(lines), "signatures_sha256": digest(bytes(record.signatures))},
        )
        queue.enqueue(RENDER, {"record": record.pk}, now=now, key=f"record-{record.pk}")
    return record
