"""How a command ends: its exit status, what it says on stdout, and one sentence on stderr when it can't go on.

With `--json` stdout has exactly one line, a JSON object. When the command can't go on, that object has `error`, the
same sentence as on stderr, and `status`, the word for the exit status.
"""

import argparse
import contextlib
import json
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class Status(IntEnum):
    """The exit status of every command."""

    DONE = 0
    """Done; allowed; whole; approved and in force."""
    REFUSED = 1
    """Refused; denied; not whole; not yet; something is missing."""
    UNKNOWN = 2
    """It can't be told: wrong usage, something can't be read, a server is out of reach."""
    STOPPED = 130
    """Stopped by Ctrl-C."""


WORDS = {
    Status.DONE: "done",
    Status.REFUSED: "refused",
    Status.UNKNOWN: "unknown",
    Status.STOPPED: "stopped",
}


class Ended(Exception):  # noqa: N818  (it's how a command ends)
    """Raise it to end the command with a sentence that says what to do; `more` are further entries for `--json`."""

    status = Status.UNKNOWN

    def __init__(self, sentence: str, **more: Any) -> None:  # noqa: ANN401  (whatever JSON can hold)
        super().__init__(sentence)
        self.more = more


class Refusal(Ended):
    """Ends with status 1."""

    status = Status.REFUSED


class Unclear(Ended):
    """Ends with status 2."""

    status = Status.UNKNOWN


def asks(parser: argparse.ArgumentParser) -> None:
    """Add what every command can be asked."""
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead of words")
    parser.add_argument("--quiet", "-q", action="store_true", help="show no progress")


def say(given: argparse.Namespace, words: str, found: Mapping[str, Any]) -> None:
    """Print the words, or what was found as one line of JSON where that was asked for."""
    text = _in_json(found) if given.json else words.rstrip("\n")
    if text:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _in_json(found: Mapping[str, Any]) -> str:
    """Return one line; in ASCII where stdout takes no other letters, or where a name isn't Unicode (RFC 8259, 8.2)."""
    text = json.dumps(found, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(found, allow_nan=False)
    return text


def say_end(given: argparse.Namespace, sentence: str, status: Status, more: Mapping[str, Any]) -> Status:
    """Say on stderr, and as JSON where that was asked for, why the command ends; return its status."""
    if getattr(given, "json", False):
        with contextlib.suppress(OSError):  # nobody takes it there; the sentence and the status remain
            say(given, "", {"status": WORDS[status], "error": sentence, **more})
    sys.stderr.write(f"imprimatur: {sentence}\n")
    return status


def in_words(fault: OSError) -> str:
    """Return a fault of the system as people say it: the file, then what is wrong with it."""
    what = fault.strerror or str(fault)
    if fault.filename is None:
        return f"{what}."
    name = fault.filename if isinstance(fault.filename, str) else repr(fault.filename)
    return f"{name}: {what}."
