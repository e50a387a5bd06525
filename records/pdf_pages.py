"""Pages of a PDF as pictures, made by poppler in a process of its own with limits, because a stranger made the file.

The browser's own viewer doesn't run in a sandboxed frame, and scripts of a PDF have no place on a page of ours.
"""

import shutil
import subprocess
from typing import BinaryIO

WIDTH = 1200  # pixels
SECONDS, MEMORY = 15, 1024**2  # of the processor, and KB of memory
_LIMITED = f'ulimit -t {SECONDS} && ulimit -v {MEMORY} && ulimit -f 0 && ulimit -c 0 && exec "$0" "$@"'
_NOWHERE = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


class NotShown(Exception):  # noqa: N818
    """The page can't be shown: it isn't there, the PDF is broken or locked, or poppler isn't installed."""


def number_of_pages(pdf: BinaryIO) -> int:
    """Return how many pages there are; raises NotShown."""
    for line in _run(["pdfinfo", "-"], pdf).splitlines():
        if line.startswith(b"Pages:"):
            return int(line.split()[1])
    raise NotShown("pdfinfo names no pages")


def page_as_png(pdf: BinaryIO, number: int) -> bytes:
    """Return the page (from 1) as PNG; raises NotShown."""
    page = ["-f", str(number), "-l", str(number), "-singlefile"]
    found = _run(["pdftoppm", "-png", "-scale-to-x", str(WIDTH), "-scale-to-y", "-1", *page, "-"], pdf)
    if not found.startswith(b"\x89PNG"):
        raise NotShown(f"there is no page {number}")
    return found


def _run(command: list[str], pdf: BinaryIO) -> bytes:
    """Run the program with limits that the shell sets before, because this process may have threads."""
    program = shutil.which(command[0], path=_NOWHERE["PATH"])
    if program is None:
        raise NotShown(f"{command[0]} is not installed")
    pdf.seek(0)
    try:
        done = subprocess.run(  # noqa: S603  (our own words; the file comes through standard input)
            ["/bin/sh", "-c", _LIMITED, program, *command[1:]], input=pdf.read(), capture_output=True,
            env=_NOWHERE, cwd="/", timeout=SECONDS + 5, check=True,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as fault:
        raise NotShown(str(fault)) from fault
    return done.stdout
