"""The parts of a signature that no byte range and no signature covers: padding, encoding, certificates, shape.

They matter for the last signature of a file only: earlier ones lie inside the byte ranges of later ones.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from asn1crypto import cms, parser

Signature = Any  # pyHanko's embedded signature, which has no types


def faults(item: Signature, known: frozenset[str]) -> list[str]:
    """Return what is not as our signer writes it. `known`: SHA-256 of the certificates that may lie in it."""
    raw = bytes(item.pkcs7_content)
    header = parser.parse(raw, strict=False)
    length = len(header[3]) + len(header[4]) + len(header[5])
    found = ["padding"] if raw[length:].strip(b"\0") else []
    content = cms.ContentInfo.load(raw[:length], strict=True)
    found += _of_shape(content["content"], known)
    signer = content["content"]["signer_infos"][0]
    found += [] if _is_definite(raw[:length]) else ["not DER"]
    for token in tokens(signer):
        found += [f"timestamp: {fault}" for fault in _of_shape(token["content"], known)]
    if not len(signer["unsigned_attrs"] or []) and item.sig_object_type == "/Sig":
        _settle(signer)
        found += [] if content.dump(force=True) == raw[:length] else ["not DER"]
    elif item.sig_object_type == "/DocTimeStamp" and len(signer["unsigned_attrs"] or []):
        found.append("attributes that nobody signed")
    return found


def _of_shape(data: cms.SignedData, known: frozenset[str]) -> Iterator[str]:
    """Judge versions, algorithms and the bag of certificates (RFC 5652, 5.1 and 5.3)."""
    algorithms, signer = data["digest_algorithms"], data["signer_infos"][0]
    is_plain = data["encap_content_info"]["content_type"].native == "data"
    if len(data["signer_infos"]) != 1 or len(algorithms) != 1:
        yield "shape of the signature"
    elif algorithms[0].dump() != signer["digest_algorithm"].dump():
        yield "algorithms of the signature"
    if data["version"].native != ("v1" if is_plain else "v3") or signer["version"].native != "v1":
        yield "version of the signature"
    if data["crls"] and len(data["crls"]):
        yield "revocation lists"
    certificates = {hashlib.sha256(item.chosen.dump()).hexdigest() for item in data["certificates"] or []}
    if not known.issuperset(certificates):
        yield "an unknown certificate"


def tokens(signer: cms.SignerInfo) -> Iterator[cms.ContentInfo]:
    """Yield the timestamps of a signature (RFC 3161, Appendix A), still to be judged."""
    for attribute in signer["unsigned_attrs"] or []:
        if attribute["type"].native == "signature_time_stamp_token":
            yield from attribute["values"]


def _is_definite(raw: bytes, depth: int = 0) -> bool:
    """Say whether every length is there and in its one form (X.690, 10.1), through all that is constructed."""
    at = 0
    while at < len(raw):
        if len(raw) < at + 2 or raw[at] & 0x1F == 0x1F or depth > 40:
            return False
        constructed, size, at = raw[at] & 0x20, raw[at + 1], at + 2
        if size == 0x80:
            return False
        if size > 0x80:
            width = size & 0x7F
            size = int.from_bytes(raw[at : at + width], "big")
            if size < 0x80 or raw[at] == 0:
                return False
            at += width
        if at + size > len(raw) or (constructed and not _is_definite(raw[at : at + size], depth + 1)):
            return False
        at += size
    return True


def _settle(signer: cms.SignerInfo) -> None:
    """Say of the digest that a signer's certificate is named by that nobody changed it since it was read.

    asn1crypto takes an algorithm that is left out, because it is the default, for a change, and then encodes
    everything around it anew at each look at it: three times on each of twelve levels, 0.2 s in all.
    """
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "signing_certificate_v2":
            for named in attribute["values"][0]["certs"]:
                named["hash_algorithm"]._mutated = False
