"""The command `imprimatur`: which commands there are, and how every one of them ends.

A command is a module with `add_to(commands)`, which leaves in `run` what does it. Only the module of the command that
was asked for is loaded, so that `imprimatur --help` and small commands start at once.
"""

import argparse
import contextlib
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module, metadata
from types import FrameType
from typing import NamedTuple, NoReturn

from imprimatur.outcome import Ended, Status, in_words, say_end


class Command(NamedTuple):
    """A command: its line in the list of all, and the module that adds it."""

    help: str
    module: str


GROUPS = {
    "models": {
        "manifest": Command("print the manifest of a folder", "imprimatur.commands.manifest"),
        "draft": Command("write the dossier of a model as a file to fill in", "imprimatur.commands.draft"),
        "submit": Command("bring the dossier to the server and submit it", "imprimatur.commands.submit"),
        "status": Command("say where a request stands", "imprimatur.commands.status"),
    },
    "releases": {
        "gate": Command("say whether a folder may be released", "imprimatur.gate.commands"),
    },
    "records and audit logs": {
        "record": Command("check records, offline", "imprimatur.record.commands"),
        "bundle": Command("check bundles of an audit log", "imprimatur.bundle.commands"),
        "witness": Command("be a witness of audit logs", "imprimatur.witness.commands"),
    },
    "the command line itself": {
        "completion": Command(
            "print what makes the shell complete commands", "imprimatur.commands.completion"
        ),
    },
}
COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}
DESCRIPTION = """\
Names a model by its bytes; drafts, submits and follows a request to release it; checks
releases, records and audit logs."""
ENDING = """\
imprimatur COMMAND --help explains a command. Every command ends with 0 when it is done
or allowed, 1 when it is refused, 2 when that can't be told."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status (`outcome.Status`); wrong usage exits with 2.

    A fault of ours ends with its trace and 2: Python's own status for it, 1, would read as "refused".
    """
    try:
        return _main(list(sys.argv[1:] if arguments is None else arguments))
    except Exception:  # noqa: BLE001  (it is told whole, and must not pass for an answer)
        with contextlib.suppress(OSError):
            traceback.print_exc()
        return Status.UNKNOWN


def _main(words: list[str]) -> int:
    if sys.stderr is None:  # closed by whoever started this: what it would say is lost, the answer is not
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    if sys.stdout is None:
        sys.stderr.write("imprimatur: Standard output is closed, so nothing can be said. Open it.\n")
        return Status.UNKNOWN
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name that the terminal can't show ends nothing
    given = parser(next((word for word in words if not word.startswith("-")), "")).parse_args(words)
    with _ends_on_sigterm():
        try:
            return _run(given)
        finally:
            _drop_what_was_not_taken()


def _drop_what_was_not_taken() -> None:
    """Let nothing be left to say: Python would try once more when it ends, and end with a status of its own, 120."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser(loaded: str | None = None) -> argparse.ArgumentParser:
    """Return the parser in which one command is loaded, or all of them for None."""
    whole = argparse.ArgumentParser(
        prog="imprimatur",
        usage="imprimatur [-h] [--version] COMMAND ...",
        description=DESCRIPTION,
        epilog=f"{_list()}\n\n{ENDING}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action=_Version, help="print the version and end")
    hidden = (
        None if loaded is None else argparse.SUPPRESS
    )  # the list stands below, in groups; shells need it here
    commands = whole.add_subparsers(
        required=True, metavar="COMMAND", dest="command", prog="imprimatur", help=hidden
    )
    for name, command in COMMANDS.items():
        if loaded in {None, name}:
            import_module(command.module).add_to(commands)
        else:
            commands.add_parser(name)
    return whole


def _list() -> str:
    lines = []
    for title, group in GROUPS.items():
        lines += ["", f"{title}:", *(f"  {name:<12}{command.help}" for name, command in group.items())]
    return "\n".join(lines[1:])


def _run(given: argparse.Namespace) -> int:
    try:
        status: int = given.run(given)
        sys.stdout.flush()
    except Ended as fault:
        return say_end(given, str(fault), fault.status, fault.more)
    except KeyboardInterrupt:
        return say_end(given, "Stopped. Nothing was left half done.", Status.STOPPED, {})
    except BrokenPipeError:
        return Status.UNKNOWN  # whoever read it went away
    except OSError as fault:
        return say_end(given, in_words(fault), Status.UNKNOWN, {})
    return status


@contextlib.contextmanager
def _ends_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end the command as an exception does, so that nothing half-written is left."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        try:
            number = metadata.version("imprimatur")
        except metadata.PackageNotFoundError:
            number = "(run from its sources)"
        sys.stdout.write(f"imprimatur {number}\n")
        parser.exit(Status.DONE)
