"""What is asked of a record: frozen when something is decided, signed by each person, sealed after the last of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import IllegalTransition
from imprimatur.record.expected import SEAL, SYSTEM
from imprimatur.record.line import written
from jobs import queue
from records import codes
from records.canonical import canonical, digest
from records.context import Language, SignatureLine
from records.kinds import kind_of
from records.log_head import log_head
from records.models import Record, RecordStep
from records.rules.sealing import SealingEvent, after
from records.shape import faults

RENDER = "records.render"


class Misshapen(ValueError):  # noqa: N818
    """A context or a signature line that doesn't follow records.context; a fault of the program, not of a
    person.
    """


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who will sign: by role, and whose signature it is, in the language of the record."""

    role: str
    title: str

    @property
    def field(self) -> str:
        """The field of the file."""
        return f"sig-{self.role}"


def freeze(
    *,
    kind: str,
    obj: Model,
    reference: str,
    language: Language,
    context: Mapping[str, Any],
    actor: trail.Actor | None,
    now: datetime,
    signatories: Sequence[Signatory] = (),
) -> Record:
    """Keep the context for good, as canonical bytes whose SHA-256 people sign; `kind` is registered in records.kinds.

    With `signatories`, in the order of signing, a worker prints and certifies it after the commit, a box for each;
    without them the file is made when its seal is asked for.
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
        steps = _steps(record, signatories)
        if signatories:
            advance_later(record, SYSTEM, now)
        trail.record(
            "record.frozen",
            obj=record,
            actor=actor,
            now=now,
            also=steps,
            data={"reference": reference, "kind": kind, "context_sha256": record.context_sha256},
        )
    return record


def _steps(record: Record, signatories: Sequence[Signatory]) -> list[RecordStep]:
    """Write down who is expected to sign: the system where people do, each person, the seal."""
    fields = [(one.field, one.title) for one in signatories]
    wanted = [(SYSTEM, ""), *fields, (SEAL, "")] if signatories else [(SEAL, "")]
    return [
        RecordStep.objects.create(record=record, place=place, field=field, title=title)
        for place, (field, title) in enumerate(wanted)
    ]


def sign(*, record: Record, role: str, line: SignatureLine, person: User, now: datetime) -> RecordStep:
    """Keep what a person confirmed, for good; a worker adds their signature to the file after the commit.

    Runs in the transaction in which they confirmed it. Raises IllegalTransition when nobody is expected to sign in this
    role any more, and Misshapen.
    """
    if found := list(faults(line, SignatureLine)):
        raise Misshapen("; ".join(found[:10]))
    with transaction.atomic():
        record = locked(record.pk)
        waiting = record.steps.filter(asked_at=None, done_at=None).exclude(field__in=[SYSTEM, SEAL])
        step = waiting.filter(field=f"sig-{role}").first()
        if step is None:
            raise IllegalTransition(_("This record doesn't wait for this signature."))
        step.line, step.person, step.asked_at = written(line), person, now
        step.save(update_fields=["line", "person", "asked_at"])
        record.signatures = canonical([*json.loads(bytes(record.signatures)), dict(line)])
        record.save(update_fields=["signatures"])
        trail.record(
            "record.statement_kept", obj=record, actor=None, now=now, also=[step],
            data={"field": step.field, "statement_sha256": line["statement_sha256"]},
        )  # fmt: skip
        advance_later(record, step.field, now)
    return step


def seal(*, record: Record, actor: trail.Actor | None, now: datetime) -> Record:
    """Ask for the seal, because everybody has signed or nobody has to; a worker goes on after the commit.

    Runs in the caller's transaction. Raises IllegalTransition when it was asked for before, or somebody is missing.
    """
    with transaction.atomic():
        record = locked(record.pk)
        state = after(record.state, SealingEvent.COMPLETE)
        if state is None:
            raise IllegalTransition(_("This record has been given to the seal already."))
        if record.steps.filter(asked_at=None, done_at=None).exclude(field__in=[SYSTEM, SEAL]).exists():
            raise IllegalTransition(_("Somebody who is expected to sign this record has not signed yet."))
        record.state = state.value
        record.save(update_fields=["state"])
        lines = json.loads(bytes(record.signatures))
        trail.record(
            "record.completed",
            obj=record,
            actor=actor,
            now=now,
            data={"signatures": len(lines), "signatures_sha256": digest(bytes(record.signatures))},
        )
        advance_later(record, SEAL, now)
    return record


def locked(record_id: int) -> Record:
    """Return the record, locked in the caller's transaction."""
    return Record.objects.select_for_update(no_key=True).get(pk=record_id)


def advance_later(record: Record, field: str, now: datetime) -> None:
    """Ask a worker to make the signature of this field, and whatever is due before it."""
    queue.enqueue(RENDER, {"record": record.pk}, now=now, key=f"record-{record.pk}-{field}")
