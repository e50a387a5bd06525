"""One signature of a record: whether it holds, whose it is, when it was made, and whether it might be made then.

The moment is the one of the trusted timestamp, else the one that the server remembers, else the one that the server
wrote. A certificate that ended or was revoked later takes nothing away from a signature.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import x509
from cryptography.x509 import CertificateRevocationList
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from imprimatur.record import encoding, line, revoked, stamp
from imprimatur.record import expected as names
from imprimatur.record.expected import Field, Signed

Signature = Any  # pyHanko's embedded signature; it and what comes of it have no types
Status = Any
_LTA = ModificationLevel.LTA_UPDATES
_COVERED = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
# pyHanko's default without its rule for metadata, and with a shorter list of what may differ in the catalog.
_POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ignored_keys=frozenset({"/AcroForm", "/DSS", "/Extensions"})),
        DocInfoRule().as_qualified(_LTA),
        XrefStreamRule().as_qualified(_LTA),
        ObjectStreamRule().as_qualified(_LTA),
        DSSCompareRule().as_qualified(_LTA),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[SigFieldCreationRule(), SigFieldModificationRule(), GenericFieldModificationRule()],
        ignored_acroform_keys=frozenset({"/Fields"}),
    ),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What every signature of a file is judged with: certificates, lists, and the digest of the data inside it."""

    roots: Sequence[x509.Certificate]
    certificates: Sequence[x509.Certificate]
    lists: Sequence[CertificateRevocationList]
    record_sha256: str = ""
    clocks: bool = False
    fields: Mapping[str, Field] = field(default_factory=dict)

    def context(self, moment: datetime) -> ValidationContext:
        """Return what a chain is judged with at a moment; revocation is judged by `revoked`."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(self.certificates),
            moment=moment,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )


def judge(item: Signature, known: Known) -> Signed:
    """Return what there is to say of a signature; raises what a hostile file makes it raise."""
    return _timestamp(item, known) if item.sig_object_type == "/DocTimeStamp" else _signature(item, known)


def _signature(item: Signature, known: Known) -> Signed:
    found = _begun(item, _kind(item.field_name))
    written, token = item.self_reported_timestamp, _stamped(item.signer_info)
    asked = known.fields.get(item.field_name, Field(item.field_name))
    moment = token or asked.signed_at or written
    if moment is None:
        found.faults.append("it doesn't say when it was made")
        return found
    context = known.context(moment)
    status = validate_pdf_signature(item, context, context, diff_policy=_POLICY)
    found.at, found.clock, found.written = moment, "authority" if token else "server", written
    if token:
        found.authority = _authority(status.timestamp_validity)
        found.faults += [] if found.authority else ["its timestamp doesn't hold"]
    if known.clocks and token and written is not None and abs(written - token) > line.DRIFT:
        found.faults.append("the clocks of the server and of the timestamp authority differ")
    _follow(found, status, known, moment)
    if not status.bottom_line and not found.faults:
        found.faults.append("the signature doesn't hold")
    if asked.certificate and asked.certificate != found.certificate:
        found.faults.append("another signer")
    _read_line(item, found, known)
    return found


def _timestamp(item: Signature, known: Known) -> Signed:
    found = _begun(item, "timestamp")
    moment = item.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    status = validate_pdf_timestamp(item, known.context(moment), diff_policy=_POLICY)
    found.at, found.clock = moment, "authority"
    _follow(found, status, known, moment)
    level = status.modification_level
    if level is None or level > _LTA:
        found.faults.append("something was changed after it")
    asked = known.fields.get(item.field_name, Field(item.field_name))
    if asked.certificate and asked.certificate != found.certificate:
        found.faults.append("another authority")
    return found


def _begun(item: Signature, kind: str) -> Signed:
    own, values = item.signer_cert, item.sig_object
    found = Signed(item.field_name, kind, revision=int(item.signed_revision))
    found.name = str(values.get("/Name", "")) or title(own)
    found.reason = str(values.get("/Reason", ""))
    found.certificate = bytes(own.sha256).hex()
    found.valid_from, found.valid_until = own.not_valid_before, own.not_valid_after
    is_stamp = item.sig_object_type == "/DocTimeStamp"
    if is_stamp != item.field_name.startswith("ts-"):
        found.faults.append("a timestamp in the field of a signature" if is_stamp else "no timestamp")
    return found


def _authority(status: Status) -> list[tuple[str, str]]:
    """Return the chain of a timestamp that holds; nothing for another."""
    if status is None or not (status.valid and status.intact and status.trusted):
        return []
    return _chain(status)


def _chain(status: Status) -> list[tuple[str, str]]:
    """Return name and SHA-256 of the certificates that were found to vouch for each other, the signer's first."""
    return [(title(item), bytes(item.sha256).hex()) for item in _path(status)]


def _path(status: Status) -> list[x509.Certificate]:
    return list(status.validation_path.iter_certs(include_root=True))[::-1]


def _kind(name: str) -> str:
    return {names.SYSTEM: "certification", names.SEAL: "seal"}.get(name, "signature")


def _follow(found: Signed, status: Status, known: Known, moment: datetime) -> None:
    """Add what the cryptography says: whole, trusted, how much it covers, and the chain with what was revoked."""
    if not (status.intact and status.valid):
        found.faults.append("the signature is broken")
    elif not status.trusted:
        found.faults.append("the certificate is not trusted")
    if status.coverage not in _COVERED:
        found.faults.append("it leaves out a part of the file")
    found.covers = "file" if status.coverage == _COVERED[0] else "revision"
    if status.validation_path is None:
        return
    found.chain = _chain(status)
    standing = revoked.standing([item.dump() for item in _path(status)], known.lists, moment)
    found.revocation, found.revoked_at = standing.state, standing.at
    if standing.state == "before":
        found.faults.append("the certificate had been revoked before")


def _stamped(signer: Signature) -> datetime | None:
    """Return the moment in the timestamp of a signature, which is still to be judged; None without one."""
    for token in encoding.tokens(signer):
        moment: datetime = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
        return moment
    return None


def _read_line(item: Signature, found: Signed, known: Known) -> None:
    """Compare what a person signed with record, certificate, dictionary and stamp; system and seal state nothing."""
    try:
        found.line = line.read(item.sig_object)
        if found.line is None:
            found.faults += ["it holds no statement"] if found.kind == "signature" else []
            return
        beside = line.Beside(
            name=str(item.sig_object.get("/Name", "")),
            reason=found.reason,
            written=found.written,
            serial=str(item.signer_cert.subject.native.get("serial_number", "")),
            stamp=stamp.letters(item.sig_field),
        )
    except (line.Unlike, stamp.Unlike) as fault:
        found.faults.append(str(fault))
        return
    found.faults += line.faults(found.line, known.record_sha256, beside)


def title(certificate: x509.Certificate) -> str:
    """Return what a certificate is called: its common name, or all of its subject."""
    return str(certificate.subject.native.get("common_name", certificate.subject.human_friendly))
