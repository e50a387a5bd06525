"""The processes that serve: started together, read together, ended together."""

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

LINES = 15  # of a child that ended, shown to the person
LOG_LIMIT = 5_000_000  # bytes; a longer one is put aside at the next start
PATIENCE = 4.0  # seconds until a child that was asked to end is killed; twice this must be less than ten
TURN = 0.2  # seconds between two looks at the children


class ChildEnded(Exception):  # noqa: N818
    """A child that should have gone on ended."""

    def __init__(self, child: "Child") -> None:
        self.child = child
        super().__init__(child.obituary())


@dataclass
class Child:
    """A process of ours, with the last lines that it wrote."""

    name: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    last: deque[str] = field(default_factory=lambda: deque(maxlen=LINES))

    def take(self, chunk: bytes) -> None:
        """Keep what the child wrote."""
        self.log.write(chunk)
        self.log.flush()
        self.last.extend(line for line in chunk.decode(errors="replace").splitlines() if line.strip())

    def obituary(self) -> str:
        """Say how the child ended, with its last lines."""
        status = self.process.returncode
        how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        return f"{self.name} {how}. {self.last_words()}"

    def last_words(self) -> str:
        """Return the last lines that the child wrote."""
        lines = "".join(f"\n    {line}" for line in self.last)
        return f"The last lines of its log:{lines}\n" if lines else "It wrote nothing."


class Household:
    """Children of one run; whatever happens, `end()` leaves none of them behind."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self.logs = logs
        self.environment = dict(environment)
        self.children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        logs.mkdir(exist_ok=True, mode=0o700)

    def start(self, name: str, command: Sequence[str | Path], folder: Path) -> Child:
        """Start a child in a process group of its own, so that Ctrl-C reaches it through us only."""
        path = self.logs / f"{name.lower().replace(' ', '-')}.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        process = subprocess.Popen(  # noqa: S603 (the commands are ours, without a shell)
            [*_ending_with_us(), *command], cwd=folder, env=self.environment, process_group=0,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        child = Child(name, process, path.open("ab"))
        self.children.append(child)
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        self._selector.register(process.stdout, selectors.EVENT_READ, child)
        return child

    def wait(self, until: Callable[[], bool], seconds: float | None = None) -> bool:
        """Read the children until `until()` is true, or the seconds are over: then return False.

        Raises ChildEnded when one of them ends meanwhile.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while not until():
            if deadline is not None and time.monotonic() > deadline:
                return False
            self.read()
            for child in self.children:
                if child.process.poll() is not None:
                    self.read()
                    raise ChildEnded(child)
        return True

    def read(self) -> None:
        """Take what the children have written, for at most one turn."""
        if not self._selector.get_map():
            time.sleep(TURN)
        for key, _events in self._selector.select(TURN):
            chunk = os.read(key.fd, 65536)
            if chunk:
                key.data.take(chunk)
            else:
                self._selector.unregister(key.fileobj)

    def let_go(self, child: Child) -> None:
        """Forget a child that ended as it should."""
        self.children.remove(child)
        child.log.close()

    def end(self, last: Iterable[Child] = ()) -> None:
        """Ask all to end, kill those that don't; `last` are asked when the others are gone."""
        late = list(last)
        self._end([child for child in self.children if child not in late])
        self._end(late)
        for child in self.children:
            child.log.close()
        self._selector.close()

    def _end(self, children: list[Child]) -> None:
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                child.process.terminate()
        deadline = time.monotonic() + PATIENCE
        while any(child.process.poll() is None for child in children) and time.monotonic() < deadline:
            self.read()
        for child in children:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def _ending_with_us() -> list[str]:
    """Let the system end the children when we are killed and can't do it."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []
