"""Reads that pages share: the records of an object, and a record by its code or by its bytes."""

import base64

from django.db.models import Model, QuerySet

from imprimatur.record.expected import Expected, Field, Revision
from records.models import Certificate, Purpose, Record, RecordState
from records.seal.sign import FIELD


def records_for(obj: Model) -> QuerySet[Record]:
    """Return every record about the object, oldest first; reading them is the caller's permission."""
    return Record.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))


def record_for(obj: Model) -> Record | None:
    """Return the record of the object's last decision, or None."""
    return records_for(obj).order_by("-frozen_at", "-id").first()


def sealed_with_code(code: str) -> Record | None:
    """Return the sealed record that bears the code."""
    return Record.objects.select_related("signer").filter(code=code, state=RecordState.SEALED).first()


def sealed_with_digest(sha256: str) -> Record | None:
    """Return the record whose sealed file has exactly these bytes."""
    return (
        Record.objects.select_related("signer").filter(file_sha256=sha256, state=RecordState.SEALED).first()
    )


def certificate_chains() -> str:
    """Return the chains of every certificate of system and seal, as PEM; those of people stand in records."""
    rows = Certificate.objects.filter(purpose__in=(Purpose.SYSTEM, Purpose.SEAL)).order_by(
        "issued_at", "sha256"
    )
    return "\n".join(rows.values_list("chain", flat=True))


class NotSealed(Exception):  # noqa: N818
    """What was issued can be said of a sealed record only."""


def expected_of(record: Record) -> Expected:
    """Return what the sealed file must be like; raises NotSealed."""
    if record.signer is None or record.sealed_at is None:
        raise NotSealed
    chain = _certificates(record.signer.chain)
    return Expected(
        fields=[Field(FIELD, record.signer.sha256, record.sealed_at)],
        roots=chain[-1:],
        certificates=chain,
        file_sha256=record.file_sha256,
        record_sha256=record.context_sha256,
        revisions=[Revision(record.base_size, record.base_sha256)],
    )


def _certificates(pem: str) -> list[bytes]:
    """Return the certificates of a PEM chain as DER, in its order."""
    blocks = pem.split("-----BEGIN CERTIFICATE-----")[1:]
    return [base64.b64decode(block.split("-----END CERTIFICATE-----")[0]) for block in blocks]
