"""Spot checks for PDF/A-3a and PDF/UA-1 with pikepdf; conformance is not claimed, for no validator is at
hand.
"""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

Node = Any  # objects of a PDF


def faults(content: bytes) -> list[str]:
    """Return the name of each check that fails."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [name for name, check in CHECKS.items() if not check(pdf, content)]


def _objects(pdf: Pdf) -> Iterator[Node]:
    for item in pdf.objects:
        if isinstance(item, Dictionary | Stream):
            yield item


def _fonts(pdf: Pdf) -> list[Node]:
    return [item for item in _objects(pdf) if item.get("/Type") == Name.Font]


def _annotations(pdf: Pdf) -> list[Node]:
    return [item for page in pdf.pages for item in page.get("/Annots", [])]


def _widgets(pdf: Pdf) -> list[Node]:
    return [item for item in _annotations(pdf) if item.Subtype == Name.Widget]


def _xmp(pdf: Pdf) -> str:
    return bytes(pdf.Root.Metadata.read_bytes()).decode()


def _elements(pdf: Pdf, kind: str) -> list[Node]:
    return [
        item for item in _objects(pdf) if item.get("/Type") == Name.StructElem and Name(f"/{kind}") == item.S
    ]


def _embedded_once(pdf: Pdf, _content: bytes) -> bool:
    listed = [item.objgen for item in pdf.Root.AF]
    wanted = {"/F", "/UF", "/Desc", "/AFRelationship", "/EF"}
    files = [item for item in _objects(pdf) if item.get("/Type") == Name.EmbeddedFile]
    return (
        len(listed) == len(set(listed)) == len(pdf.attachments) > 0
        and all(wanted <= set(item.keys()) for item in pdf.Root.AF)
        and all("/Subtype" in item and {"/ModDate", "/Size"} <= set(item.Params.keys()) for item in files)
    )


def _fonts_embedded(pdf: Pdf, _content: bytes) -> bool:
    described = [item for item in _objects(pdf) if item.get("/Type") == Name.FontDescriptor]
    composite = [item for item in _fonts(pdf) if item.Subtype == Name.Type0]
    descendants = [item for item in _fonts(pdf) if item.Subtype == Name.CIDFontType2]
    return (
        bool(described)
        and all({"/FontFile", "/FontFile2", "/FontFile3"} & set(item.keys()) for item in described)
        and all("/ToUnicode" in item for item in composite)
        and all("/CIDToGIDMap" in item for item in descendants)
    )


def _streams_allowed(pdf: Pdf, _content: bytes) -> bool:
    for item in _objects(pdf):
        if isinstance(item, Stream):
            filters = item.get("/Filter", Array())
            names = [str(name) for name in (filters if isinstance(filters, Array) else [filters])]
            if "/LZWDecode" in names or "/F" in item or item.get("/Interpolate", False):
                return False
    return True


def _flags(pdf: Pdf, _content: bytes) -> bool:
    """Print set; Invisible, Hidden and NoView clear."""
    return all(int(item.F) & 4 and not int(item.F) & (1 | 2 | 32) for item in _annotations(pdf))


def _widgets_tagged(pdf: Pdf, _content: bytes) -> bool:
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip((int(key) for key in numbers[0::2]), numbers[1::2], strict=True))
    return all(
        "/AP" in item
        and "/TU" in item
        and item.P.get("/Tabs") == Name.S
        and Name.Form == parents[int(item.StructParent)].S
        for item in _widgets(pdf)
    )


def _no_actions(pdf: Pdf, _content: bytes) -> bool:
    banned = {"/JavaScript", "/JS", "/AA", "/OpenAction", "/XFA", "/Launch", "/RichMedia"}
    return not any(banned & set(item.keys()) for item in _objects(pdf)) and "/OpenAction" not in pdf.Root


def _byte_range(pdf: Pdf, content: bytes) -> bool:
    """Each signature covers its revision whole, but for its own place, and the last one the file."""
    ends = []
    for item in _objects(pdf):
        if item.get("/Type") in {Name.Sig, Name.DocTimeStamp}:
            first, length, second, rest = (int(value) for value in item.ByteRange)
            revision = content[: second + rest]
            if first != 0 or length >= second or not revision.rstrip(b"\r\n").endswith(b"%%EOF"):
                return False
            ends.append(second + rest)
    return not ends or max(ends) == len(content)


CHECKS: dict[str, Callable[[Pdf, bytes], bool]] = {
    "header 1.7 and binary comment": lambda _pdf, c: bool(re.match(rb"%PDF-1\.7\r?\n%[\x80-\xff]{4}", c)),
    "version not raised": lambda pdf, _c: "/Version" not in pdf.Root,
    "trailer identifier, not encrypted": lambda pdf, _c: "/ID" in pdf.trailer and not pdf.is_encrypted,
    "nothing after the end": lambda _pdf, c: c.rstrip(b"\r\n").endswith(b"%%EOF"),
    "XMP says PDF/A-3a": lambda pdf, _c: bool(
        re.search(r"pdfaid:part[>=\"' ]+3", _xmp(pdf))
        and re.search(r"pdfaid:conformance[>=\"' ]+A", _xmp(pdf))
    ),
    "XMP says PDF/UA-1 with its schema": lambda pdf, _c: (
        "<pdfuaid:part>1<" in _xmp(pdf) and "http://www.aiim.org/pdfua/ns/id/" in _xmp(pdf)
    ),
    "one rdf:RDF": lambda pdf, _c: len(re.findall(r"<rdf:RDF", _xmp(pdf))) == 1,
    "output intent with profile": lambda pdf, _c: any(
        item.S == Name.GTS_PDFA1 and "/DestOutputProfile" in item for item in pdf.Root.OutputIntents
    ),
    "marked, language, title shown": lambda pdf, _c: bool(
        pdf.Root.MarkInfo.Marked and pdf.Root.get("/Lang") and pdf.Root.ViewerPreferences.DisplayDocTitle
    ),
    "no actions or scripts": _no_actions,
    "attachments once, described": _embedded_once,
    "fonts embedded with maps": _fonts_embedded,
    "filters allowed, nothing external": _streams_allowed,
    "flags of annotations": _flags,
    "widgets visible to readers": _widgets_tagged,
    "no appearances on demand": lambda pdf, _c: not pdf.Root.AcroForm.get("/NeedAppearances", False),
    "permissions by certification only": lambda pdf, _c: (
        "/Perms" not in pdf.Root or set(pdf.Root.Perms.keys()) == {"/DocMDP"}
    ),
    "byte range with one gap": _byte_range,
    "figures described": lambda pdf, _c: all("/Alt" in item for item in _elements(pdf, "Figure")),
    "header cells with scope": lambda pdf, _c: (
        bool(_elements(pdf, "TH")) and all("/Scope" in item.A for item in _elements(pdf, "TH"))
    ),
    "identifiers listed": lambda pdf, _c: (
        "/IDTree" in pdf.Root.StructTreeRoot or not any("/ID" in item for item in _elements(pdf, "Note"))
    ),
}
