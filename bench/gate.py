"""How long the gate takes beside sha256sum on the same folder, in turns, and how much memory: `python -m bench.gate`.

Both are started as commands, so that loading counts. Prints the medians, the ratio round by round, and the most memory.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from tests.imprimatur.gates import Place, a_place
from tests.imprimatur.services.test_gate_command import CHILD, today, words

KINDS = {"4 files of 100 MB": (4, 100_000_000), "5,000 files of 2 kB": (5_000, 2_000)}
SHELL = "find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r -P {readers} -n {each} sha256sum > /dev/null"


def main() -> None:
    """Measure each kind of folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(
        "| folder | gate, s | sha256sum, s | times as long (quartiles) | 2 of sha256sum at once, s | most memory, MB |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for name, (count, size) in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            print(_row(name, filled(Path(folder), count, size), rounds), flush=True)


def filled(folder: Path, count: int, size: int) -> Place:
    """Make an approved folder of so many files."""
    place = a_place(folder)
    for number in range(count):
        path = place.model / f"{number % 50}" / f"part-{number}.bin"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(os.urandom(size))
    today(place)
    (place.folder / "decision.manifest").unlink()
    return place


def _row(name: str, place: Place, rounds: int) -> str:
    gate, one, two, memory = [], [], [], 0
    for _ in range(rounds):
        spent, kilobytes = _gate(place)
        gate.append(spent)
        memory = max(memory, kilobytes)
        one.append(_shell(place, readers=1, each=10_000))
        two.append(_shell(place, readers=2, each=max(1, len(list(place.model.rglob("*"))) // 4)))
    low, middle, high = quantiles([ours / theirs for ours, theirs in zip(gate, one, strict=True)], n=4)
    ratio = f"**{middle:.2f}** ({low:.2f} to {high:.2f})"
    return f"| {name} | {median(gate):.2f} | {median(one):.2f} | {ratio} | {median(two):.2f} | {memory / 1000:.0f} |"


def _gate(place: Place) -> tuple[float, int]:
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *words(place)], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - begun, int(done.stderr.split()[-1])


def _shell(place: Place, *, readers: int, each: int) -> float:
    begun = time.perf_counter()
    subprocess.run(SHELL.format(readers=readers, each=each), shell=True, cwd=place.model, check=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
