"""Encrypted segments: what was changed, moved, cut off or put on is found, and any place can be read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.segments import NONCE, RECORD, SEGMENT, Damaged, Reader, Writer, plain_size

KEY = bytes(range(32))
HELD = os.urandom(3 * SEGMENT) + b"the end"


def written(path: Path, content: bytes, *, pauses: tuple[int, ...] = (), key: bytes = KEY) -> bytes:
    """Write the content, paused and gone on with at these places, and return what lies on the disk."""
    path.write_bytes(b"")
    at = 0
    for until in (*pauses, len(content)):
        handle = os.open(path, os.O_RDWR)
        writer = Writer.resume(handle, key, 0)
        assert writer.size == at
        writer.write(content[at:until])
        writer.finish() if until == len(content) else writer.pause()
        os.close(handle)
        at = until
    return path.read_bytes()


def read(path: Path, key: bytes = KEY) -> bytes:
    with Reader(os.open(path, os.O_RDONLY), key, 0) as file:
        return file.readall()


@settings(max_examples=40, deadline=None)
@given(
    size=st.one_of(st.integers(1, 300), st.integers(1, 3).map(lambda n: n * SEGMENT), st.integers(1, 3 * SEGMENT)),
    cuts=st.lists(st.integers(0, 3 * SEGMENT), max_size=3),
    places=st.lists(st.tuples(st.integers(0, 3 * SEGMENT), st.integers(0, SEGMENT)), max_size=4),
)  # fmt: skip
def test_however_it_was_paused_it_reads_the_same_anywhere(
    tmp_path_factory: pytest.TempPathFactory, size: int, cuts: list[int], places: list[tuple[int, int]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "segments"
    content = HELD[:size]
    stored = written(path, content, pauses=tuple(sorted(cut for cut in cuts if cut < size)))
    assert plain_size(len(stored)) == size
    with Reader(os.open(path, os.O_RDONLY), KEY, 0) as file:
        for at, length in places:
            file.seek(at)
            got = b"".join(iter(lambda left=[length]: _take(file, left), b""))  # type: ignore[misc]
            assert got == content[at : at + length]


def _take(file: Reader, left: list[int]) -> bytes:
    found = file.read(left[0]) or b""
    left[0] -= len(found)
    return found


def _swap(stored: bytes) -> bytes:
    return stored[RECORD : 2 * RECORD] + stored[:RECORD] + stored[2 * RECORD :]


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(_swap, id="two segments exchanged"),
        pytest.param(lambda stored: stored[:RECORD] + stored[2 * RECORD :], id="one left out"),
        pytest.param(lambda stored: stored[: 3 * RECORD], id="the last one cut off"),
        pytest.param(lambda stored: stored[:-1], id="a byte cut off"),
        pytest.param(lambda stored: stored[: RECORD + 5], id="cut off in a nonce"),
        pytest.param(lambda stored: stored + stored[-35:], id="something put on"),
        pytest.param(lambda stored: stored[:RECORD] + stored[:RECORD] + stored[2 * RECORD :], id="one twice"),
        pytest.param(lambda _stored: b"", id="nothing left"),
        *(
            pytest.param(
                lambda stored, at=at: stored[:at] + bytes([stored[at] ^ 1]) + stored[at + 1 :], id=f"bit at {at}"
            )
            for at in (0, NONCE, RECORD - 1, RECORD, 2 * RECORD + 777, 3 * RECORD + NONCE, 3 * RECORD + 34)
        ),
    ],
)  # fmt: skip
def test_whatever_is_done_to_it_is_found(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "segments"
    path.write_bytes(harm(written(path, HELD)))
    with pytest.raises(Damaged):
        read(path)


def test_a_segment_of_another_file_and_another_key_are_found(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    stored = written(one, HELD)
    one.write_bytes(written(other, HELD, key=bytes(32))[:RECORD] + stored[RECORD:])
    with pytest.raises(Damaged):
        read(one)
    with pytest.raises(Damaged):
        read(other)
    assert read(other, bytes(32)) == HELD


def test_what_is_cut_off_is_known_before_a_byte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "segments"
    path.write_bytes(written(path, HELD)[: 2 * RECORD])
    with pytest.raises(Damaged):
        Reader(os.open(path, os.O_RDONLY), KEY, 0)


def test_an_upload_killed_while_a_segment_was_written_goes_on_before_it(tmp_path: Path) -> None:
    path = tmp_path / "segments"
    paused = written(path, HELD[: SEGMENT + 300], pauses=(SEGMENT + 200,))
    path.write_bytes(paused[: RECORD + 100])
    handle = os.open(path, os.O_RDWR)
    writer = Writer.resume(handle, KEY, 0)
    assert writer.size == SEGMENT
    writer.write(HELD[SEGMENT:])
    writer.finish()
    os.close(handle)
    assert read(path) == HELD


def test_no_nonce_serves_twice_when_a_segment_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "segments"
    first = written(path, HELD[:100], pauses=(50,))
    second = written(path, HELD[:100], pauses=(50,))
    assert first[:NONCE] != second[:NONCE]
    assert HELD[:50] not in first
