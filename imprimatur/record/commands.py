"""`imprimatur record verify`: say whether the PDF of a record is genuine, without asking anybody."""

import argparse
import json
import re
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from imprimatur.bundle import checking
from imprimatur.bundle import verify as bundle
from imprimatur.outcome import Status, Unclear, asks, say
from imprimatur.progress import Counted
from imprimatur.record import log
from imprimatur.record.apart import NotInstalled, examine_apart
from imprimatur.record.expected import LARGEST, Expected, Report
from imprimatur.record.words import in_words
from imprimatur.usage import Commands, add_command

_CODE = re.compile(rb"imprimatur-code-([0-9A-Z]{16})")


def add_to(commands: Commands) -> None:
    """Add the command and its own commands; each leaves in `run` what does it."""
    record = commands.add_parser(
        "record", help="check records, offline", description="A record is the signed PDF of a decision."
    )
    own = record.add_subparsers(required=True, metavar="COMMAND")
    check = add_command(
        own,
        "verify",
        help="say whether a record is genuine",
        description="""
        Checks every signature in the file: that it holds, covers the file as it was then, and was made with a
        certificate that was valid at that time; that the fields that must be signed are, in their order, and that
        nothing else was added; what each person signed, and that it was the data inside the file. Asks no server.

        What you don't give is not checked, and the answer says so. Without --roots, --issued and --bundle nobody can
        tell whose record it is: anybody makes signatures that hold, with keys of their own. The roots are on the
        organisation's verification page, and on paper wherever you trust them; a bundle of the audit log comes from
        an audit.""",
        statuses=(
            ("0", "genuine, as far as was checked"),
            ("1", "something is wrong; the first such thing is named"),
            (
                "2",
                "it can't be told: the file is no PDF or can't be read, or nothing was given that says whose it is",
            ),
        ),
        examples=(
            (
                "imprimatur record verify IMP-2026-0147.pdf --roots roots.pem",
                "the whole file, back to a root",
            ),
            ("imprimatur record verify IMP-2026-0147.pdf --bundle audit.zip", "and what the log tells of it"),
        ),
    )
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument(
        "--roots",
        type=Path,
        metavar="PEM",
        help="certificates that you trust: roots, and those of the organisation's seal",
    )
    check.add_argument("--revoked", type=Path, metavar="CRL", action="append", default=[],
                       help="a newer list of revoked certificates (DER or PEM); several times if need be")  # fmt: skip
    check.add_argument("--issued", metavar="SHA256", help="the digest of the file that was issued")
    check.add_argument("--code", help="the code that is printed on the paper that you hold")
    check.add_argument("--bundle", type=Path, metavar="FILE_OR_FOLDER", help="a bundle of the audit log")
    check.add_argument("--policy", type=Path, metavar="FILE", help="the policy of the log that you hold")
    check.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="a checkpoint of the log that you hold"
    )
    asks(check)
    check.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> int:
    expected = _expected(given)
    content = _content(given.file)
    try:
        report = examine_apart(content, expected)
    except NotInstalled as fault:
        raise Unclear(str(fault)) from None
    if report.undecided:
        raise Unclear(f"{given.file}: {report.faults[0]}.")
    if given.code and {found.decode() for found in _CODE.findall(content)} != {_without_dashes(given.code)}:
        report.faults.append("it bears another code")  # or several: a title may hold what looks like one
    told = _in_log(given, report)
    report.unchecked += [] if given.issued else ["issued"]
    report.unchecked += [] if given.bundle else ["log"]
    tied = bool(given.roots or given.issued or given.bundle)
    genuine = False if report.faults else True if tied else None
    found = {"genuine": genuine, **json.loads(report.dumps())}
    found |= {"log": [{"what": one.what, "event": one.event} for one in told]}
    say(given, in_words(report, told, tied=tied), found)
    return {True: Status.DONE, False: Status.REFUSED, None: Status.UNKNOWN}[genuine]


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unclear(f"{path} is longer than a record can be (20 MB).")
    if b"%PDF-" not in content[:1024]:
        raise Unclear(f"{path} is no PDF.")
    return content


def _expected(given: argparse.Namespace) -> Expected:
    found = _certificates(given.roots) if given.roots else []
    roots = [item for item in found if item.issuer == item.subject] or found
    issued = ""
    if given.issued:
        issued = "".join(given.issued.split()).lower()
        if not re.fullmatch("[0-9a-f]{64}", issued):
            raise Unclear("--issued takes the 64 hexadecimal digits of a SHA-256.")
    lists = [item for path in given.revoked for item in _lists(path)]
    return Expected(
        roots=[_der(item) for item in roots],  # where none is a root, all are trusted
        certificates=[_der(item) for item in found if item not in roots],
        crls=lists,
        file_sha256=issued,
        sealers=[item.fingerprint(SHA256()).hex() for item in found if _may_seal(item)],
    )


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError:
        raise Unclear(f"{path} holds no certificates in PEM.") from None


def _may_seal(item: x509.Certificate) -> bool:
    """Say whether a certificate that was given is one that signs, and neither issues others nor stamps the time."""
    extensions = item.extensions
    try:
        if extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except x509.ExtensionNotFound:
        if item.issuer == item.subject:
            return False  # a root of before version 3
    try:
        used = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.TIME_STAMPING not in used


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _lists(path: Path) -> list[bytes]:
    raw = path.read_bytes()
    try:
        load = x509.load_pem_x509_crl if b"-----BEGIN" in raw else x509.load_der_x509_crl
        return [load(raw).public_bytes(Encoding.DER)]
    except ValueError:
        raise Unclear(f"{path} is no list of revoked certificates (DER or PEM).") from None


def _without_dashes(code: str) -> str:
    return "".join(code.upper().replace("-", " ").split()).translate(str.maketrans("OILU", "011V"))


def _in_log(given: argparse.Namespace, report: Report) -> list[log.Told]:
    """Check the bundle by all of its rules, and look for the events of this record in it."""
    if not given.bundle:
        return []
    held = [path.read_bytes() if path else None for path in (given.policy, given.checkpoint)]
    try:
        source = bundle.Source(given.bundle)
        size = _size(checking.check(source, *held, tell=Counted()))
    except bundle.Wrong as fault:
        report.faults.append(f"the bundle of the log is wrong: {fault}")
        return []
    except bundle.Unreadable as fault:
        raise Unclear(str(fault)) from None
    told = log.told(source, size, report)
    report.faults += [f"the log doesn't tell of it: {one.what}" for one in told if one.event is None]
    return told


def _size(found: dict[str, Any]) -> int:
    return int(found["size"])
