"""How fast a folder is hashed here and by model_signing, in turns on the same files: `python bench/interop/hashing.py`.

It wants `model_signing` in an environment of its own, which bench/interop/hashing.md says how to make, and prints for
each kind of folder the median of the rounds in seconds, the ratio of speeds, and the largest memory of each.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

HOUSE = Path(__file__).resolve().parents[2]
OURS = """
import json, resource, sys, time
from pathlib import Path
from imprimatur.folder import write_manifest
began = time.perf_counter()
write_manifest(Path(sys.argv[1]), lambda line: None)
took = time.perf_counter() - began
print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""
THEIRS = """
import json, resource, sys, time
from pathlib import Path
from model_signing import hashing
began = time.perf_counter()
hashing.hash(Path(sys.argv[1]))
took = time.perf_counter() - began
print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""
KINDS = {
    "4 files of 250 MB": [(f"model-{number}.safetensors", 250_000_000) for number in range(4)],
    "1 file of 1 GB": [("model.safetensors", 1_000_000_000)],
    "5,000 files of 2 kB": [(f"{number % 50}/{number}.json", 2_000) for number in range(5_000)],
}


def main() -> None:
    """Measure each kind of folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--theirs", required=True, help="Python that has model_signing")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    for name, files in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            _fill(Path(folder), files)
            took: dict[str, list[tuple[float, int]]] = {"ours": [], "theirs": []}
            for _round in range(given.rounds):  # in turns, so that whatever else runs here disturbs both
                took["ours"].append(_run(sys.executable, OURS, folder))
                took["theirs"].append(_run(given.theirs, THEIRS, folder))
        (ours, memory), (theirs, their_memory) = (
            (median(seconds for seconds, _ in rounds), max(kilobytes for _, kilobytes in rounds) / 1024)
            for rounds in took.values()
        )
        print(
            f"{name}: ours {ours:.3f} s, {memory:.0f} MB; theirs {theirs:.3f} s, {their_memory:.0f} MB; "
            f"speed {theirs / ours:.2f} of theirs"
        )


def _fill(folder: Path, files: list[tuple[str, int]]) -> None:
    block = os.urandom(1_000_000)
    for name, size in files:
        place = folder / name
        place.parent.mkdir(exist_ok=True)
        with place.open("wb") as file:
            for at in range(0, size, len(block)):
                file.write(block[: size - at])


def _run(python: str, code: str, folder: str) -> tuple[float, int]:
    environment = {"PYTHONPATH": str(HOUSE), "PATH": os.environ["PATH"]} if code is OURS else None
    done = subprocess.run(
        [python, "-c", code, folder], capture_output=True, text=True, check=True, env=environment
    )
    seconds, kilobytes = json.loads(done.stdout)
    return seconds, kilobytes


if __name__ == "__main__":
    main()
