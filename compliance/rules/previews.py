"""What a file is, by its bytes and never by its name, and how much of it is shown in a preview."""

from dataclasses import dataclass
from enum import StrEnum

HEAD = 4096
"""Bytes that tell what a file is."""
LONGEST_TEXT = 200_000
LARGEST_IMAGE, LARGEST_PDF = 10 * 1024**2, 50 * 1024**2
_CONTROL = bytes(range(9)) + b"\x0b" + bytes(range(14, 32)) + b"\x7f"
_IMAGES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class Kind(StrEnum):
    """What can be shown."""

    IMAGE = "image"
    PDF = "pdf"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Sort:
    """What a file is shown as; markup is shown as the text that it is, also HTML and SVG."""

    kind: Kind
    content_type: str


def sort_of(head: bytes) -> Sort | None:
    """Return what a file that begins so is shown as, or None when it isn't shown."""
    for magic, content_type in _IMAGES.items():
        if head.startswith(magic):
            return Sort(Kind.IMAGE, content_type)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Sort(Kind.IMAGE, "image/webp")
    if b"%PDF-" in head[:1024]:
        return Sort(Kind.PDF, "image/png")
    if text_of(head, cut=True) is not None:
        return Sort(Kind.TEXT, "text/plain; charset=utf-8")
    return None


def text_of(content: bytes, *, cut: bool) -> str | None:
    """Return the bytes as text (UTF-8, UTF-16 with a mark, GB 18030), or None when they are none.

    `cut`: they may end in the middle of a character.
    """
    encodings = next(
        ([name] for mark, name in _MARKS.items() if content.startswith(mark)), ["utf-8", "gb18030"]
    )
    if encodings[0] != "utf-16" and any(byte in _CONTROL for byte in content):
        return None
    for encoding in encodings:
        for less in range(min(4, len(content)) if cut else 1):
            try:
                return content[: len(content) - less].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def is_too_large(kind: Kind, size: int) -> bool:
    """Say whether a file of so many bytes is only handed out; of a text the beginning is shown."""
    return size > {Kind.IMAGE: LARGEST_IMAGE, Kind.PDF: LARGEST_PDF}.get(kind, size)
