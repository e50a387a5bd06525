"""Verifying a record with every signature, beside printing it and beside hashing its bytes."""

import hashlib
import io
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from bench.measure import Case, interleaved, table
from imprimatur.record.apart import examine_apart
from imprimatur.record.expected import Expected
from imprimatur.record.verify import examine
from tests.records.issued import House, Issued, issue
from tests.records.layers import NOW, printed

PRINT, HASH, OURS, APART = (
    "print it",
    "SHA-256 of the file",
    "verify it",
    "verify it apart, as a page and a command do",
)
THEIRS, POPPLER = "pyHanko as it comes, each signature", "pdfsig"
REFERENCES = {HASH: PRINT, OURS: PRINT, APART: PRINT, THEIRS: PRINT, POPPLER: PRINT}


def run(*, rounds: int, sizes: Sequence[int]) -> None:  # noqa: ARG001  (every measurement is called alike)
    """Measure and print a table."""
    issued = issue(printed(), House())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.pdf"
        path.write_bytes(issued.content)
        found = interleaved(_cases(issued, path), rounds, warm=1)
    signatures = len(issued.expected().fields or ())
    print(
        f"\n{signatures} signatures, {len(issued.content):,} bytes\n\n{table(found, REFERENCES)}\n",
        flush=True,
    )


def _cases(issued: Issued, path: Path) -> dict[str, Case]:
    expected = issued.expected()
    return {
        PRINT: lambda: printed,
        HASH: lambda: lambda: hashlib.sha256(issued.content).digest(),
        OURS: lambda: lambda: _genuine(issued, expected),
        APART: lambda: lambda: examine_apart(issued.content, expected),
        THEIRS: lambda: lambda: _by_pyhanko(issued, expected),
        POPPLER: lambda: (
            lambda: subprocess.run(["pdfsig", "-nocert", path], check=False, capture_output=True)
        ),
    }


def _genuine(issued: Issued, expected: Expected) -> None:
    if faults := examine(issued.content, expected).faults:
        raise ValueError(f"not genuine: {faults}")


def _by_pyhanko(issued: Issued, expected: Expected) -> None:
    """Let pyHanko validate each signature by its own reader and policy."""
    roots = [x509.Certificate.load(item) for item in expected.roots]
    context = ValidationContext(trust_roots=roots, moment=NOW, allow_fetching=False)
    for item in PdfFileReader(io.BytesIO(issued.content)).embedded_signatures:
        if item.sig_object_type == "/DocTimeStamp":
            validate_pdf_timestamp(item, context)
        else:
            validate_pdf_signature(item, context, context)
