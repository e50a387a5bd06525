"""Making a record beside WeasyPrint alone on the same page, and each signature on it; time and memory."""

import itertools
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

from asn1crypto import pem, x509
from django.utils import timezone, translation
from weasyprint import HTML

from accounts.models import User
from bench.measure import Action, Case, interleaved, rows, table
from imprimatur.record.expected import SEAL, SYSTEM
from imprimatur.record.line import written
from imprimatur.record.verify import verify
from records import rendering
from records.canonical import canonical, digest
from records.codes import new_code
from records.context import Language, ReviewContext
from records.issue import Signatory, freeze, seal, sign
from records.models import Record, RecordStep
from records.press.page import Box, page
from records.press.press import VARIANT, Printed, _style
from records.seal import timestamping
from records.seal.lines import Line
from records.seal.sign import Authority, signed
from records.sealing import advance
from records.stamping import stamp_of_person
from tests.dossiers import person
from tests.records import tsa
from tests.records.factories import review_context
from tests.records.keys import TestAuthority, TestKey
from tests.records.layers import Layers
from tests.records.lines import lines_on

LANGUAGES: tuple[Language, ...] = ("en", "zh-hans")
ROLES = ("legal", "chair")
PLAIN, TAGGED = "WeasyPrint alone", "WeasyPrint alone, PDF/A-3a with tags"
PRINT = "print: page, WeasyPrint, second pass"
CERTIFY, PERSON, SEALED = "certify", "a person's signature", "seal"
STAMPED, ARCHIVED = "a person's signature, with a stamp", "seal, with two stamps (B-LTA)"
CHECK = "verify the whole, four signatures"
WHOLE = "all of it: certified, signed by two, sealed, each verified, with files, rows and events"
CASES = (TAGGED, PRINT, CERTIFY, PERSON, SEALED, STAMPED, ARCHIVED, CHECK, WHOLE)
REFERENCES = dict.fromkeys(CASES, PLAIN)
AMOUNTS = (1, 10)


def run(*, rounds: int, sizes: Sequence[int]) -> None:  # noqa: ARG001  (every measurement is called alike)
    """Measure and print a table for each language, and one of memory."""
    people = [person("Lex Legal"), person("Chloe Chair")]
    subject = person("Sub Ject")
    for language in LANGUAGES:
        record, now = a_record(language), timezone.now()
        printed = print_of(record)
        with _stamping() as authority:
            found = interleaved(_cases(record, printed, [subject, *people], authority, now), rounds, warm=1)
        print(
            f"\n### {language}: {printed.pages} pages, {len(printed.content):,} bytes\n\n{table(found, REFERENCES)}\n"
        )
    print(_memory(), flush=True)


@contextmanager
def _stamping() -> Iterator[Authority]:
    """An authority of the time on this machine: `openssl ts` behind a small server."""
    with tempfile.TemporaryDirectory() as home:
        openssl = tsa.OpenSSL(Path(home))
        with tsa.served(tsa.well(openssl)) as address:
            roots = [x509.Certificate.load(pem.unarmor(openssl.roots.read_bytes())[2])]
            yield Authority(timestamping._Asked(address, roots), roots)


def a_record(language: Language) -> Record:
    """Return a whole record that waits for its signatures, not saved."""
    context = canonical(dict(review_context(language)))
    return Record(
        kind="review", reference="IMP-2026-0147", language=language, code=new_code(), context=context,
        context_sha256=digest(context), frozen_at=timezone.now(),
    )  # fmt: skip


def steps_of(record: Record) -> list[RecordStep]:
    """Return who is expected to sign it, not saved."""
    fields = (SYSTEM, *(f"sig-{role}" for role in ROLES), SEAL)
    return [
        RecordStep(record=record, place=place, field=field, title=field) for place, field in enumerate(fields)
    ]


def print_of(record: Record) -> Printed:
    """Return its print."""
    with translation.override(record.language):
        return rendering.printed(record, bytes(record.context), steps_of(record))


def html_of(record: Record) -> str:
    """Return the page as it is printed."""
    return page(
        cast(ReviewContext, json.loads(bytes(record.context))), code=record.code,
        address=rendering.address_of(record.code), context_sha256=record.context_sha256,
        boxes=[Box(step.field, step.title) for step in steps_of(record)[1:-1]],
    )  # fmt: skip


def weasyprint_alone(html: str, *, tagged: bool) -> bytes:
    """Print the page with the style and the fonts of records, and nothing else of ours."""
    fonts, style = _style()
    options = {"pdf_variant": VARIANT, "pdf_tags": True} if tagged else {}
    document = HTML(string=html, base_url="").render(font_config=fonts, stylesheets=[style], **options)
    return bytes(document.write_pdf(**options))


def layered(
    record: Record, printed: Printed, now: datetime, authority: TestAuthority | None = None
) -> Layers:
    """Return the print with every signature, without database and store."""
    authority = authority or TestAuthority()
    content, files, keys = printed.content, {}, {}
    for step in steps_of(record):
        keys[step.field] = authority.key_for(step.field)
        content = files[step.field] = one(record, step.field, content, keys[step.field], now)
    return Layers(printed.content, files, keys)


def one(
    record: Record,
    field: str,
    content: bytes,
    key: TestKey,
    now: datetime,
    authority: Authority | None = None,
) -> bytes:
    """Return the file with one signature more."""
    lines = dict(zip((f"sig-{role}" for role in ROLES), lines_on(record.context_sha256), strict=True))
    line = lines.get(field)
    return signed(
        content, field=field, key=key, now=now, name=line["name"] if line else "Organisation",
        reason=line["meaning"] if line else "Issue", certify=field == SYSTEM, statement=written(line) if line else b"",
        stamp=stamp_of_person(line, "PAdES B-B") if line else [Line("detail", "2026")], authority=authority,
        archive=field == SEAL,
    )  # fmt: skip


def make(record: Record, now: datetime) -> bytes:
    """Print, sign and verify a record, without database and store."""
    made = layered(record, print_of(record), now)
    verify(made.last, made.expected())
    return made.last


def _cases(
    record: Record, printed: Printed, people: Sequence[User], authority: Authority, now: datetime
) -> Mapping[str, Case]:
    html, made = html_of(record), layered(record, printed, now)
    waiting = _waiting(cast(Language, record.language), people, now)

    def adding(field: str, below: bytes, stamps: Authority | None = None) -> Case:
        return lambda: lambda: one(record, field, below, made.keys[field], timezone.now(), stamps)

    def whole() -> Action:
        pending = next(waiting)
        return lambda: advance(record_id=pending.pk, now=timezone.now())

    legal, chair = made.files["sig-legal"], made.files["sig-chair"]
    return {
        PLAIN: lambda: lambda: weasyprint_alone(html, tagged=False),
        TAGGED: lambda: lambda: weasyprint_alone(html, tagged=True),
        PRINT: lambda: lambda: print_of(record),
        CERTIFY: adding(SYSTEM, made.base),
        PERSON: adding("sig-chair", legal),
        SEALED: adding(SEAL, chair),
        STAMPED: adding("sig-chair", legal, authority),
        ARCHIVED: adding(SEAL, chair, authority),
        CHECK: lambda: lambda: verify(made.last, made.expected()),
        WHOLE: whole,
    }


def _waiting(language: Language, people: Sequence[User], now: datetime) -> Iterator[Record]:
    """Yield records that everybody has signed, in the database, without a file."""
    subject, *signers = people
    for number in itertools.count(1):
        frozen = freeze(
            kind="review", obj=subject, reference=f"IMP-2026-{number:04}", language=language,
            context=review_context(language), actor=None, now=now,
            signatories=[Signatory(role, role) for role in ROLES],
        )  # fmt: skip
        lines = lines_on(frozen.context_sha256, language, signers)
        for role, line, signer in zip(ROLES, lines, signers, strict=True):
            sign(record=frozen, role=role, line=line, person=signer, now=now)
        yield seal(record=frozen, actor=None, now=now)


def _memory() -> str:
    """Return a table of the highest resident memory of fresh processes that make one record, and ten."""
    lines = [
        [
            language,
            *(_spent(what, language, amount) for what in ("start", "alone", "record") for amount in AMOUNTS),
        ]
        for language in LANGUAGES
    ]
    ways = ("started", "WeasyPrint alone", "printed, signed, verified")
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
