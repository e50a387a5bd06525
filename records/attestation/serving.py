"""What is handed out at stable addresses, with what a cache needs to know of it."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, QuerySet, Value, When

from imprimatur.fields import instant
from records.attestation import status
from records.attestation.rows import Attestation, AttestationKey, Attested, Standing

LINES = "application/jsonl"
PEM = "application/x-pem-file"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Handed:
    """Bytes with their type; `validator` differs when they do. `for_good`: this address never hands out others."""

    content: bytes
    kind: str
    name: str
    validator: str
    changed_at: datetime
    for_good: bool = False


def newest_of(uid: uuid.UUID) -> Handed | None:
    """Return the newest attestation of a decision."""
    found = _attestations().filter(attested__uid=uid).order_by("number").last()
    return _handed(found) if found else None


def numbered(uid: uuid.UUID, number: int) -> Handed | None:
    """Return one attestation of a decision by its number."""
    found = _attestations().filter(attested__uid=uid, number=number).first()
    return _handed(found, for_good=True) if found else None


def of_manifest(manifest_sha256: str) -> Attested | None:
    """Return the decision about these bytes that counts: one that is valid, the newest of them."""
    is_valid = Case(
        When(standing=Standing.VALID, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    found = Attested.objects.filter(manifest_sha256=manifest_sha256)
    return found.annotate(is_valid=is_valid).order_by("-is_valid", "-id").first()


def status_list() -> Handed | None:
    """Return the status list that counts; None before the first attestation."""
    last = status.newest()
    if last is None:
        return None
    return Handed(bytes(last.content), LINES, "status-list.json", last.payload_sha256, last.issued_at)


def keys_in_use() -> Handed | None:
    """Return the public keys that sign now, as `--key` of the gate takes them."""
    rows = list(AttestationKey.objects.filter(until__isnull=True))
    content = "".join(row.pem for row in rows).encode()
    return Handed(content, PEM, "attestation-keys.pem", _together(rows), _last_change(rows)) if rows else None


def all_keys() -> Handed | None:
    """Return every public key that ever signed, with the time in which it did."""
    rows = list(AttestationKey.objects.all())
    content = {
        "keys": [
            {
                "id": row.key_id,
                "pem": row.pem,
                "since": instant(row.since),
                "until": instant(row.until) if row.until else None,
            }
            for row in rows
        ]
    }
    data = json.dumps(content, indent=1).encode() + b"\n"
    return Handed(data, JSON, "attestation-keys.json", _together(rows), _last_change(rows)) if rows else None


def _attestations() -> "QuerySet[Attestation]":
    return Attestation.objects.select_related("attested")


def _handed(found: Attestation, *, for_good: bool = False) -> Handed:
    name = f"{found.attested.reference}.jsonl"
    return Handed(bytes(found.content), LINES, name, _validator(found), found.issued_at, for_good)


def _validator(found: Attestation) -> str:
    return f"{found.attested.uid}-{found.number}"


def _together(rows: list[AttestationKey]) -> str:
    return "-".join(f"{row.pk}{'u' if row.until else ''}" for row in rows)


def _last_change(rows: list[AttestationKey]) -> datetime:
    return max(row.until or row.since for row in rows)
