"""Everything that can be done to a sealed file is found, also without comparing its SHA-256."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
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
from records.seal.sign import FIELD, signed
from records.seal.stamp import Line
from records.selectors import expected_of
from tests.records.factories import slim_context
from tests.records.houses import House
from tests.records.made import Make

NOW = datetime(2026, 11, 20, 1, 58, 33, tzinfo=UTC)
HASH = "the SHA-256 is not the one that was issued"


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def raw(content: bytes, find: Callable[[pikepdf.Pdf], pikepdf.Object]) -> int:
    """Return where the stored bytes of a stream lie in the file."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        place = content.find(bytes(find(pdf).read_raw_bytes()))
    assert place > 0
    return place


def updated(content: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Return the file with one more revision, as a PDF editor would save it."""

    class Editor(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            return

    writer: IncrementalPdfFileWriter = Editor(io.BytesIO(content))
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def page_byte(content: bytes, _made: Path) -> bytes:
    return flipped(content, raw(content, lambda pdf: pdf.pages[1].Contents) + 40)


def attachment_byte(content: bytes, _made: Path) -> bytes:
    return flipped(content, raw(content, lambda pdf: pdf.Root.AF[0].EF.F) + 40)


def overlay(content: bytes, _made: Path) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        stream = writer.add_object(
            generic.StreamObject(stream_data=b"BT /F1 40 Tf 100 500 Td (REJECTED) Tj ET")
        )
        writer.add_stream_to_page(0, stream)

    return updated(content, change)


def page_text(content: bytes, _made: Path) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page[generic.pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
        writer.update_container(page)

    return updated(content, change)


def page_added(content: bytes, _made: Path) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        pages = writer.root["/Pages"]
        page = generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Page"),
                generic.pdf_name("/Parent"): writer.root.raw_get("/Pages"),
                generic.pdf_name("/MediaBox"): generic.ArrayObject(
                    map(generic.NumberObject, [0, 0, 595, 842])
                ),
            }
        )
        pages["/Kids"].append(writer.add_object(page))
        pages[generic.pdf_name("/Count")] = generic.NumberObject(int(pages["/Count"]) + 1)
        writer.update_container(pages)

    return updated(content, change)


def attachment_swapped(content: bytes, _made: Path) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        files = writer.root["/AF"][0].get_object()["/EF"]
        files[generic.pdf_name("/F")] = writer.add_object(generic.StreamObject(stream_data=b"{}"))
        writer.update_container(files)

    return updated(content, change)


def appearance_redrawn(content: bytes, _made: Path) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0].get_object()
        look = field["/AP"]
        stream = generic.StreamObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/XObject"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/Form"),
                generic.pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, [0, 0, 9, 9])),
            },
            stream_data=b"0 0 9 9 re f",
        )
        look[generic.pdf_name("/N")] = writer.add_object(stream)
        writer.update_container(look)

    return updated(content, change)


def xmp_edited(content: bytes, _made: Path) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[generic.pdf_name("/Metadata")] = writer.add_object(
            generic.StreamObject(stream_data=b"<x/>")
        )
        writer.update_root()

    return updated(content, change)


def info_edited(content: bytes, _made: Path) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        info = writer.prev.trailer_view["/Info"]
        info[generic.pdf_name("/Title")] = generic.pdf_string("Another title")
        writer.mark_update(writer.prev.trailer_view.raw_get("/Info"))

    return updated(content, change)


def bytes_after_the_end(content: bytes, _made: Path) -> bytes:
    return content + b"\n% and one more thing\n"


def foreign(_made: Path) -> signers.SimpleSigner:
    """Return a seal of the same name from another authority."""
    return House("Imprimatur").certify("Imprimatur").signer()


def sealed_with(base: bytes, signer: signers.SimpleSigner) -> bytes:
    """Close a printed record with this key."""
    return signed(
        base, field=FIELD, key=Credential(signer, tuple(_chain(signer))), now=NOW, name="Imprimatur", reason="r",
        stamp=[Line("detail", "2026")], certify=True,
    )  # fmt: skip


def signed_again(content: bytes, made: Path) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        first = int(
            next(
                i for i in pdf.objects if isinstance(i, pikepdf.Dictionary) and i.get("/Type") == "/Sig"
            ).ByteRange[1]
        )
    base = content[: content.rfind(b"%%EOF", 0, first) + 6]
    return sealed_with(base, foreign(made))


def extra_signature(content: bytes, made: Path) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    meta = signers.PdfSignatureMetadata(field_name="extra")
    signer = signers.PdfSigner(meta, foreign(made), new_field_spec=fields.SigFieldSpec("extra"))
    return bytes(signer.sign_pdf(writer).getvalue())


def one_digit(content: bytes, _made: Path) -> bytes:
    """Change a digit of the padding behind the signature, which no byte range covers."""
    end = content.rfind(b"0000>")
    return content[: end + 1] + b"1" + content[end + 2 :]


def cut_back(content: bytes, _made: Path) -> bytes:
    return content[: content.rfind(b"%%EOF", 0, content.rfind(b"%%EOF")) + 6]


MANIPULATIONS = [
    page_byte, attachment_byte, overlay, page_text, page_added, attachment_swapped, appearance_redrawn, xmp_edited,
    info_edited, bytes_after_the_end, signed_again, extra_signature, one_digit, cut_back,
]  # fmt: skip


def issue(context: ReviewContext, made: Path) -> tuple[bytes, Expected]:
    """Print and seal without a database, with an authority of its own."""
    signer = foreign(made)
    data = canonical(dict(context))
    html = page(
        context,
        [],
        code="7KQM3XVT9D2HPW4C",
        address="https://a.example/verify/x",
        context_sha256=digest(data),
    )
    files = [Embedded("record.json", "data", data), Embedded("signatures.json", "signatures", b"[]")]
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


@pytest.mark.parametrize("manipulate", MANIPULATIONS, ids=lambda item: item.__name__)
def test_a_manipulation_is_found_without_the_stored_digest(
    issued: tuple[bytes, Expected], tmp_path: Path, manipulate: Callable[[bytes, Path], bytes]
) -> None:
    content, expected = issued
    changed = manipulate(content, tmp_path)
    assert changed != content
    found = verify(changed, replace(expected, revisions=()))
    assert HASH in found
    assert [fault for fault in found if fault != HASH]


def test_a_genuine_record_of_another_decision_is_not_this_one(sealed: Make) -> None:
    record, other = sealed(), sealed("zh-hans")
    assert verify(store.read(record.file_sha256), expected_of(record)) == []
    assert HASH in verify(store.read(record.file_sha256), expected_of(other))


def test_a_forgery_signed_with_the_genuine_key_is_found_by_the_stored_digests_only(
    sealed: Make, now: datetime
) -> None:
    expected, other = expected_of(sealed()), sealed("zh-hans")
    base = store.read(other.file_sha256)[: other.base_size]
    forged = sealed_with(base, seal_at(now).signer)
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
