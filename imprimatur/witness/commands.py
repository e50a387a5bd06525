"""`imprimatur witness`: make one, say which logs it knows, serve it, and look at what it has seen."""

import argparse
import base64
import contextlib
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from imprimatur.witness.judging import FORK, INCONSISTENT, SMALLER, Judge
from imprimatur.witness.memory import Damaged, Memory
from imprimatur.witness.place import NoWitness, Place
from imprimatur.witness.server import listening
from imprimatur.witness.trusted import Trusted

DONE, REFUSED, UNKNOWN = 0, 1, 2
CAUGHT = {FORK, INCONSISTENT}
WORDS = {
    FORK: "the log signed two roots for one size, which proves a fork",
    INCONSISTENT: "a head that the log signed didn't go on from the one before, by the proof that came with it",
    SMALLER: "a smaller head than the one before, which was never seen here",
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its own commands; each leaves in `run` what does it."""
    witness = commands.add_parser(
        "witness",
        help="be a witness of audit logs",
        description="A witness remembers the largest head of each log that it knows, and signs only what goes on "
        "from it. It belongs on a machine that whoever runs the log can't change.",
    )
    own = witness.add_subparsers(required=True, metavar="COMMAND")
    make = own.add_parser("init", help="make the folder with a new key, and print its public part")
    make.add_argument("folder", type=Path, metavar="DIR")
    make.add_argument(
        "--name", required=True, help="name of the witness, for example audit.example.org/witness"
    )
    make.set_defaults(run=_or_say(_init, REFUSED))
    trust = own.add_parser(
        "trust", help="add a log, or a further key of one, to those that the witness knows"
    )
    trust.add_argument("folder", type=Path, metavar="DIR")
    trust.add_argument("origin", help="name of the log, as in the first line of its checkpoints")
    trust.add_argument("vkey", help="public key of the log: name+12345678+base64")
    trust.set_defaults(run=_or_say(_trust, REFUSED))
    serve = own.add_parser("serve", help="answer to logs until it is stopped")
    serve.add_argument("folder", type=Path, metavar="DIR")
    serve.add_argument(
        "--listen",
        default="127.0.0.1:8470",
        metavar="WHERE",
        help="HOST:PORT or unix:/path (default: %(default)s)",
    )
    serve.set_defaults(run=_or_say(_serve, REFUSED))
    note = own.add_parser("note", help="print the largest checkpoint of a log, as the log signed it")
    note.add_argument("folder", type=Path, metavar="DIR")
    note.add_argument("origin", help="name of the log")
    note.set_defaults(run=_or_say(_note, REFUSED))
    show = own.add_parser(
        "show",
        help="print what the witness has seen",
        description="Ends with 1 when a log has signed what contradicts its own past, 2 when that can't be told.",
    )
    show.add_argument("folder", type=Path, metavar="DIR")
    show.set_defaults(run=_or_say(_show, UNKNOWN))


def _init(given: argparse.Namespace) -> int:
    print(Place.make(given.folder, given.name).cosigner.vkey)  # noqa: T201
    return DONE


def _trust(given: argparse.Namespace) -> int:
    log = Trusted.parse(f"{given.origin} {given.vkey}")
    is_new = Place.open(given.folder).trust(log)
    print(log if is_new else f"{given.origin} is known with this key already.")  # noqa: T201
    return DONE


def _serve(given: argparse.Namespace) -> int:
    place = Place.open(given.folder)
    with place.held():
        known = {log.origin for log in place.logs()}
        with listening(given.listen, Judge(place), place.cosigner.vkey) as server:
            print(f"{place.cosigner.vkey}\nListens at {given.listen}; logs known: {len(known)}.", flush=True)  # noqa: T201
            with contextlib.suppress(KeyboardInterrupt):
                server.serve_forever()
    return DONE


def _note(given: argparse.Namespace) -> int:
    head = Place.open(given.folder).memory(given.origin).seen()
    if head is None:
        raise NoWitness(f"This witness has seen no checkpoint of {given.origin}.")
    print(head.note, end="")  # noqa: T201
    return DONE


def _show(given: argparse.Namespace) -> int:
    place = Place.open(given.folder)
    told = [_told(place.memory(origin)) for origin in place.origins()]
    print(place.cosigner.vkey)  # noqa: T201
    for lines, _caught in told:
        print("", *lines, sep="\n")  # noqa: T201
    return REFUSED if any(caught for _lines, caught in told) else DONE


def _told(memory: Memory) -> tuple[list[str], bool]:
    """Return what is to be said of a log, and whether it was caught."""
    head = memory.seen()
    lines = [memory.origin]
    if head is None:
        lines.append("  nothing seen yet")
    else:
        root = base64.b64encode(head.checkpoint.root).decode()
        lines.append(f"  size {head.checkpoint.size}, root {root}, seen {_moment(head.at)}")
    refused = memory.refused()
    lines += [f"  {_moment(item.at)}: {WORDS[item.why]} ({item.path})" for item in refused]
    return lines, any(item.why in CAUGHT for item in refused)


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _or_say(run: Callable[[argparse.Namespace], int], status: int) -> Callable[[argparse.Namespace], int]:
    """Return what runs it and says in a sentence why it couldn't; then it ends with the status."""

    def said(given: argparse.Namespace) -> int:
        try:
            return run(given)
        except (NoWitness, Damaged, ValueError, OSError) as fault:
            print(f"imprimatur: {fault}", file=sys.stderr)  # noqa: T201
            return status

    return said
