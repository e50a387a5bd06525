"""The renderer: from the page to the bytes that are sealed. One warm press for a process, with the vendored
fonts only.

Same page and data, same bytes: dates and the identifier come from the input, never from the clock.
"""

import hashlib
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NoReturn

from django.utils.translation import gettext as _

from records.press.finish import finisher
from records.press.glyphs import FONTS, Unprintable, missing, named
from records.press.optimise import optimise

# Fontconfig reads this once, when Pango loads: a machine's own fonts must never change a record.
os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

VARIANT = "pdf/a-3a"


@dataclass(frozen=True, slots=True)
class Printed:
    """A record before its first signature."""

    content: bytes
    pages: int


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file that travels inside the record."""

    name: str
    description: str
    content: bytes


def _refuse(url: str, *_args: object, **_options: object) -> NoReturn:
    raise Unprintable(f"A record may not load {url}.")


class _Complaints(logging.Handler):
    """Collects what the renderer only warns of, and a record must not have."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a warning that a glyph is missing."""
        message = record.getMessage()
        if ".notdef" in message:
            self.found.append(message)


@contextmanager
def _complete() -> Iterator[None]:
    """Raise Unprintable when the renderer set a missing glyph after all, which PDF/A forbids."""
    logger, complaints = logging.getLogger("weasyprint"), _Complaints()
    logger.addHandler(complaints)
    try:
        yield
    finally:
        logger.removeHandler(complaints)
    if complaints.found:
        raise Unprintable(complaints.found[0])


@cache
def _style() -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    return fonts, CSS(filename=Path(__file__).parent / "record.css", font_config=fonts, url_fetcher=_refuse)


def press(
    page: str, *, created: datetime, embedded: list[Embedded], fields: Mapping[str, str],
    waiting: Mapping[str, str] | None = None,
) -> Printed:  # fmt: skip
    """Print a page as PDF/A-3a with tags, embedded files and reserved signature fields (anchor: title).

    `waiting`: what stands in a field until it is signed.
    Raises Unprintable naming every character that the record fonts can't show.
    """
    if letters := missing(page):
        raise Unprintable(
            _("The record fonts have no glyph for: {characters}.").format(characters=named(letters))
        )
    fonts, style = _style()
    attachments = [
        Attachment(
            string=item.content,
            name=item.name,
            description=item.description,
            relationship="Data",
            created=created,
            modified=created,
        )
        for item in embedded
    ]
    identifier = hashlib.sha256(
        b"\0".join([page.encode(), *(item.content for item in embedded)])
    ).hexdigest()[:32]
    html = HTML(string=page, base_url="", url_fetcher=_refuse)
    with _complete():
        document = html.render(font_config=fonts, stylesheets=[style], pdf_variant=VARIANT, pdf_tags=True)
        content = document.write_pdf(
            pdf_variant=VARIANT,
            pdf_tags=True,
            attachments=attachments,
            finisher=finisher(fields, waiting),
            pdf_identifier=identifier.encode(),
        )
    return Printed(optimise(content), len(document.pages))
