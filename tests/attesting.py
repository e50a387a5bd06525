"""Short forms for tests of attestations: a record that counts as sealed without being printed, and what was signed."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from imprimatur import dsse, signed, status_list
from imprimatur.status_list import StatusList
from records.attestation import status
from records.attestation.rows import Attestation, AttestationKey
from records.models import Certificate, Purpose, Record
from reviews.models import Decision
from tests.dossiers import NOW


def sealed(decision: Decision, now: datetime = NOW) -> Decision:
    """Let the record be sealed, as far as the rows say; printing takes seconds, and has its own tests."""
    certificate, _made = Certificate.objects.get_or_create(
        sha256="c" * 64,
        defaults={
            "purpose": Purpose.SEAL, "origin": "brought", "serial": "1", "name": "Seal", "chain": "-",
            "valid_from": now - timedelta(days=1), "valid_until": now + timedelta(days=999), "issued_at": now,
        },
    )  # fmt: skip
    sha256 = hashlib.sha256(str(decision.record_id).encode()).hexdigest()
    assert decision.record is not None
    Record.objects.filter(pk=decision.record.pk).update(
        state="sealed",
        sealed_at=now,
        signer=certificate,
        file_size=1,
        pages=1,
        file_sha256=sha256,
        base_sha256=sha256,
    )
    return Decision.objects.select_related("request", "record").get(pk=decision.pk)


def public_keys() -> list[dsse.PublicKey]:
    """Return the keys that sign now."""
    return [
        dsse.public_keys(row.pem.encode())[0] for row in AttestationKey.objects.filter(until__isnull=True)
    ]


def said(attestation: Attestation) -> dict[str, Any]:
    """Return the predicate of an attestation whose signatures hold."""
    content = signed.read(bytes(attestation.content))
    assert content.signers(public_keys())
    predicate: dict[str, Any] = json.loads(content.payload)["predicate"]
    return predicate


def listed() -> StatusList:
    """Return the status list that counts, whose signatures hold."""
    newest = status.newest()
    assert newest is not None
    content = signed.read(bytes(newest.content))
    assert content.signers(public_keys())
    return status_list.read(content.payload)
