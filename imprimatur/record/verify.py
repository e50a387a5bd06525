"""Whether a file is a record as it was issued: structure, signatures, certificates, times, encoding, data, digests.

Needs no database and no Django, so that it can run apart, with limits, on a file that a stranger sent.
"""

import gc
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from asn1crypto import x509
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.status import SignatureCoverageLevel

from imprimatur.record import embedded, encoding, guard, line, order, revoked, signer
from imprimatur.record.expected import LARGEST, Expected, Report, Signed
from imprimatur.record.guard import LeanReader

Signature = Any  # pyHanko's embedded signature, which has no types


def verify(content: bytes, expected: Expected) -> list[str]:
    """Return the faults of the file, in words for experts; empty means genuine. Never raises for a bad file."""
    return examine(content, expected).faults


def examine(content: bytes, expected: Expected) -> Report:
    """Return everything that can be said of the file. Never raises for a bad file."""
    report = Report(file_sha256=hashlib.sha256(content).hexdigest())
    if len(content) > LARGEST:
        report.faults.append("too long")
        return report
    if expected.file_sha256 and report.file_sha256 != expected.file_sha256:
        report.faults.append("the SHA-256 is not the one that was issued")
    with _no_collection():
        try:
            _structure(content, expected, report)
        except Exception as fault:  # noqa: BLE001  (a hostile file may raise anything; the answer is the same)
            report.faults.append(f"unreadable: {type(fault).__name__}: {str(fault)[:90]}")
    return report


def _structure(content: bytes, expected: Expected, report: Report) -> None:
    reader = LeanReader(io.BytesIO(content))
    if guarded := guard.faults(reader):
        report.faults += guarded[:5]
        return
    found = sorted(reader.embedded_signatures, key=lambda item: item.signed_revision)
    report.faults += order.faults(reader, [item.field_name for item in found], expected.fields)
    report.unchecked += order.unchecked(reader, [item.field_name for item in found], expected.fields)
    if not found:
        return
    report.faults += _of_revisions(content, expected)
    report.faults += _of_certification(reader, found)
    _of_data(reader, expected, report)
    known = _known(reader, found, expected, report)
    for item in found:
        report.signatures.append(signer.judge(item, known))
    report.faults += [f"{one.field}: {fault}" for one in report.signatures for fault in one.faults]
    report.faults += order.of_sealers(report.signatures, expected)
    report.unchecked += order.unchecked_sealers(report.signatures, expected)
    report.faults += _of_time(report.signatures)
    _levels(report.signatures)
    if found[-1].coverage != SignatureCoverageLevel.ENTIRE_FILE:  # known once the signature has been read
        report.faults.append("bytes that no signature covers")
    report.faults += encoding.faults(found[-1], _may_lie(known, report.signatures))


def _of_revisions(content: bytes, expected: Expected) -> list[str]:
    """Compare what was printed, and what each signature closed, with what was issued."""
    for number, one in enumerate(expected.revisions):
        if hashlib.sha256(content[: one.size]).hexdigest() != one.sha256:
            what = f"revision {number}" if number else "the printed part"
            return [f"{what} differs from the one that was issued"]
    return []


def _of_certification(reader: LeanReader, found: Sequence[Signature]) -> list[str]:
    """The first signature certifies, with filling of forms permitted (ISO 32000-1, 12.8.2.2), and no other does."""
    try:
        entry = reader.root["/Perms"].raw_get("/DocMDP")
        certifies = entry.reference == found[0].sig_field.raw_get("/V").reference
    except (KeyError, AttributeError):
        certifies = False
    faults = [] if certifies else ["the certification is missing or another's"]
    if found[0].docmdp_level != MDPPerm.FILL_FORMS:
        faults.append("the certification permits something else")
    faults += [
        f"{item.field_name}: it certifies too" for item in found[1:] if "/Reference" in item.sig_object
    ]
    return faults


def _of_data(reader: LeanReader, expected: Expected, report: Report) -> None:
    try:
        report.record_sha256 = embedded.digest(reader.root)
    except embedded.Unlike as fault:
        report.faults.append(str(fault))
        return
    if expected.record_sha256 and report.record_sha256 != expected.record_sha256:
        report.faults.append("the data inside are not those that were frozen")


def _known(
    reader: LeanReader, found: Sequence[Signature], expected: Expected, report: Report
) -> signer.Known:
    """Gather certificates and lists: those given, those in the DSS, and those in the signatures."""
    certificates = [x509.Certificate.load(item) for item in expected.certificates]
    lists = list(expected.crls)
    if "/DSS" in reader.root:
        store = DocumentSecurityStore.read_dss(reader)
        certificates += store.load_certs()
        lists += [item.get_object().data for item in store.crls]
    inside = [certificate for item in found for certificate in item.other_embedded_certs]
    given = [x509.Certificate.load(item) for item in expected.roots]
    roots = given or _tops([*certificates, *inside, *(item.signer_cert for item in found)])
    report.roots = [(signer.title(item), bytes(item.sha256).hex()) for item in roots]
    if not given:
        report.unchecked.append("roots")
    return signer.Known(
        roots, certificates, list(revoked.read(lists)), report.record_sha256, expected.clocks,
        {item.name: item for item in expected.fields or ()},
    )  # fmt: skip


def _may_lie(known: signer.Known, signatures: Sequence[Signed]) -> frozenset[str]:
    """Return the SHA-256 of certificates that may lie in a signature: given ones, those of the DSS, and all of chains,
    where each has been checked by the one above it.
    """
    given = {bytes(item.sha256).hex() for item in [*known.certificates, *known.roots]}
    return frozenset(
        given.union(sha256 for one in signatures for _name, sha256 in [*one.chain, *one.authority])
    )


def _tops(certificates: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Return those that no other stands above: where nobody says whom to trust, a chain ends there."""
    unique = {item.dump(): item for item in certificates}
    subjects = {item.subject.hashable for item in unique.values()}
    return [
        item
        for item in unique.values()
        if item.issuer == item.subject or item.issuer.hashable not in subjects
    ]


def _of_time(signatures: Sequence[Signed]) -> list[str]:
    """Nothing is older than what it lies upon, by the same clock and beyond what that may go wrong."""
    found: list[str] = []
    for clock in ("authority", "server"):
        before = None
        for one in signatures:
            at = one.at if one.clock == clock else one.written if clock == "server" else None
            if at is not None and before is not None and at < before - line.DRIFT:
                found.append(f"{one.field}: older than the signature that it lies upon")
            before = at or before
    return found


def _levels(signatures: Sequence[Signed]) -> None:
    """Say of each signature which level of PAdES it has reached, by what proves its time and its certificate."""
    closed = any(one.kind == "timestamp" and not one.faults for one in signatures)
    for one in signatures:
        if one.kind == "timestamp":
            continue
        stamped = one.clock == "authority" or closed
        vouched = stamped and one.revocation in {"good", "later"}
        one.level = "B-LTA" if vouched and closed else "B-LT" if vouched else "B-T" if stamped else "B-B"


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
