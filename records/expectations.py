"""What the file of a record must be like, told from its rows: fields, certificates, revisions."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from imprimatur.record.expected import ARCHIVE, Expected, Field, Revision
from records.canonical import digest
from records.models import Record, RecordStep, RevocationList

ARCHIVED = "PAdES B-LTA"


@dataclass(frozen=True, slots=True)
class Made:
    """A signature that was made and is not written down yet; certificates are DER, the signer's first."""

    chain: list[bytes]
    stamp_roots: list[bytes]
    level: str
    content: bytes
    base: bytes
    at: datetime


class NotSealed(Exception):  # noqa: N818
    """What was issued can be said of a sealed record only."""


def expected_of(record: Record) -> Expected:
    """Return what the sealed file must be like; raises NotSealed."""
    if record.signer_id is None or record.sealed_at is None:
        raise NotSealed
    steps = list(record.steps.select_related("certificate").order_by("place"))
    chains, roots = _of_steps(steps)
    return Expected(
        fields=_fields(steps),
        roots=roots,
        certificates=chains,
        crls=_lists(chains),
        file_sha256=record.file_sha256,
        record_sha256=record.context_sha256,
        revisions=_revisions(record.base_size, record.base_sha256, steps[:-1]),
    )


def expected_after(step: RecordStep, made: Made) -> Expected:
    """Return what the file must be like after the signature of this step."""
    record = step.record
    steps = list(record.steps.select_related("certificate").filter(place__lt=step.place).order_by("place"))
    chains, roots = _of_steps(steps)
    fields = [*_fields(steps), Field(step.field, digest(made.chain[0]), made.at)]
    if made.level == ARCHIVED:
        fields.append(Field(ARCHIVE))
    base = (len(made.base), digest(made.base)) if made.base else (record.base_size, record.base_sha256)
    return Expected(
        fields=fields,
        roots=_once([*roots, made.chain[-1], *made.stamp_roots]),
        certificates=_once([*chains, *made.chain, *made.stamp_roots]),
        file_sha256=digest(made.content),
        record_sha256=record.context_sha256,
        revisions=_revisions(*base, steps),
        clocks=True,
    )


def _fields(steps: list[RecordStep]) -> list[Field]:
    found = [Field(step.field, step.certificate_id or "", step.done_at) for step in steps]
    return [*found, Field(ARCHIVE)] if steps and steps[-1].level == ARCHIVED else found


def _of_steps(steps: list[RecordStep]) -> tuple[list[bytes], list[bytes]]:
    """Return all certificates, and those that are trusted: the last of each chain, and the authorities' of the time."""
    chains = [certificates(step.certificate.chain) for step in steps if step.certificate]
    stamps = [der for step in steps for der in certificates(step.stamped_by)]
    return _once([*(der for chain in chains for der in chain), *stamps]), _once(
        [*(c[-1] for c in chains), *stamps]
    )


def _lists(chains: Iterable[bytes]) -> list[bytes]:
    """Return our newest list of each authority among these: a certificate may have been revoked since it signed."""
    newest = RevocationList.objects.filter(issuer_id__in=[digest(item) for item in chains]).order_by(
        "issuer_id", "number"
    )
    return list({row.issuer_id: bytes(row.content) for row in newest}.values())


def _revisions(size: int, sha256: str, steps: list[RecordStep]) -> list[Revision]:
    return [Revision(size, sha256), *(Revision(step.file_size, step.file_sha256) for step in steps)]


def _once(found: Iterable[bytes]) -> list[bytes]:
    return list(dict.fromkeys(found))


def certificates(pem: str) -> list[bytes]:
    """Return the certificates of a PEM chain as DER, in its order."""
    blocks = pem.split("-----BEGIN CERTIFICATE-----")[1:]
    return [base64.b64decode(block.split("-----END CERTIFICATE-----")[0]) for block in blocks]
