"""`imprimatur bundle verify`: check what was taken away."""

import argparse
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

from imprimatur.bundle import checking, verify
from imprimatur.progress import Counted

OURS = ("verify.py", "index.html")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its own commands; each leaves in `run` what does it."""
    bundle = commands.add_parser(
        "bundle",
        help="check bundles of an audit log",
        description="A bundle holds every event of a log, and what belongs to those that were asked for.",
    )
    own = bundle.add_subparsers(required=True, metavar="COMMAND")
    check = own.add_parser(
        "verify",
        help="say whether a bundle is whole",
        description="Does what verify.py in the bundle does, by the same rules, only faster. Ends with 0 when the "
        "bundle is whole, 1 when something is wrong (the first such thing is named), 2 when it can't be read.",
    )
    check.add_argument("bundle", type=Path, metavar="FILE_OR_FOLDER")
    verify.asks(check)
    check.add_argument("--processes", type=int, metavar="N", help="processors to use (default: all)")
    check.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> int:
    def check(source: verify.Source, *held: bytes | None, tell: verify.Tell) -> dict[str, Any]:  # noqa: ARG001
        found = checking.check(source, *held, tell=Counted(), processes=given.processes)
        strange = [name for name in OURS if source.read(name) != _own(name)]
        if strange and not given.json:
            names = " and ".join(strange)
            sys.stderr.write(
                f"Not the {names} that this version has: look twice before you run or open it.\n"
            )
        return {**found, "strange": strange}

    return verify.report(given, check)


def _own(name: str) -> bytes:
    return files("imprimatur.bundle").joinpath(name).read_bytes()
