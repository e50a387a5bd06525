"""From a frozen context and its signatures to the HTML of the record, in the language of the record."""

from dataclasses import dataclass
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from records.context import Ballot, Board, ReviewContext, SignatureLine
from records.press.figures import NAMES_UP_TO, clock_figure, quorum_figure
from records.press.glyphs import printed
from records.press.spacing import spaced

HTML_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
FIGURE_FONTS = {
    "en": "Record Sans, Record Hei, Record Marks",
    "zh-hans": "Record Hei, Record Sans, Record Marks",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part of a record; empty parts don't exist."""

    number: int
    title: str | Promise
    template: str
    board: Board | None = None
    style: str = ""


def page(
    context: ReviewContext, signatures: list[SignatureLine], *, code: str, address: str, context_sha256: str
) -> str:
    """Return the whole HTML; the same arguments give the same text on any machine and day."""
    with translation.override(context["language"]):
        html = render_to_string(
            "records/print/review.html", _values(context, signatures, code, address, context_sha256)
        )
    return spaced(printed(html))


def _values(
    context: ReviewContext, signatures: list[SignatureLine], code: str, address: str, context_sha256: str
) -> dict[str, Any]:
    ballots = [ballot for board in context["boards"] for ballot in board["ballots"]]
    return {
        "record": context,
        "signatures": signatures,
        "rows": _signature_rows(signatures),
        "code": code,
        "address": address,
        "context_sha256": context_sha256,
        "lang": HTML_LANGUAGES[context["language"]],
        "figure_fonts": FIGURE_FONTS[context["language"]],
        "zone": context["time_zone"],
        "created": context["decision"]["decided_at"],
        "qr": qr_code(address),
        "parts": parts_of(context),
        "tallies": _deciding_ballots(context),
        "figures": [(ballot["number"], quorum_figure(ballot)) for ballot in ballots],
        "numbered": any(len(ballot["seats"]) > NAMES_UP_TO for ballot in ballots),
        "blocking": [condition for condition in context["conditions"] if condition["blocks_release"]],
        "minority": [
            opinion["author"] for board in context["boards"] for opinion in board["minority_opinions"]
        ],
        "clock": clock_figure(context["clock"]),
        "page_words": page_words(),
    }


def page_words() -> list[str]:
    """Return what stands before, between and after the two counters of the footer."""
    before, rest = _("Page {page} of {pages}").split("{page}")
    between, after = rest.split("{pages}")
    return [before, between, after]


def parts_of(context: ReviewContext) -> list[Part]:
    """Return the parts that have something to say, numbered in reading order."""
    found: list[tuple[str, str, Board | None, str]] = [(_("Request and model"), "request", None, "pb")]
    found += [(board["name"], "board", board, "") for board in context["boards"]]
    if context["conditions"]:
        found.append((_("Conditions"), "conditions", None, ""))
    if context["dossier"]:
        found.append((_("Dossier"), "dossier", None, ""))
    if context["findings"]:
        found.append((_("Findings and how they ended"), "findings", None, ""))
    if context["questions"]:
        found.append((_("Questions and answers"), "questions", None, ""))
    if context["checks"]:
        found.append((_("Compliance checklists"), "checks", None, ""))
    if context["timeline"]:
        found.append((_("Timeline"), "timeline", None, ""))
    found.append((_("Verification"), "proof", None, "whole"))
    found.append((_("Signatures"), "signatures", None, ""))
    return [
        Part(number, title, f"records/print/{template}.html", board, style)
        for number, (title, template, board, style) in enumerate(found, 1)
    ]


def _deciding_ballots(context: ReviewContext) -> list[tuple[Board, Ballot]]:
    """Return for each board the last ballot on a motion, which decided or came nearest to it."""
    return [
        (board, [ballot for ballot in board["ballots"] if ballot["kind"] != "override"][-1])
        for board in context["boards"]
        if any(ballot["kind"] != "override" for ballot in board["ballots"])
    ]


def _signature_rows(signatures: list[SignatureLine]) -> list[list[dict[str, Any]]]:
    """Return two boxes a row; the box of the seal is the last."""
    cells: list[dict[str, Any]] = [{"place": place, "line": line} for place, line in enumerate(signatures, 1)]
    cells.append({"seal": True})
    if len(cells) % 2:
        cells.append({})
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
