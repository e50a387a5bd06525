"""What waits for its place in a bundle lies on the disk encrypted."""

from pathlib import Path

from imprimatur.bundle.hidden import CHUNK, Hidden


def test_what_waits_comes_back_whole_and_is_not_to_be_read_on_the_disk(tmp_path: Path) -> None:
    with Hidden(tmp_path) as hidden:
        for _time in range(3):
            hidden.write(b"Nina Name\n" * 60_000)
        assert b"".join(hidden.chunks()) == b"Nina Name\n" * 180_000
        assert sum(1 for _chunk in hidden.chunks()) == 1_800_000 // CHUNK + 1
        hidden.file.seek(0)
        raw = hidden.file.read()
    assert len(raw) == 1_800_000
    assert b"Nina" not in raw
    assert not list(tmp_path.iterdir())
