"""Hashing a folder takes little memory, whatever the size of the files and whatever their number."""

import subprocess
import sys
from pathlib import Path

import pytest

from imprimatur.manifest import parse

MOST = 32 * 1000**2
CODE = (
    "import sys; from pathlib import Path; from imprimatur import cli; status = cli.main(sys.argv[1:]); "
    "facts = Path('/proc/self/status').read_text(); "
    "print(status, facts.partition('VmHWM:')[2].split()[0])"
)


def memory_of(folder: Path, output: Path) -> int:
    """The most memory that the command had, in bytes; it is asked of the kernel, for the process itself."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, "manifest", str(folder), "--output", str(output)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    status, kilobytes = done.stdout.splitlines()[-1].split()
    assert status == "0"
    return int(kilobytes) * 1024


def fill(folder: Path, count: int) -> None:
    for number in range(count):
        if number % 1000 == 0:
            (folder / f"a-folder-of-many-{number}").mkdir(parents=True)
        (folder / f"a-folder-of-many-{number // 1000 * 1000}" / f"piece-{number:08}.json").touch()


def hollow(folder: Path, name: str, size: int) -> None:
    """Make a file that reads as zeros and takes no room on the disk."""
    folder.mkdir(exist_ok=True)
    with (folder / name).open("wb") as file:
        file.truncate(size)


def test_neither_a_large_file_nor_many_files_take_much_memory(tmp_path: Path) -> None:
    hollow(tmp_path / "model", "weights", 200_000_000)
    fill(tmp_path / "model", 3_000)
    assert memory_of(tmp_path / "model", tmp_path / "out") < MOST
    assert len(parse((tmp_path / "out").read_bytes())) == 3_001


@pytest.mark.long
def test_twenty_gigabytes_take_no_more_memory(tmp_path: Path) -> None:
    for number in range(4):
        hollow(tmp_path / "model", f"weights-{number}", 5_000_000_000)
    assert memory_of(tmp_path / "model", tmp_path / "out") < MOST


@pytest.mark.long
def test_a_hundred_thousand_files_take_no_more_memory_either(tmp_path: Path) -> None:
    fill(tmp_path / "model", 100_000)
    assert memory_of(tmp_path / "model", tmp_path / "out") < MOST
    assert len(parse((tmp_path / "out").read_bytes())) == 100_000
