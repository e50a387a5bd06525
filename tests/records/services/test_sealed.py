"""A record that nobody signs has one signature, the seal, and is as safe as one with many."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pikepdf
import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from imprimatur.record.expected import Expected, Field, Revision
from imprimatur.record.verify import verify
from records import store
from records.canonical import canonical, digest
from records.context import ReviewContext
from records.press.page import page
from records.press.press import Embedded, press
from records.seal.credentials import Credential, seal_at
from records.seal.lines import Line
from records.seal.sign import FIELD, signed
from records.selectors import expected_of
from tests.records.factories import slim_context
from tests.records.houses import House
from tests.records.made import Make

NOW = datetime(2026, 11, 20, 1, 58, 33, tzinfo=UTC)
HASH = "the SHA-256 is not the one that was issued"


def foreign(_made: Path) -> signers.SimpleSigner:
    """Return a seal of the same name from another authority."""
    return House("Imprimatur").certify("Imprimatur").signer()


def sealed_with(base: bytes, signer: signers.SimpleSigner) -> bytes:
    """Close a printed record with this key."""
    return signed(
        base, field=FIELD, key=Credential(signer, tuple(_chain(signer))), now=NOW, name="Imprimatur", reason="r",
        stamp=[Line("detail", "2026")], certify=True,
    )  # fmt: skip


def issue(context: ReviewContext, made: Path) -> tuple[bytes, Expected]:
    """Print and seal without a database, with an authority of its own."""
    signer = foreign(made)
    data = canonical(dict(context))
    html = page(
        context,
        code="7KQM3XVT9D2HPW4C",
        address="https://a.example/verify/x",
        context_sha256=digest(data),
    )
    files = [Embedded("record.json", "data", data)]
    base = press(html, created=NOW, embedded=files, fields={FIELD: "Seal"}).content
    content = sealed_with(base, signer)
    chain = _chain(signer)
    expected = Expected(
        fields=[Field(FIELD, bytes(chain[0].sha256).hex(), NOW)],
        roots=[chain[-1].dump()],
        certificates=[item.dump() for item in chain],
        file_sha256=digest(content),
        record_sha256=digest(data),
        revisions=[Revision(len(base), digest(base))],
    )
    return content, expected


def _chain(signer: signers.SimpleSigner) -> list[x509.Certificate]:
    """Return the seal's certificate, the issuing authority's and the root's, in this order."""
    own = signer.signing_cert
    assert own is not None
    others = [item for item in signer.cert_registry if item.dump() != own.dump()]
    return [own, *sorted(others, key=lambda item: item.subject == item.issuer)]


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Expected]:
    return issue(slim_context(), tmp_path_factory.mktemp("issued"))


def test_the_issued_file_is_genuine(issued: tuple[bytes, Expected]) -> None:
    content, expected = issued
    assert verify(content, expected) == []


def test_a_genuine_record_of_another_decision_is_not_this_one(sealed: Make) -> None:
    record, other = sealed(), sealed("zh-hans")
    assert verify(store.read(record.file_sha256), expected_of(record)) == []
    assert HASH in verify(store.read(record.file_sha256), expected_of(other))


def test_a_forgery_signed_with_the_genuine_key_is_found_by_the_stored_digests_only(
    sealed: Make, now: datetime
) -> None:
    expected, other = expected_of(sealed("en", "rejected")), sealed("zh-hans", "rejected")
    base = store.read(other.file_sha256)[: other.base_size]
    forged = sealed_with(base, cast(signers.SimpleSigner, seal_at(now).signer))
    assert verify(forged, replace(expected, revisions=(), record_sha256="")) == [HASH]
    assert "the printed part differs from the one that was issued" in verify(forged, expected)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n", b"\0" * 1000, b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <</Root 1 0 R>>"]
)
def test_rubbish_is_faulty_and_never_raises(issued: tuple[bytes, Expected], content: bytes) -> None:
    _content, expected = issued
    assert HASH in verify(content, expected)
    assert len(verify(content, expected)) > 1


def test_pyhanko_itself_accepts_the_seal_as_a_certification_of_the_whole_file(
    issued: tuple[bytes, Expected],
) -> None:
    content, expected = issued
    moment = (expected.fields or [])[0].signed_at
    root = x509.Certificate.load(expected.roots[0])
    context = ValidationContext(
        trust_roots=[root],
        other_certs=[x509.Certificate.load(item) for item in expected.certificates],
        moment=moment,
    )
    signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line
    assert status.coverage is not None
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.docmdp_ok


def test_sealing_leaves_metadata_and_version_alone(sealed: Make) -> None:
    record = sealed()
    content = store.read(record.file_sha256)
    with (
        pikepdf.open(io.BytesIO(content[: record.base_size])) as base,
        pikepdf.open(io.BytesIO(content)) as final,
    ):
        assert bytes(base.Root.Metadata.read_bytes()) == bytes(final.Root.Metadata.read_bytes())
        assert str(base.docinfo) == str(final.docinfo)
        assert final.pdf_version == "1.7"
        assert list(final.Root.Extensions.keys()) == ["/ESIC"]
