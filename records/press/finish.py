"""What a record needs on top of the renderer's own output: PDF/UA identification, attachments once, a field
for each signature.

Everything here is what WeasyPrint 70 leaves out or puts where PDF/A forbids it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pydyf

from records.press.waiting import looks

_UA = (Path(__file__).parent / "pdfua.xml").read_bytes().strip()
Document = Any  # WeasyPrint's laid-out document, which has no types
UNSEEN = "ts-"  # fields of this name are reserved where their anchor stands, without a place of their own
_PIXEL = 0.75  # points in a CSS pixel


def finisher(
    titles: Mapping[str, str], waiting: Mapping[str, str] | None = None
) -> Callable[[Document, pydyf.PDF], None]:
    """Return a finisher; `titles` names each signature field (an anchor of the page) for people who can't see it.

    `waiting`: what stands in the box of a field until it is signed.
    """

    def finish(document: Document, pdf: pydyf.PDF) -> None:
        objects = {item.reference: item for item in pdf.objects if getattr(item, "number", None) is not None}
        catalog = pdf.catalog
        if "AF" in catalog:
            catalog["AF"] = pydyf.Array(dict.fromkeys(catalog["AF"]))
        metadata = objects[catalog["Metadata"]]
        metadata.stream = [metadata.stream[0].replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>")]
        _add_fields(document, pdf, objects, titles, waiting or {})
        for reference in pdf.page_references:
            if "Annots" in objects[reference]:
                objects[reference]["Tabs"] = "/S"

    return finish


def _add_fields(
    document: Document,
    pdf: pydyf.PDF,
    objects: Mapping[bytes, Any],
    titles: Mapping[str, str],
    waiting: Mapping[str, str],
) -> None:
    """Reserve an empty signature field at each anchor, tagged as a form in reading order."""
    root = objects[pdf.catalog["StructTreeRoot"]]
    numbers, body = objects[root["ParentTree"]]["Nums"], objects[root["K"][0]]
    look = pydyf.Stream(
        [b""],
        {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array([0, 0, 1, 1]),
            "Resources": pydyf.Dictionary(),
        },
    )
    pdf.add_object(look)
    held = looks(pdf, *_waiting_boxes(document, waiting))
    fields = pydyf.Array()
    for place, page in enumerate(document.pages):
        reference = pdf.page_references[place]
        for name in sorted(set(page.anchors) & set(titles)):
            left, top, right, bottom = page.anchors[name]
            box = (left, page.height - bottom, right, page.height - top)
            if name.startswith(UNSEEN):
                box = (0, 0, 0, 0)  # a stamp of the time has nothing to show; it is tagged like the others
            field = pydyf.Dictionary(
                {
                    "Type": "/Annot",
                    "Subtype": "/Widget",
                    "FT": "/Sig",
                    "T": pydyf.String(name),
                    "TU": pydyf.String(titles[name]),
                    "F": 132,  # Print and Locked
                    "Rect": pydyf.Array([round(value * _PIXEL, 2) for value in box]),
                    "P": reference,
                    "StructParent": (key := max(numbers[0::2]) + 1),
                    "AP": pydyf.Dictionary({"N": held.get(name, look).reference}),
                }
            )
            pdf.add_object(field)
            # /K is the reference dictionary itself: in a list, pyHanko flags every legitimate signature.
            element = pydyf.Dictionary(
                {
                    "Type": "/StructElem",
                    "S": "/Form",
                    "P": body.reference,
                    "Pg": reference,
                    "Alt": pydyf.String(titles[name]),
                    "K": pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": reference}),
                }
            )
            pdf.add_object(element)
            body["K"].append(element.reference)
            numbers.extend([key, element.reference])
            objects[reference].setdefault("Annots", pydyf.Array()).append(field.reference)
            fields.append(field.reference)
    form = pydyf.Dictionary({"Fields": fields, "SigFlags": 1})
    pdf.add_object(form)
    pdf.catalog["AcroForm"] = form.reference


def _waiting_boxes(
    document: Document, waiting: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, tuple[float, float]]]:
    """Return the words of the fields that are on a page, and width and height of their boxes in points."""
    boxes = {}
    for page in document.pages:
        for name in set(page.anchors) & set(waiting):
            left, top, right, bottom = page.anchors[name]
            boxes[name] = ((right - left) * _PIXEL, (bottom - top) * _PIXEL)
    return {name: waiting[name] for name in sorted(boxes)}, boxes
