"""Checks of a downloaded record with the tools of others: qpdf, pyHanko, poppler, pikepdf."""

import io
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def qpdf_accepts(path: Path) -> bool:
    """Whether qpdf finds neither an error nor anything to warn about."""
    return subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0


def seal_holds(content: bytes, certificates: bytes) -> bool:
    """Whether pyHanko trusts the one signature, by the published certificates, for the whole file."""
    published = [
        x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(certificates, multiple=True)
    ]
    roots = [one for one in published if one.issuer == one.subject]
    others = [one for one in published if one not in roots]
    context = ValidationContext(trust_roots=roots, other_certs=others, allow_fetching=False)
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    with ThreadPoolExecutor(
        1
    ) as apart:  # Playwright keeps an event loop in this thread, pyHanko wants its own
        status = apart.submit(validate_pdf_signature, signature, context).result()
    return bool(status.bottom_line and status.coverage is not None and status.coverage.name == "ENTIRE_FILE")


def text_of(path: Path) -> str:
    """Return the text of the file as poppler reads it."""
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True, text=True)
    return done.stdout


def embedded(content: bytes, name: str) -> bytes:
    """Return the attachment of this name."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return pdf.attachments[name].get_file().read_bytes()
