"""The print of a record: the same bytes each time, for the same frozen data and base address."""

import json
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from imprimatur.record.expected import ARCHIVE, SEAL, SYSTEM
from records.canonical import digest
from records.kinds import Kind, kind_of
from records.models import Record, RecordStep
from records.press.page import Box, page
from records.press.press import Embedded, Printed, press


class NotAsIssued(Exception):  # noqa: N818
    """What was made doesn't pass our own verification, or the frozen data don't match their hash; nothing is issued."""


def print_record(record: Record) -> Printed:
    """Return the record before its first signature, with a field reserved for each; raises Unprintable, NotAsIssued."""
    frozen, steps = bytes(record.context), list(record.steps.order_by("place"))
    if digest(frozen) != record.context_sha256:
        raise NotAsIssued("The frozen data of this record don't match their SHA-256.")
    return printed(record, frozen, steps)


def printed(record: Record, frozen: bytes, steps: list[RecordStep]) -> Printed:
    """Return the print of a record with these steps."""
    context, kind = cast(dict[str, Any], json.loads(frozen)), kind_of(record.kind)
    with translation.override(record.language):
        html = page(
            context,
            code=record.code,
            address=address_of(record.code),
            context_sha256=record.context_sha256,
            kind=record.kind,
            boxes=[Box(step.field, step.title) for step in steps if step.field not in {SYSTEM, SEAL}],
        )
        return press(
            html,
            created=datetime.fromisoformat(kind.moment(context)),
            embedded=_embedded(record, kind, frozen),
            fields={
                **{step.field: title_of(step) for step in steps},
                ARCHIVE: _("Time stamp over the whole file"),
            },
            waiting={step.field: _waiting(step) for step in steps},
        )


def title_of(step: RecordStep) -> str:
    """Say whose signature it is, for people who can't see its box."""
    if step.field == SYSTEM:
        return _("Certification by the issuing system")
    if step.field == SEAL:
        return _("Seal of the organisation")
    return _("Signature: {role}").format(role=step.title)


def _waiting(step: RecordStep) -> str:
    """Return what stands in the box until it is signed."""
    if step.field in {SYSTEM, SEAL}:
        return _("Not sealed yet") if step.field == SEAL else _("Not certified yet")
    return _("Not signed yet")


def _embedded(record: Record, kind: Kind, frozen: bytes) -> list[Embedded]:
    """Return the data, and what the kind adds."""
    further = [Embedded(item.name, item.description, item.content) for item in kind.attached(record)]
    return [Embedded("record.json", str(kind.data), frozen), *further]


def address_of(code: str) -> str:
    """Return the public address at which a record is verified."""
    return f"{settings.BASE_URL.rstrip('/')}/verify/{code}"
