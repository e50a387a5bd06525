"""Marks passages in a difference and in rendered Markdown, at the characters where they stand."""

import re
from collections.abc import Mapping
from dataclasses import replace

from imprimatur.wording import Change, Piece
from reviews.rules.difference import Block, Difference

_OPEN, _NUMBERED, _CLOSE, _END = "\ue000", "\ue001", "\ue002", "\ue003"
_SIGNS = re.compile(f"[{_OPEN}-{_END}]")
_TOKENS = re.compile(f"(<[^>]*>)|{_OPEN}(\\d+){_NUMBERED}|({_CLOSE})|({_END})")
_LINE_SIGNS = re.compile(r"[ \t]*(?:#{1,6}[ \t]+|>[ \t]*|[-*+][ \t]+|\d+[.)][ \t]+|\|)?[ \t]*")


def mark_at(
    difference: Difference, text: str, start: int, end: int, number: int, *, in_old: bool = False
) -> Difference:
    """Mark the characters from `start` to `end` of the newer text, or of the older one, with the number.

    `text` is that text as it was compared. Nothing that is marked already is marked over.
    """
    unwanted = Change.ADDED if in_old else Change.REMOVED
    blocks, cursor = list(difference.blocks), 0
    last = None
    for place, block in enumerate(blocks):
        own = block.before if in_old else block.after
        at = text.find(own, cursor) if own else -1
        if at < 0:
            continue
        cursor = at + len(own)
        if at < end and start < cursor:
            blocks[place] = _marked(block, start - at, end - at, number, unwanted)
            last = place
    if last is not None:
        blocks[last] = _ended(blocks[last], number)
    return replace(difference, blocks=tuple(blocks))


def _marked(block: Block, start: int, end: int, number: int, unwanted: Change) -> Block:
    """Mark a range of the block, and what stands within it of the other text."""
    at, pieces = 0, []
    for piece in block.pieces:
        if piece.change == unwanted:
            within = start < at < end
            pieces.append(replace(piece, mark=number) if within and not piece.mark else piece)
            continue
        size = len(piece.text)
        low, high = max(start - at, 0), min(end - at, size)
        if low >= high or piece.mark:
            pieces.append(piece)
        else:
            pieces += [
                replace(piece, text=piece.text[:low]),
                replace(piece, text=piece.text[low:high], mark=number),
                replace(piece, text=piece.text[high:]),
            ]
        at += size
    return Block(tuple(piece for piece in pieces if piece.text))


def _ended(block: Block, number: int) -> Block:
    """Say at the last marked piece that the passage ends there."""
    places = [place for place, piece in enumerate(block.pieces) if piece.mark == number]
    if not places:
        return block
    pieces = list(block.pieces)
    pieces[places[-1]] = replace(pieces[places[-1]], ends_mark=True)
    return Block(tuple(pieces))


def source_with_signs(block: Block) -> str:
    """Return the Markdown of a block that stayed, with signs around its passages that rendering leaves alone."""
    texts = ["\n", *(piece.text for piece in block.pieces)]
    return "".join(_signed(piece, before) for piece, before in zip(block.pieces, texts, strict=False))


def html_with_marks(html: str, block: Block, opens: Mapping[int, str], pins: Mapping[int, str]) -> str | None:
    """Return rendered `source_with_signs` with the passages in `<mark>`; None when one falls into a link's address.

    `html` is safe, and so are `opens` and `pins`, which begin and end a passage, by number.
    """
    wanted = [piece.mark for piece in block.pieces if piece.mark]
    if [int(number) for number in re.findall(f"{_OPEN}(\\d+){_NUMBERED}", html)] != wanted:
        return None
    found = _replaced(html, opens, pins)
    return None if _SIGNS.search(found) else found


def _signed(piece: Piece, before: str) -> str:
    """Return the text with signs around a passage; signs of a line, as of a list, stay before it."""
    text = _SIGNS.sub("\ufffd", piece.text)
    if not piece.mark:
        return text
    head = _LINE_SIGNS.match(text) if before.endswith("\n") else None
    size = head.end() if head else 0
    end = _END if piece.ends_mark else ""
    return f"{text[:size]}{_OPEN}{piece.mark}{_NUMBERED}{text[size:]}{_CLOSE}{end}"


def _replaced(html: str, opens: Mapping[int, str], pins: Mapping[int, str]) -> str:
    """Put marks around each run of text of a passage, so that they never cross an element."""
    found: list[str] = []
    at, number, last = 0, 0, 0
    for match in [*_TOKENS.finditer(html), None]:
        run = html[at : match.start() if match else len(html)]
        found.append(f"{opens.get(number, '<mark>')}{run}</mark>" if number and run.strip() else run)
        if match is None:
            break
        tag, opened, closed, ended = match.groups()
        number = int(opened) if opened else 0 if closed else number
        last = int(opened) if opened else last
        found.append(tag or (pins.get(last, "") if ended else ""))
        at = match.end()
    return "".join(found)
