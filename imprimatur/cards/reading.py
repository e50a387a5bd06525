"""Reading a file of any of the kinds, told apart by name and content."""

import io
from typing import BinaryIO

from imprimatur.cards import croissant, model_card, safetensors_header
from imprimatur.cards.plain_text import size_in_words
from imprimatur.cards.stated import Card, CardFault, Place, Reason
from imprimatur.cards.strict_json import read_json

LARGEST_JSON = 16 * 1024**2
_CARDS = (".md", ".markdown", ".mdx", ".txt")


def read(source: BinaryIO, name: str = "", size: int | None = None) -> Card:
    """Return what the file states; raises CardFault with the place.

    `size` is that of the whole file in bytes where `source` holds only its beginning, as it may for safetensors.
    """
    source.seek(0, io.SEEK_END)
    present = source.tell()
    source.seek(0)
    if name.lower().endswith(".safetensors"):
        return safetensors_header.read_safetensors(source, max(size or 0, present), name)
    is_json = name.lower().endswith((".json", ".jsonld"))
    if is_json and present > LARGEST_JSON:
        raise CardFault(Place(), Reason.TOO_LARGE, limit=size_in_words(LARGEST_JSON))
    data = source.read(LARGEST_JSON)
    if is_json or (not name and data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")):
        return _json(data)
    if name and not name.lower().endswith(_CARDS) and "." in name:
        raise CardFault(Place(), Reason.UNKNOWN_KIND)
    return model_card.read_model_card(data)


def read_text(text: str) -> Card:
    """Return what a pasted text states."""
    return read(io.BytesIO(text.encode(errors="surrogatepass")))


def _json(data: bytes) -> Card:
    value = read_json(data, LARGEST_JSON)
    if safetensors_header.is_index(value):
        return safetensors_header.index_card(value)
    return croissant.croissant_card(value)
