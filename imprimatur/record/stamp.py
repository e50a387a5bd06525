"""What a signature shows on paper: the letters of its stamp, as they are stored for readers and screen readers.

What the outlines of its fonts look like is beyond this; the signature that drew the stamp covers them too.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Node = Any  # objects of a PDF: what a key leads to is known at run time only
_OPERATOR = re.compile(rb"/([^\s/<>\[\]]+)\s+[\d.]+\s+Tf|\[([^\]]*)\]\s*TJ|<([0-9A-Fa-f\s]*)>\s*Tj")
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(\[[^\]]*\]|<[0-9A-Fa-f]+>)")
_CHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_BLOCK = re.compile(rb"beginbf(range|char)(.*?)endbf", re.DOTALL)
LONGEST = 200_000  # bytes of the stream, and of each table of letters


class Unlike(ValueError):  # noqa: N818
    """The stamp is not of the kind that our signer draws; the text says why."""


def letters(field: Node) -> str:
    """Return what the stamp in a signature field shows, without blanks; raises Unlike."""
    try:
        form = field["/AP"]["/N"]
        fonts = form["/Resources"]["/Font"]
        tables = {name[1:].encode(): _table(fonts[name]["/ToUnicode"].data) for name in fonts}
        content = form.data
    except (KeyError, TypeError, AttributeError) as fault:
        raise Unlike("the stamp can't be read") from fault
    if len(content) > LONGEST:
        raise Unlike("the stamp is too long")
    return "".join("".join(_shown(content, tables)).split())


def shows(shown: str, text: str) -> bool:
    """Say whether the letters of a text stand in the stamp, wherever its lines are broken."""
    return "".join(text.split()) in shown


def _shown(content: bytes, tables: Mapping[bytes, Mapping[int, str]]) -> Iterator[str]:
    table: Mapping[int, str] = {}
    for font, row, single in _OPERATOR.findall(content):
        if font:
            table = tables.get(font, {})
            continue
        for piece in _HEX.findall(row) if row else [single]:
            digits = b"".join(piece.split())
            for at in range(0, len(digits), 4):
                yield table.get(int(digits[at : at + 4], 16), "\N{REPLACEMENT CHARACTER}")


def _table(raw: bytes) -> dict[int, str]:
    """Read a ToUnicode table (ISO 32000-1, 9.10.3)."""
    if len(raw) > LONGEST:
        raise Unlike("a table of letters is too long")
    found: dict[int, str] = {}
    for kind, block in _BLOCK.findall(raw):
        if kind == b"char":
            found.update((int(code, 16), _text(letter)) for code, letter in _CHAR.findall(block))
            continue
        for begin, end, target in _RANGE.findall(block):
            codes = range(int(begin, 16), min(int(end, 16), 0xFFFF) + 1)
            if target.startswith(b"["):
                found.update(zip(codes, map(_text, _HEX.findall(target)), strict=False))
            else:
                first = _text(target[1:-1])
                found.update(
                    (code, first[:-1] + chr(ord(first[-1]) + step)) for step, code in enumerate(codes)
                )
    return found


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")
