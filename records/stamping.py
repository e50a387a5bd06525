"""What a signature shows in its box: who, in which meaning, when, how, and the digests by which it is found again."""

import json
from datetime import datetime

from django.utils.translation import gettext as _

from imprimatur.record.expected import SYSTEM
from records.context import SignatureLine, instant
from records.models import RecordStep
from records.seal.lines import Line
from records.templatetags.record_print import seconds


def line_of(step: RecordStep) -> SignatureLine | None:
    """Return what the person confirmed; None for the system and the seal."""
    content = bytes(step.line)
    line: SignatureLine | None = json.loads(content) if content else None
    return line


def stamp_of(step: RecordStep, *, zone: str, level: str, certificate: str, now: datetime) -> list[Line]:
    """Return the lines of the stamp, in the language that is active; `certificate`: SHA-256 of the signer's."""
    line = line_of(step)
    if line is not None:
        return stamp_of_person(line, level)
    found = []
    if step.field == SYSTEM:
        said = _("Issued as decided. From here on only the signatures of its boxes are added to this file.")
        found.append(Line("meaning", said))
    found += [Line("moment", seconds(instant(now), zone)), Line("detail", in_words(level))]
    return [*found, Line("detail", _("SHA-256 of the certificate")), *_digest(certificate)]


def stamp_of_person(line: SignatureLine, level: str) -> list[Line]:
    """Return the lines of a person's stamp: printed name, date and time, meaning (21 CFR 11.50)."""
    found = [Line("name", line["name"])]
    if behalf := line.get("on_behalf_of"):
        found.append(Line("meaning", _("for {person}, who is away").format(person=behalf)))
    return [
        *found,
        Line("meaning", line["meaning"]),
        Line("moment", seconds(line["signed_at"], line["time_zone"])),
        Line("detail", _("{method} · {level}").format(method=line["method"], level=in_words(level))),
        Line("detail", _("SHA-256 of the statement")),
        *_digest(line["statement_sha256"]),
    ]


def in_words(level: str) -> str:
    """Say plainly which level a signature has, and whose word its time is."""
    if level == "PAdES B-B":
        return _("{level}, time of the server").format(level=level)
    return _("{level}, time stamped by an authority").format(level=level)


def _digest(sha256: str) -> list[Line]:
    return [Line("digest", sha256[:32]), Line("digest", sha256[32:])]
