"""Starts `manage.py up` as a person would, in a data folder of its own, and looks at the processes that it makes."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
READY = "Ready: "
START_SECONDS, END_SECONDS = 200, 10


def free_port() -> int:
    """Return a port that nobody uses at this moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def environment(data: Path, **variables: str) -> dict[str, str]:
    """Return the environment of a person who has set nothing but the data folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("IMPRIMATUR", "DJANGO", "PYTEST"))
    }
    return kept | {"IMPRIMATUR_DATA": str(data), "PYTHONUNBUFFERED": "1"} | variables


def up(data: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py up` to its end, for starts that are refused."""
    return subprocess.run(
        [sys.executable, "manage.py", "up", *options], cwd=HOUSE, env=environment(data, **variables),
        capture_output=True, text=True, check=False, timeout=START_SECONDS,
    )  # fmt: skip


@dataclass
class Running:
    """A product that runs."""

    process: subprocess.Popen[str]
    data: Path
    port: int
    said: str

    def children(self) -> dict[str, int]:
        """Return the processes by name: Redis, The worker, The sequencer, Beat, The web server."""
        deadline = time.monotonic() + START_SECONDS
        while "" in (found := self._children()) and time.monotonic() < deadline:
            time.sleep(0.05)  # one of them has forked and is about to become its program
        return found

    def _children(self) -> dict[str, int]:
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        # Redis renames its process; the others keep the words of their command.
        marks = {
            "redis-server": "Redis", "granian": "The web server", "beat": "Beat", "worker": "The worker",
            "sequencer": "The sequencer",
        }  # fmt: skip
        found = {}
        for pid in pids:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
            words = [Path(word).name for word in line.split()]
            found[next((marks[mark] for mark in marks if mark in words), "")] = int(pid)
        return found

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, float]:
        """Send the signal and return exit status, what it wrote to stderr, and the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        _out, err = self.process.communicate(timeout=START_SECONDS)
        return self.process.returncode, err, time.monotonic() - began


@contextlib.contextmanager
def running(data: Path, *options: str, **variables: str) -> Iterator[Running]:
    """Start the product on a free port, wait until it says that it is ready, and end it afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(port), *options], cwd=HOUSE,
        env=environment(data, **variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        readable, _w, _x = select.select([process.stdout], [], [], START_SECONDS)
        said = process.stdout.readline() if readable else ""
        if not said.startswith(READY):
            process.terminate()
            raise AssertionError(f"not ready: {said}{process.communicate(timeout=START_SECONDS)[1]}")
        yield Running(process, data, port, said)
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=START_SECONDS)


def gone(pids: list[int], seconds: float) -> bool:
    """Wait until every process is gone, without asking again and again; False when one is still there."""
    deadline = time.monotonic() + seconds
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            if not select.select([handle], [], [], max(0.0, deadline - time.monotonic()))[0]:
                return False
        finally:
            os.close(handle)
    return True
