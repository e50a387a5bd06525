"""What can be done to a signed record without its keys: each takes a genuine file and returns another."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from records.seal.sign import ARCHIVE, SEAL, RecordSigner
from tests.records.issued import CHAIR, LEGAL, House, Issued, issue
from tests.records.layers import NOW, printed

Writer = IncrementalPdfFileWriter
Change = Callable[[Writer], None]
Node = Any  # objects of a PDF, which have no types


@dataclass(frozen=True)
class Material:
    """A genuine record, a genuine one of another decision by the same house, and a house that is nobody's."""

    issued: Issued
    other: Issued
    foreign: House


@cache
def material() -> Material:
    """Return it; made once for all tests of a process."""
    house = House()
    other = issue(printed("zh-hans"), house, language="zh-hans")
    return Material(issue(printed(), house), other, House())


Manipulation = Callable[[Material], bytes]


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def raw(content: bytes, find: Callable[[pikepdf.Pdf], pikepdf.Object]) -> int:
    """Return where the stored bytes of a stream lie in the file."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        place = content.find(bytes(find(pdf).read_raw_bytes()))
    assert place > 0
    return place


class Editor(IncrementalPdfFileWriter):
    """Writes a revision as an editor would, that knows to leave XMP and Info alone."""

    def _update_meta(self) -> None:
        return


def updated(content: bytes, change: Change) -> bytes:
    """Return the file with one more revision."""
    writer = Editor(io.BytesIO(content))
    change(writer)
    target = io.BytesIO()
    writer.write(target)  # type: ignore[no-untyped-call]  # pyHanko types only a part
    return target.getvalue()


def revision(change: Change) -> Manipulation:
    """Return the manipulation that adds this change in a revision of its own."""

    def manipulate(given: Material) -> bytes:
        return updated(given.issued.content, change)

    manipulate.__name__ = change.__name__
    return manipulate


def field_of(writer: Writer, name: str) -> Node:
    (found,) = [
        one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/T"] == name
    ]
    return found


def streamed(writer: Writer, content: bytes, **entries: Node) -> generic.IndirectObject:
    named = {pdf_name(f"/{key}"): value for key, value in entries.items()}
    return writer.add_object(generic.StreamObject(named, stream_data=content))


def numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject(map(generic.NumberObject, values))


# -- The list of checks.md ------------------------------------------------------------------------------------------


def page_byte(given: Material) -> bytes:
    content = given.issued.content
    return flipped(content, raw(content, lambda pdf: pdf.pages[1].Contents) + 40)


def attachment_byte(given: Material) -> bytes:
    content = given.issued.content
    return flipped(content, raw(content, lambda pdf: pdf.Root.AF[0].EF.F) + 40)


def overlay(writer: Writer) -> None:
    writer.add_stream_to_page(0, streamed(writer, b"BT /F1 40 Tf 100 500 Td (REJECTED) Tj ET"))


def page_text(writer: Writer) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[pdf_name("/Contents")] = streamed(writer, b"BT ET")
    writer.update_container(page)


def page_added(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"), pdf_name("/Parent"): writer.root.raw_get("/Pages"),
            pdf_name("/MediaBox"): numbers(0, 0, 595, 842),
        }
    )  # fmt: skip
    pages["/Kids"].append(writer.add_object(page))
    pages[pdf_name("/Count")] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)


def attachment_swapped(writer: Writer) -> None:
    files = writer.root["/AF"][0].get_object()["/EF"]
    files[pdf_name("/F")] = streamed(writer, b"{}")
    writer.update_container(files)


def appearance_redrawn(writer: Writer) -> None:
    look = field_of(writer, LEGAL)["/AP"]
    form = {"Type": pdf_name("/XObject"), "Subtype": pdf_name("/Form"), "BBox": numbers(0, 0, 9, 9)}
    look[pdf_name("/N")] = streamed(writer, b"0 0 9 9 re f", **form)
    writer.update_container(look)


def xmp_edited(writer: Writer) -> None:
    writer.root[pdf_name("/Metadata")] = streamed(writer, b"<x/>")
    writer.update_root()


def info_edited(writer: Writer) -> None:
    info = writer.prev.trailer_view["/Info"]
    info[pdf_name("/Title")] = generic.pdf_string("Another title")
    writer.mark_update(writer.prev.trailer_view.raw_get("/Info"))


def bytes_after_the_end(given: Material) -> bytes:
    return given.issued.content + b"\n% and one more thing\n"


def cut_back_to_the_seal(given: Material) -> bytes:
    content = given.issued.content
    return content[: content.rfind(b"%%EOF", 0, content.rfind(b"%%EOF")) + 6]


def cut_back_to_the_chair(given: Material) -> bytes:
    return given.issued.files[CHAIR]


def cut_back_to_the_print(given: Material) -> bytes:
    return given.issued.base


class Signer(RecordSigner):
    """Signs as our own signer does, so that nothing but the signature is wrong."""

    moment, entries = NOW, {}


def extra_signature(given: Material) -> bytes:
    """An invisible signature in a field of its own."""
    meta, spec = signers.PdfSignatureMetadata(field_name="extra"), fields.SigFieldSpec("extra")
    signer = Signer(meta, given.foreign.keys[SEAL].signer, new_field_spec=spec)
    return bytes(signer.sign_pdf(Editor(io.BytesIO(given.issued.content))).getvalue())


def reserved_field_filled_by_a_colleague(given: Material) -> bytes:
    """The chair's field is signed with the genuine key of the lawyer, and closed by the genuine seal."""
    house = given.issued.house
    return issue(given.issued.base, house, keys={CHAIR: house.keys[LEGAL]}).content


def reserved_field_filled_by_a_stranger(given: Material) -> bytes:
    return issue(given.issued.base, given.issued.house, keys={CHAIR: given.foreign.keys[CHAIR]}).content


def signed_again_by_strangers(given: Material) -> bytes:
    return issue(given.issued.base, given.foreign).content


def last_digit(given: Material) -> bytes:
    """Change the last digit of the padding behind the last signature, which no byte range covers."""
    content = given.issued.content
    end = content.rfind(b"00>")
    return content[: end + 1] + b"1" + content[end + 2 :]


def another_decision(given: Material) -> bytes:
    return given.other.content


LISTED: list[Manipulation] = [
    page_byte, attachment_byte, bytes_after_the_end, cut_back_to_the_seal, cut_back_to_the_chair, cut_back_to_the_print,
    extra_signature, reserved_field_filled_by_a_colleague, reserved_field_filled_by_a_stranger,
    signed_again_by_strangers, last_digit,
    *map(revision, (overlay, page_text, page_added, attachment_swapped, appearance_redrawn, xmp_edited, info_edited)),
]  # fmt: skip


# -- Our own --------------------------------------------------------------------------------------------------------


def forged_list_in_the_store(given: Material) -> bytes:
    """Whoever reads the DSS shall believe that somebody was revoked, by a list of another authority."""

    def change(writer: Writer) -> None:
        store = writer.root["/DSS"]
        lists = store["/CRLs"]
        lists.append(streamed(writer, given.foreign.revoking(CHAIR, NOW)))
        writer.update_container(lists)

    return updated(given.issued.content, change)


def rubbish_in_the_store(writer: Writer) -> None:
    lists = writer.root["/DSS"]["/CRLs"]
    lists.append(streamed(writer, b"0\x03\x02\x01\x05"))
    writer.update_container(lists)


def another_key_in_the_store(writer: Writer) -> None:
    store = writer.root["/DSS"]
    store[pdf_name("/VRI")] = generic.DictionaryObject()
    writer.update_container(store)


def stamp_moved_over_another(writer: Writer) -> None:
    mine, theirs = field_of(writer, LEGAL), field_of(writer, CHAIR)
    mine[pdf_name("/Rect")] = generic.ArrayObject(theirs["/Rect"])
    writer.update_container(mine)


def signatures_swapped(writer: Writer) -> None:
    one, two = field_of(writer, LEGAL), field_of(writer, CHAIR)
    one[pdf_name("/V")], two[pdf_name("/V")] = two.raw_get("/V"), one.raw_get("/V")
    writer.update_container(one)
    writer.update_container(two)


def signatures_swapped_in_place(given: Material) -> bytes:
    """The bytes of two signatures change places; both are as long."""
    content = given.issued.content
    one, two = list(re.finditer(rb"/Contents <([0-9a-fA-F]+)>", content))[1:3]
    shortest = min(len(one[1]), len(two[1]))
    first, second = one[1][:shortest], two[1][:shortest]
    content = content[: one.start(1)] + second + content[one.start(1) + shortest :]
    return content[: two.start(1)] + first + content[two.start(1) + shortest :]


def statement_replaced(given: Material) -> bytes:
    content = given.issued.content
    place = content.find(b"/IMPR_Statement")
    assert place > 0
    return flipped(content, place + 60)


def page_hidden(writer: Writer) -> None:
    """A layer that is off, by which a reader would hide what stands on it."""
    group = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): generic.pdf_string("1")}
    )
    layer = writer.add_object(group)
    off = generic.DictionaryObject({pdf_name("/OFF"): generic.ArrayObject([layer])})
    writer.root[pdf_name("/OCProperties")] = generic.DictionaryObject(
        {pdf_name("/OCGs"): generic.ArrayObject([layer]), pdf_name("/D"): off}
    )
    writer.update_root()


def action_on_opening(writer: Writer) -> None:
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert(1)")}
    )
    writer.update_root()


def note_on_a_page(writer: Writer) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): numbers(50, 50, 400, 200), pdf_name("/Contents"): generic.pdf_string("Withdrawn"),
        }
    )  # fmt: skip
    page[pdf_name("/Annots")] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(note)])
    writer.update_container(page)


def what_is_read_aloud(writer: Writer) -> None:
    """The structure tree is what a screen reader reads; the eye sees no difference."""
    tree = writer.root["/StructTreeRoot"]
    kids = tree["/K"]
    top = kids[0].get_object() if isinstance(kids, generic.ArrayObject) else kids
    top[pdf_name("/ActualText")] = generic.pdf_string("Rejected")
    writer.update_container(top)


def certification_taken_away(writer: Writer) -> None:
    del writer.root["/Perms"]
    writer.update_root()


def another_catalog(writer: Writer) -> None:
    """A catalog of its own, with the same pages, that the trailer leads to."""
    copy = generic.DictionaryObject(writer.root)
    writer._root = writer.add_object(copy)


def byte_range_widened(given: Material) -> bytes:
    content = given.issued.content
    place = content.rfind(b"/ByteRange")
    found = re.search(rb"\d+(?=\s*\])", content[place:])
    assert found is not None
    at = place + found.end() - 1
    return content[:at] + (b"1" if content[at : at + 1] != b"1" else b"2") + content[at + 1 :]


def stamped_by_another_authority(given: Material) -> bytes:
    """The last timestamp is cut away, and another authority puts its own in the reserved field."""
    cut = cut_back_to_the_seal(given)
    writer = Editor(io.BytesIO(cut))
    stamper = signers.PdfTimeStamper(given.foreign.stamps.stamper, field_name=ARCHIVE)
    return bytes(stamper.timestamp_pdf(writer, "sha256", None).getvalue())


def second_record_inside(writer: Writer) -> None:
    """Another record.json beside the first, for whoever takes the last."""
    tree = writer.root["/Names"]["/EmbeddedFiles"]
    names = tree["/Names"]
    names.append(names[0])
    names.append(names.raw_get(1))
    writer.update_container(names)
    writer.update_container(tree)


def object_freed(given: Material) -> bytes:
    """A revision that says that an object is no more, with a table of its own."""
    content = given.issued.content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        number, root, size = pdf.pages[0].Contents.objgen[0], pdf.Root.objgen[0], int(pdf.trailer.Size)
        info = pdf.trailer.Info.objgen[0]
        own = bytes(pdf.trailer.ID[0]).hex()
    before = int(content[content.rfind(b"startxref") + 9 :].split()[0])
    at = len(content)
    table = b"xref\n%d 1\n0000000000 00001 f\r\n" % number
    trailer = b"trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /Prev %d /ID [<%b><%b>]>>\n" % (
        size, root, info, before, own.encode(), own.encode(),
    )  # fmt: skip
    return content + table + trailer + b"startxref\n%d\n%%%%EOF\n" % at


OWN: list[Manipulation] = [
    signatures_swapped_in_place, statement_replaced, forged_list_in_the_store, byte_range_widened, object_freed,
    stamped_by_another_authority,
    *map(
        revision,
        (
            another_catalog, rubbish_in_the_store, another_key_in_the_store, stamp_moved_over_another,
            signatures_swapped, page_hidden, action_on_opening, note_on_a_page, what_is_read_aloud,
            certification_taken_away, second_record_inside,
        ),
    ),
]  # fmt: skip
