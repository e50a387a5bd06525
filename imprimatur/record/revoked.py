"""Whether a certificate had been revoked when it signed, from lists of revoked certificates (RFC 5280, 5)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature


@dataclass(frozen=True, slots=True)
class Standing:
    """`state`: good, later, before or unknown, as `expected.Signed` says; `at`: when it was revoked."""

    state: str
    at: datetime | None = None


def standing(
    chain: Sequence[bytes], lists: Iterable[x509.CertificateRevocationList], signed: datetime
) -> Standing:
    """Judge a chain (DER, the signer first, the root last) at the moment of a signature.

    A list counts when the next certificate of the chain signed it. A revocation of any certificate but the root counts.
    "good" needs a list that was in force at the signature, or made after it, for the signer itself.
    """
    found, known = list(lists), False
    certificates = [x509.load_der_x509_certificate(item) for item in chain]
    revoked: list[datetime] = []
    for number, (own, issuer) in enumerate(pairwise(certificates)):
        for one in _of_issuer(found, issuer):
            entry = one.get_revoked_certificate_by_serial_number(own.serial_number)
            if entry is not None:
                revoked.append(entry.revocation_date_utc)
            until = one.next_update_utc or one.last_update_utc
            known = known or (number == 0 and until >= signed)
    if revoked:
        return Standing("before" if min(revoked) <= signed else "later", min(revoked))
    return Standing("good" if known else "unknown")


def read(lists: Iterable[bytes]) -> Iterator[x509.CertificateRevocationList]:
    """Read lists (DER), leaving out what is none; no such list can vouch for anything."""
    for raw in lists:
        try:
            yield x509.load_der_x509_crl(raw)
        except ValueError:
            continue


def _of_issuer(
    lists: Iterable[x509.CertificateRevocationList], issuer: x509.Certificate
) -> Iterator[x509.CertificateRevocationList]:
    key = issuer.public_key()
    for one in lists:
        if one.issuer != issuer.subject:
            continue
        try:
            genuine = one.is_signature_valid(key)  # type: ignore[arg-type]  # kinds of keys that sign no list raise
        except (TypeError, InvalidSignature):
            genuine = False
        if genuine:
            yield one
