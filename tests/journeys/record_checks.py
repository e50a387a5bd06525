"""Checks of a downloaded record with the tools of others: qpdf, pyHanko, poppler, pikepdf."""

import io
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext


def qpdf_accepts(path: Path) -> bool:
    """Whether qpdf finds neither an error nor anything to warn about."""
    return subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0


def signatures_that_hold(content: bytes, certificates: bytes) -> list[str]:
    """Return the fields whose signatures pyHanko trusts by the published certificates; the last covers it all."""
    published = [
        x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(certificates, multiple=True)
    ]
    roots = [one for one in published if one.issuer == one.subject]
    others = [one for one in published if one not in roots]
    context = ValidationContext(trust_roots=roots, other_certs=others, allow_fetching=False)
    signatures = PdfFileReader(io.BytesIO(content)).embedded_signatures
    with ThreadPoolExecutor(
        1
    ) as apart:  # Playwright keeps an event loop in this thread, pyHanko wants its own
        found = [apart.submit(validate_pdf_signature, one, context).result() for one in signatures]
    assert found[-1].coverage == SignatureCoverageLevel.ENTIRE_FILE
    return [one.field_name for one, status in zip(signatures, found, strict=True) if status.bottom_line]


def text_of(path: Path) -> str:
    """Return the text of the file as poppler reads it."""
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True, text=True)
    return done.stdout


def embedded(content: bytes, name: str) -> bytes:
    """Return the attachment of this name."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return pdf.attachments[name].get_file().read_bytes()
