"""Whether a file is a record as it was sealed: structure, cover of the signature, certificate, encoding,
hashes.

Needs no database and no Django, so that it can run apart, with limits, on a file that a stranger sent.
"""

import gc
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, parser, x509
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
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from records.seal.guard import LeanReader, faults

Signature = Any  # pyHanko's embedded signature, which has no types
LARGEST = 20_000_000  # bytes
_LTA = ModificationLevel.LTA_UPDATES
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
class Expected:
    """What was issued: the chain (DER, the seal first, the root last), when, which fields, and both
    digests.
    """

    chain: Sequence[bytes]
    sealed_at: datetime
    fields: Sequence[str]
    file_sha256: str
    base_sha256: str
    base_size: int = 0


def verify(content: bytes, expected: Expected) -> list[str]:
    """Return the faults of the file, in words for experts; empty means genuine. Never raises for a bad
    file.
    """
    if len(content) > LARGEST:
        return ["too long"]
    found = []
    if hashlib.sha256(content).hexdigest() != expected.file_sha256:
        found.append("the SHA-256 is not the one that was issued")
    with _no_collection():
        try:
            found += _of_structure(content, expected)
        except Exception as fault:  # noqa: BLE001  (a hostile file may raise anything; the answer is the same)
            found.append(f"unreadable: {type(fault).__name__}: {str(fault)[:90]}")
    return found


def _of_structure(content: bytes, expected: Expected) -> list[str]:
    reader = LeanReader(io.BytesIO(content))
    if guarded := faults(reader):
        return guarded[:5]
    embedded = sorted(reader.embedded_signatures, key=lambda item: item.signed_revision)
    found = []
    if (names := [item.field_name for item in embedded]) != list(expected.fields):
        found.append(f"signatures {names}")
    if not embedded:
        return found
    found += _of_base(content, expected)
    found += _of_certification(reader, embedded[0])
    for item in embedded:
        found += _of_signature(item, expected)
    if embedded[-1].coverage != SignatureCoverageLevel.ENTIRE_FILE:  # known once the signature has been read
        found.append("bytes that no signature covers")
    return found + _of_encoding(embedded[-1], frozenset(expected.chain))


def _of_base(content: bytes, expected: Expected) -> list[str]:
    """Compare the revision before the first signature with the one that was printed."""
    end = expected.base_size
    if not end:
        return []
    same = hashlib.sha256(content[:end]).hexdigest() == expected.base_sha256
    return [] if same else ["the printed part differs from the one that was issued"]


def _of_certification(reader: LeanReader, first: Signature) -> list[str]:
    try:
        entry = reader.root["/Perms"].raw_get("/DocMDP")
        certifies = entry.reference == first.sig_field.raw_get("/V").reference
    except (KeyError, AttributeError):
        certifies = False
    return [] if certifies else ["the certification is missing or another's"]


def _of_signature(item: Signature, expected: Expected) -> list[str]:
    chain = [x509.Certificate.load(content) for content in expected.chain]
    context = ValidationContext(
        trust_roots=[chain[-1]],
        other_certs=chain,
        moment=expected.sealed_at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    status = validate_pdf_signature(item, context, diff_policy=_POLICY)
    found = []
    if not (status.intact and status.valid):
        found.append(f"{item.field_name}: the signature is broken")
    if not status.trusted:
        found.append(f"{item.field_name}: the certificate is not trusted")
    if not status.bottom_line and not found:
        found.append(f"{item.field_name}: the signature doesn't hold")
    if status.signing_cert.dump() != expected.chain[0]:
        found.append(f"{item.field_name}: another signer")
    return found


def _of_encoding(item: Signature, known: frozenset[bytes]) -> list[str]:
    """Judge the parts of the last signature that no byte range covers: padding, encoding, certificates,
    shape.
    """
    raw = bytes(item.pkcs7_content)
    header = parser.parse(raw, strict=False)
    length = len(header[3]) + len(header[4]) + len(header[5])
    found = ["padding"] if raw[length:].strip(b"\0") else []
    content = cms.ContentInfo.load(raw[:length], strict=True)
    data = content["content"]
    algorithms = data["digest_algorithms"]
    signer = data["signer_infos"][0]
    _settle(signer)
    if content.dump(force=True) != raw[:length]:
        found.append("not DER")
    if len(data["signer_infos"]) != 1 or len(algorithms) != 1:
        found.append("shape of the signature")
    elif algorithms[0]["algorithm"].native != signer["digest_algorithm"]["algorithm"].native:
        found.append("algorithms of the signature")
    if any(certificate.chosen.dump() not in known for certificate in data["certificates"]):
        found.append("an unknown certificate")
    if data["crls"] and len(data["crls"]):
        found.append("revocation lists")
    return found


def _settle(signer: cms.SignerInfo) -> None:
    """Say of the digest that a signer's certificate is named by that nobody changed it since it was read.

    asn1crypto takes an algorithm that is left out, because it is the default, for a change, and then encodes
    everything around it anew at each look at it: three times on each of twelve levels, 0.2 s in all.
    """
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "signing_certificate_v2":
            for named in attribute["values"][0]["certs"]:
                named["hash_algorithm"]._mutated = False


@contextmanager
def _no_collection() -> Iterator[None]:
    """The cyclic collector would go through pyHanko's object graph again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
