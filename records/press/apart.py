"""Prints a page in a process of its own: for previews, so that no web process keeps the renderer in its memory.

Run as `python -m records.press.apart`: the page, its date and its fields as JSON on standard input, the PDF on
standard output. It needs neither settings nor database.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from records.press.glyphs import Unprintable, missing, named

SECONDS = 60
_HOME = Path(__file__).resolve().parents[2]


def press_apart(page: str, *, created: datetime, fields: Mapping[str, str]) -> bytes:
    """Return the page as PDF, as `records.press.press.press` does; raises Unprintable, also when it takes too long."""
    if letters := missing(page):
        raise Unprintable(named(letters))
    given = json.dumps({"page": page, "created": created.isoformat(), "fields": dict(fields)})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "records.press.apart"],
            input=given.encode(), capture_output=True, timeout=SECONDS, cwd=_HOME, check=True,
        )  # fmt: skip
    except subprocess.SubprocessError as fault:
        raise Unprintable(str(fault)) from fault
    return done.stdout


def _main() -> None:
    from records.press.press import press  # noqa: PLC0415  (the renderer, which the caller does without)

    given = json.loads(sys.stdin.buffer.read())
    printed = press(
        given["page"],
        created=datetime.fromisoformat(given["created"]),
        embedded=[],
        fields=given["fields"],
    )
    sys.stdout.buffer.write(printed.content)


if __name__ == "__main__":
    _main()
