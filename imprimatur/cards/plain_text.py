"""From bytes to text: UTF-8 with line feeds, and the first thing that is neither is named with its line."""

import re

from imprimatur.cards.stated import CardFault, Place, Reason

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def decoded(data: bytes, largest: int) -> str:
    """Return the text without a byte order mark and with line feeds only; raises CardFault."""
    if len(data) > largest:
        raise CardFault(Place(), Reason.TOO_LARGE, limit=size_in_words(largest))
    try:
        text = data.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as fault:
        raise CardFault(Place(data.count(b"\n", 0, fault.start) + 1), Reason.NOT_UTF8) from None
    if found := _CONTROL.search(text):
        raise control_character(found[0], Place(line_at(text, found.start())))
    if not text.strip():
        raise CardFault(Place(), Reason.EMPTY)
    return text


def check_characters(text: str, place: Place) -> None:
    """Refuse what an escape such as that of U+0000 or U+D800 brings into a text although the file itself has none."""
    if found := _CONTROL.search(text):
        raise control_character(found[0], place)
    if _SURROGATE.search(text):
        raise CardFault(place, Reason.LONE_SURROGATE)


def control_character(character: str, place: Place) -> CardFault:
    """Return the fault that names the character."""
    return CardFault(place, Reason.CONTROL_CHARACTER, code=f"{ord(character):04X}")


def line_at(text: str, offset: int) -> int:
    """Return the number of the line, from 1, at the offset."""
    return text.count("\n", 0, offset) + 1


def size_in_words(size: int) -> str:
    """Return a limit as people say it: "2 MB"."""
    return f"{size // 1024**2} MB" if size >= 1024**2 else f"{size // 1024} kB"
