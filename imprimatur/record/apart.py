"""Verifies one file in a process of its own with limits on time and memory, because a stranger sent it.

Run as `python -m imprimatur.record.apart`: a line of JSON (what was issued) and then the bytes on standard input; the
report as JSON on standard output.
"""

import subprocess
import sys
from pathlib import Path

from imprimatur.record.expected import Expected, Report, expected_from, report_from

SECONDS = 10  # of processor
WAIT = 60  # seconds by the clock, on a machine that is busy with other things
MEMORY = 1_500_000_000  # bytes of address space
LACKING = 3
_HOME = Path(__file__).resolve().parents[2]


class NotInstalled(Exception):  # noqa: N818
    """What reads PDF is not installed; the message says how to get it."""


def examine_apart(content: bytes, expected: Expected) -> Report:
    """Return the report as `verify.examine` does; a file that takes too long or too much is faulty.

    Raises NotInstalled without the extra `pdf`.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "imprimatur.record.apart"],
            input=expected.dumps().encode() + b"\n" + content,
            capture_output=True,
            timeout=WAIT,
            cwd=_HOME,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Report(["the file takes too long to read"], undecided=True)
    if done.returncode == LACKING:
        raise NotInstalled("Reading PDF needs pyHanko: pip install 'imprimatur[pdf]'.")
    if done.returncode:
        return Report(["the file can't be read within the limits"], undecided=True)
    return report_from(done.stdout)


def verify_apart(content: bytes, expected: Expected) -> list[str]:
    """Return only the faults."""
    return examine_apart(content, expected).faults


def _limit() -> None:
    """Set the limits of this process, where the system has such."""
    try:
        import resource  # noqa: PLC0415  (not on Windows, where the time alone is limited)
    except ModuleNotFoundError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _main() -> None:
    try:
        from imprimatur.record.verify import examine  # noqa: PLC0415  (the extra may be missing)
    except ModuleNotFoundError:
        sys.exit(LACKING)
    _limit()
    expected = expected_from(sys.stdin.buffer.readline())
    sys.stdout.write(examine(sys.stdin.buffer.read(), expected).dumps())


if __name__ == "__main__":
    _main()
