"""From a frozen context and its signatories to the HTML of the record, in the language of the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from records.kinds import Kind, kind_of
from records.press.glyphs import printed
from records.press.spacing import spaced

HTML_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
FIGURE_FONTS = {
    "en": "Record Sans, Record Hei, Record Marks",
    "zh-hans": "Record Hei, Record Sans, Record Marks",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part of a record; empty parts don't exist. `board`: which of several it is about, if any."""

    number: int
    title: str | Promise
    template: str
    board: Any = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A reserved box for a person's signature: its field, and whose it is, in the language of the record."""

    field: str
    title: str


def page(
    context: Mapping[str, Any], *, code: str, address: str, context_sha256: str, kind: str = "review",
    boxes: Sequence[Box] = (),
) -> str:  # fmt: skip
    """Return the whole HTML; the same arguments give the same text on any machine and day.

    `boxes`: the people who will sign, in their order; with any there is one for the certification by the system, too.
    """
    known = kind_of(kind)
    with translation.override(context["language"]):
        values = _values(known, context, boxes, code, address, context_sha256)
        html = render_to_string(known.template, values)
    return spaced(printed(html))


def _values(
    kind: Kind, context: Mapping[str, Any], boxes: Sequence[Box], code: str, address: str, context_sha256: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "record": context,
        "signed": bool(boxes),
        "rows": box_rows(boxes),
        "code": code,
        "address": address,
        "context_sha256": context_sha256,
        "lang": HTML_LANGUAGES[context["language"]],
        "figure_fonts": FIGURE_FONTS[context["language"]],
        "zone": context["time_zone"],
        "created": kind.moment(context),
        "outcome": kind.outcome(context),
        "qr": qr_code(address),
        "page_words": page_words(),
        **kind.values(context),
    }


def page_words() -> list[str]:
    """Return what stands before, between and after the two counters of the footer."""
    before, rest = _("Page {page} of {pages}").split("{page}")
    between, after = rest.split("{pages}")
    return [before, between, after]


def numbered_parts(found: Sequence[tuple[str, str, Any, str]]) -> list[Part]:
    """Return title, template (of records/print, without its ending), subject and style as parts in their order."""
    return [
        Part(number, title, f"records/print/{template}.html", about, style)
        for number, (title, template, about, style) in enumerate(found, 1)
    ]


def box_rows(boxes: Sequence[Box]) -> list[list[dict[str, Any]]]:
    """Return two boxes a row: of the people in their order, of the issuing system, and last of the seal."""
    cells: list[dict[str, Any]] = [
        {"place": place, "field": box.field, "title": box.title} for place, box in enumerate(boxes, 1)
    ]
    if len(cells) % 2:
        cells.append({})
    cells += [{"system": True}, {"seal": True}] if boxes else [{"seal": True}, {}]
    return [cells[at : at + 2] for at in range(0, len(cells), 2)]


def qr_code(address: str) -> SafeString:
    """Return the address as an inline drawing, 25 mm wide, titled for readers who can't see it."""
    code = segno.make(address, error="m", micro=False)
    drawing = code.svg_inline(
        border=0,
        scale=1,
        title=_("QR code of the verification address {address}").format(address=address),
        omitsize=True,
    )
    return mark_safe(drawing.replace("<svg ", '<svg width="25mm" height="25mm" role="img" ', 1))  # noqa: S308
