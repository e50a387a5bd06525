"""The row of a credential that signed a record; a certificate that was brought along gets it at its first use."""

from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from django.db import transaction

from records.models import Certificate, Origin, Purpose
from records.seal.authority import row_of, tell_issued

if TYPE_CHECKING:
    from records.seal.credentials import Credential


def kept(credential: "Credential", purpose: Purpose, now: datetime) -> Certificate:
    """Return the row of the credential's certificate, for the transaction in which it signs a record.

    `purpose` is that of a certificate which is seen here for the first time: one that the organisation brought for
    its seal or its system. What it brought before for the same purpose is retired.
    """
    if found := Certificate.objects.filter(sha256=credential.sha256).first():
        return found
    with transaction.atomic():
        certificate = x509.load_der_x509_certificate(credential.chain[0].dump())
        row = row_of(certificate, credential.chain_pem(), purpose, now)
        row.origin = Origin.BROUGHT
        same, made = Certificate.objects.get_or_create(sha256=row.sha256, defaults=_values(row))
        if made:
            tell_issued(same, now=now, replaced=_replaced(same, now))
        return same


def _values(row: Certificate) -> dict[str, object]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def _replaced(row: Certificate, now: datetime) -> list[Certificate]:
    older = Certificate.objects.filter(purpose=row.purpose, retired_at=None, revoked_at=None).exclude(
        pk=row.pk
    )
    found = list(older.select_for_update(no_key=True))
    for one in found:
        one.retired_at = now
        one.save(update_fields=["retired_at"])
    return found
