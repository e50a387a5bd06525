"""Strangers' PDFs among the papers: whatever one of them is, the others are joined, and it is named."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from records.press import joining
from records.press.joining import Joined, NotJoined, join, pages_of


def a_pdf(bend: Callable[[Any], object] = lambda _page: None) -> bytes:
    """Return a file of one page, bent by the function."""
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 300))
        bend(pdf.pages[0].obj)
        pdf.save(target)
    return target.getvalue()


def set_to(key: str, value: object) -> Callable[[Any], None]:
    def bend(page: Any) -> None:
        page[key] = value

    return bend


BENT = [
    set_to("/Rotate", 45),
    set_to("/Rotate", pikepdf.Name("/Left")),
    set_to("/Annots", pikepdf.Array([42, pikepdf.String("x")])),
    set_to("/Annots", pikepdf.Name("/None")),
    set_to("/CropBox", pikepdf.Array([0, 0, 10])),
    set_to("/MediaBox", pikepdf.Name("/Large")),
]


@pytest.mark.parametrize("bend", BENT)
def test_a_bent_page_is_joined_or_named_and_the_others_are_joined(bend: Callable[[Any], None]) -> None:
    good, bent = a_pdf(), a_pdf(bend)
    counted = pages_of([good, bent, b"%PDF-1.7 nonsense"])
    assert counted[0] == 1
    assert counted[2] == 0
    files = [Joined("A", 0, good), *([Joined("B", 1, bent)] if counted[1] else [])]
    stamps = io.BytesIO()
    with pikepdf.new() as pdf:
        for _file in files:
            pdf.add_blank_page(page_size=(170, 16))
        pdf.save(stamps)
    whole = join(files, stamps.getvalue(), title="Papers", language="en")
    with pikepdf.open(io.BytesIO(whole)) as joined:
        assert len(joined.pages) == len(files)


def test_a_file_that_takes_all_time_for_itself_leaves_the_others_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def apart(_asked: object, files: list[bytes]) -> tuple[dict[str, Any], bytes]:
        if b"bomb" in files:
            raise NotJoined("killed")
        return {"pages": [2] * len(files)}, b""

    monkeypatch.setattr(joining, "_apart", apart)
    assert pages_of([b"a", b"bomb", b"c"]) == [2, 0, 2]
    assert pages_of([b"bomb"]) == [0]
