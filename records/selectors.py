"""Reads that pages share: the records of an object, and a record by its code or by its bytes."""

from django.db.models import Model, QuerySet

from records.expectations import NotSealed, expected_of
from records.models import Certificate, Purpose, Record, RecordState, RecordStep


def records_for(obj: Model) -> QuerySet[Record]:
    """Return every record about the object, oldest first; reading them is the caller's permission."""
    return Record.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))


def record_for(obj: Model) -> Record | None:
    """Return the record of the object's last decision, or None."""
    return records_for(obj).order_by("-frozen_at", "-id").first()


def last_made(record: Record) -> RecordStep | None:
    """Return the last signature that was made on the file; None before the first."""
    return record.steps.exclude(done_at=None).order_by("-place").first()


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


__all__ = [
    "NotSealed", "certificate_chains", "expected_of", "last_made", "record_for", "records_for",
    "sealed_with_code",
    "sealed_with_digest",
]  # fmt: skip
