"""Uploaded model cards, dataset metadata and safetensors headers: each is read, or answered with its fault."""

from collections.abc import Mapping
from typing import BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile

from audit.selectors import whole_number
from imprimatur.cards.reading import read, read_text
from imprimatur.cards.stated import Card, CardFault


def read_upload(upload: "UploadedFile[bytes]", size: int | None = None) -> Card | CardFault:
    """Return what the file states; `size` in bytes is that of the whole file, where its beginning was sent."""
    try:
        return read(cast("BinaryIO", upload.file), upload.name or "", size)
    except CardFault as fault:
        return fault


def read_pasted(text: str) -> Card | CardFault:
    """Return what a pasted text states."""
    try:
        return read_text(text)
    except CardFault as fault:
        return fault


def size_sent(sent: Mapping[str, str], field: str, number: int = 0) -> int | None:
    """Return how large the file is of which the browser sent the beginning, as `static/js/import.js` tells it."""
    return whole_number(sent.get(f"size-{field}-{number}", ""))
