"""One signature on a record, added incrementally in its reserved field: the system's, a person's, or the seal.

Which fields there are, and in which order they are filled, stands here. What pyHanko would change in a file besides
its signature, it is kept from here. A signature is written whole or not at all: bytes in, bytes out.
"""

import io
import logging
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from asn1crypto import crl, x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.generic import ByteStringObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import constants
from pyhanko.sign.signers.cms_embedder import SigObjSetup
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSigningSession,
    SigDSSPlacementPreference,
    TimestampDSSContentSettings,
)
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext

from imprimatur.record.expected import ARCHIVE, SEAL, SYSTEM
from imprimatur.record.line import LINE
from records.seal.lines import Line
from records.seal.stamp import StampStyle, refuse_unprintable

# What a signature needs is at hand; that nothing may be fetched for it is no warning.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)

PEOPLE = {"legal": "sig-legal", "chair": "sig-chair"}
"""Fields of people by the role in which they sign, in the order of signing."""
LONGEST = 32_767  # bytes of a string in PDF/A (ISO 19005-3, 6.1.13)
FIELD, LEVEL = SEAL, "PAdES B-B"


class NotSignable(Exception):  # noqa: N818
    """Nothing was signed: a certificate is not valid at this moment, or the statement is too long; says which."""


class Key(Protocol):
    """A key that signs, with the certificates that vouch for it (its own first, the root last) and what was revoked."""

    @property
    def signer(self) -> signers.Signer:
        """What signs."""

    @property
    def chain(self) -> Sequence[x509.Certificate]:
        """Its certificates."""

    @property
    def crls(self) -> Sequence[bytes]:
        """Revocation lists of the chain, DER; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Whoever stamps the time (RFC 3161), and the certificates that it is trusted by."""

    stamper: TimeStamper
    roots: Sequence[x509.Certificate]


class RecordWriter(IncrementalPdfFileWriter):
    """Writes a revision without touching XMP or Info, which pyHanko 0.38 rewrites at each (against PDF/A
    and the guard).
    """

    def _update_meta(self) -> None:
        return


class _Entries:
    """Hands pyHanko's writer on, and adds entries to the signature dictionary before it is written."""

    def __init__(self, writer: Generator[Any, Any, Any], entries: Mapping[str, bytes]) -> None:
        self._writer, self._entries = writer, entries

    def send(self, given: Any) -> Any:  # noqa: ANN401  (what pyHanko sends has no common type)
        """Pass it on."""
        if isinstance(given, SigObjSetup):
            for name, value in self._entries.items():
                given.sig_placeholder[pdf_name(name)] = ByteStringObject(value)
        return self._writer.send(given)


class RecordSigner(signers.PdfSigner):
    """Signs at a given time; registers the PAdES extension only: for P-256 pyHanko would also write version 2.0, and
    PDF/A-3 is 1.7.
    """

    moment: datetime
    entries: Mapping[str, bytes]

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:  # noqa: ARG002
        """Add the one extension that the file needs."""
        pdf_out.register_extension(constants.ESIC_EXTENSION_1)

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        """Open a session whose clock is ours, and whose signature dictionary holds our entries."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.moment
        session.cms_writer = _Entries(session.cms_writer, self.entries)
        return session


def level_of(key: Key, authority: Authority | None, *, archive: bool = False) -> str:
    """Return the level that a signature reaches (ETSI EN 319 142-1, 6): without a time stamp of a third party, B-B."""
    if authority is None:
        return "PAdES B-B"
    if archive:
        return "PAdES B-LTA"
    return "PAdES B-LT" if key.crls else "PAdES B-T"


def signed(
    content: bytes,
    *,
    field: str,
    key: Key,
    now: datetime,
    name: str,
    reason: str,
    stamp: Sequence[Line] = (),
    certify: bool = False,
    statement: bytes = b"",
    authority: Authority | None = None,
    archive: bool = False,
) -> bytes:
    """Return the record with one more signature in the reserved field, on top of what it already holds.

    `certify`: this is the first one, and later ones may fill the reserved fields and nothing else (DocMDP 2).
    `statement`: the line of the person (imprimatur.record.line), kept in the signature dictionary. Revocation lists of
    the key go into the file. With an `authority` the signature is stamped with the time, and under `archive` the
    whole file after it.
    Raises Unprintable, NotSignable, pyHanko's SigningError, or OSError when the authority doesn't answer well.
    """
    refuse_unprintable(stamp)
    refuse_invalid(key, now)
    if len(statement) > LONGEST:
        raise NotSignable(f"A statement in a record may have {LONGEST} bytes; this one has {len(statement)}.")
    embed = bool(key.crls) or (archive and authority is not None)
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        name=name,
        reason=reason,
        validation_context=_context(key, authority, now) if embed or authority else None,
        embed_validation_info=embed,
        dss_settings=_DSS,
    )
    signer = RecordSigner(
        metadata,
        key.signer,
        timestamper=authority.stamper if authority else None,
        stamp_style=StampStyle(lines=tuple(stamp)),
    )
    signer.moment, signer.entries = now, {LINE: statement} if statement else {}
    content = signer.sign_pdf(RecordWriter(io.BytesIO(content)), existing_fields_only=True).getvalue()
    return _archived(content, key, authority, now) if archive and authority else content


def _archived(content: bytes, key: Key, authority: Authority, now: datetime) -> bytes:
    """Return the file with a stamp of the time over all of it; pyHanko, left to itself, would rewrite XMP here."""
    stamper = signers.PdfTimeStamper(authority.stamper, field_name=ARCHIVE)
    target = stamper.timestamp_pdf(
        RecordWriter(io.BytesIO(content)), "sha256", _context(key, authority, now), dss_settings=_DSS_OF_STAMP
    )
    return bytes(target.getvalue())


# What proves a signature lies in the revision that it closes, or in that of the time stamp behind it: the last
# signature always covers the whole file.
_DSS_OF_STAMP = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
_DSS = DSSContentSettings(
    include_vri=False,
    placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE,
    next_ts_settings=_DSS_OF_STAMP,
)


def refuse_invalid(key: Key, now: datetime) -> None:
    """Raise NotSignable when a certificate is out of date or revoked; pyHanko looks only at some levels."""
    for certificate in key.chain:
        if not certificate.not_valid_before <= now <= certificate.not_valid_after:
            raise NotSignable(
                _("The certificate “{name}” is valid from {begin} to {end} only.").format(
                    name=certificate.subject.human_friendly,
                    begin=f"{certificate.not_valid_before:%Y-%m-%d}",
                    end=f"{certificate.not_valid_after:%Y-%m-%d}",
                )
            )
        for content in key.crls:
            listed = crl.CertificateList.load(content)["tbs_cert_list"]
            if listed["issuer"] == certificate.issuer and _lists(listed, certificate.serial_number):
                raise NotSignable(
                    _("The certificate “{name}” was revoked.").format(name=certificate.subject.human_friendly)
                )


def _lists(listed: crl.TbsCertList, serial: int) -> bool:
    return any(item["user_certificate"].native == serial for item in listed["revoked_certificates"] or [])


def _context(key: Key, authority: Authority | None, now: datetime) -> ValidationContext:
    """Return what the certificates are judged by: our root and the authority's, the lists at hand, no network."""
    return ValidationContext(
        trust_roots=[key.chain[-1], *(authority.roots if authority else [])],
        other_certs=list(key.chain),
        crls=list(key.crls),
        moment=now,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


__all__ = [
    "ARCHIVE", "FIELD", "LEVEL", "LONGEST", "PEOPLE", "SEAL", "SYSTEM", "Authority", "Key", "NotSignable", "level_of",
    "signed",
]  # fmt: skip
