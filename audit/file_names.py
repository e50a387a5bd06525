"""Names that people give to files, made harmless: no path, no control characters, nothing that turns the reading
direction, at most 255 bytes.
"""

import re
import unicodedata

MOST_BYTES = 255
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u200b]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def harmless(name: str) -> str:
    """Return the last part of the name without what deceives or harms; "file" when nothing is left.

    The override of the reading direction (U+202E) makes "gpj.exe" look like "exe.jpg", so such signs are left out.
    """
    last = re.split(r"[/\\]", name.encode("utf-8", "ignore").decode())[-1]
    clean = _CONTROL.sub("", _TURNS.sub("", unicodedata.normalize("NFC", last)))
    clean = " ".join(clean.split()).strip(" .")
    return _shortened(clean) or "file"


def _shortened(name: str) -> str:
    """Cut the stem, not the extension, so that the name takes 255 bytes in UTF-8 at most."""
    if len(name.encode()) <= MOST_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = dot + extension if stem and len(extension.encode()) <= 16 else ""
    room = MOST_BYTES - len(ending.encode())
    return name.removesuffix(ending).encode()[:room].decode("utf-8", "ignore").rstrip(" .") + ending
