"""Making a record beside WeasyPrint alone on the same page, in both languages; time and memory."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

from django.utils import timezone, translation
from weasyprint import HTML

from accounts.models import User
from bench.measure import Action, Case, interleaved, rows, table
from records import rendering
from records.canonical import canonical, digest
from records.codes import new_code
from records.context import Language, ReviewContext, SignatureLine
from records.issue import freeze, seal
from records.models import Record
from records.press.page import page
from records.press.press import VARIANT, Printed, _style
from records.seal.credentials import seal_at
from tests.dossiers import person
from tests.records.factories import review_context, signature_lines

LANGUAGES: tuple[Language, ...] = ("en", "zh-hans")
PLAIN, TAGGED = "WeasyPrint alone", "WeasyPrint alone, PDF/A-3a with tags"
PRINT, SEAL, CHECK = "print_record: page, print, second pass", "seal", "verify what was sealed"
WHOLE = "seal_record: all of it, with file, rows and events"
REFERENCES = {TAGGED: PLAIN, PRINT: PLAIN, SEAL: PLAIN, CHECK: PLAIN, WHOLE: PLAIN}
AMOUNTS = (1, 10)


def run(*, rounds: int, sizes: Sequence[int]) -> None:  # noqa: ARG001  (every measurement is called alike)
    """Measure and print a table for each language, and one of memory."""
    subject = person("Sub Ject")
    for language in LANGUAGES:
        record, now = a_record(language), timezone.now()
        with translation.override(language):
            printed = rendering.print_record(record)
        found = interleaved(_cases(record, printed, subject, now), rounds, warm=2)
        print(
            f"\n### {language}: {printed.pages} pages, {len(printed.content):,} bytes\n\n{table(found, REFERENCES)}\n"
        )
    print(_memory(), flush=True)


def a_record(language: Language) -> Record:
    """Return a whole record that waits for its seal, not saved."""
    context = canonical(dict(review_context(language)))
    return Record(
        kind="review", reference="IMP-2026-0147", language=language, code=new_code(), context=context,
        context_sha256=digest(context), signatures=canonical([dict(line) for line in signature_lines(language)]),
        frozen_at=timezone.now(),
    )  # fmt: skip


def html_of(record: Record) -> str:
    """Return the page as print_record makes it."""
    return page(
        cast(ReviewContext, json.loads(bytes(record.context))),
        cast(list[SignatureLine], json.loads(bytes(record.signatures))),
        code=record.code, address=rendering.address_of(record.code), context_sha256=record.context_sha256,
    )  # fmt: skip


def weasyprint_alone(html: str, *, tagged: bool) -> bytes:
    """Print the page with the style and the fonts of records, and nothing else of ours."""
    fonts, style = _style()
    options = {"pdf_variant": VARIANT, "pdf_tags": True} if tagged else {}
    document = HTML(string=html, base_url="").render(font_config=fonts, stylesheets=[style], **options)
    return bytes(document.write_pdf(**options))


def make(record: Record, now: datetime) -> bytes:
    """Print, seal and verify a record, without database and store."""
    with translation.override(record.language):
        key = seal_at(now)
        printed = rendering.print_record(record)
        content = rendering._sealed(record, printed, key, now)
        rendering._check(content, printed, key, now)
    return content


def _cases(record: Record, printed: Printed, subject: User, now: datetime) -> dict[str, Case]:
    html, key = html_of(record), seal_at(now)
    with translation.override(record.language):
        content = rendering._sealed(record, printed, key, now)
    pending = _pending(cast(Language, record.language), subject, now)

    def whole() -> Action:
        waiting = next(pending)
        return lambda: rendering.seal_record(record_id=waiting.pk, now=timezone.now())

    return {
        PLAIN: lambda: lambda: weasyprint_alone(html, tagged=False),
        TAGGED: lambda: lambda: weasyprint_alone(html, tagged=True),
        PRINT: lambda: lambda: rendering.print_record(record),
        SEAL: lambda: lambda: rendering._sealed(record, printed, key, now),
        CHECK: lambda: lambda: rendering._check(content, printed, key, now),
        WHOLE: whole,
    }


def _pending(language: Language, subject: User, now: datetime) -> Iterator[Record]:
    """Yield records that wait for their seal, in the database."""
    for number in itertools.count(1):
        frozen = freeze(
            kind="review", obj=subject, reference=f"IMP-2026-{number:04}", language=language,
            context=review_context(language), actor=None, now=now,
        )  # fmt: skip
        yield seal(record=frozen, signatures=signature_lines(language), actor=None, now=now)


def _memory() -> str:
    """Return a table of the highest resident memory of fresh processes that make one record, and ten."""
    lines = [
        [
            language,
            *(_spent(what, language, amount) for what in ("start", "alone", "record") for amount in AMOUNTS),
        ]
        for language in LANGUAGES
    ]
    ways = ("started", "WeasyPrint alone", "printed, sealed, verified")
    return rows(("MB at most", *(f"{way}, {amount}" for way in ways for amount in AMOUNTS)), lines)


def _spent(what: str, language: str, amount: int) -> str:
    command = [sys.executable, "-m", "bench.memory", what, language, str(amount)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    return done.stdout.strip()


def spend(what: str, language: Language, amount: int) -> None:
    """Make `amount` records one after the other in this process, as far as `what` says."""
    record = a_record(language)
    for _number in range(amount):
        if what == "alone":
            weasyprint_alone(html_of(record), tagged=False)
        elif what == "record":
            make(record, timezone.now())
