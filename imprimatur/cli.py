"""The command `imprimatur`: what it is asked to do, and its exit status."""

import argparse
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from imprimatur.bundle import commands as bundle
from imprimatur.folder import FolderRefused, manifest_of
from imprimatur.witness import commands as witness

DONE, REFUSED = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 when it is done, 1 with a sentence on stderr when it can't be. Wrong usage exits 2."""
    given = _parser().parse_args(arguments)
    status: int = given.run(given)
    return status


def _manifest(given: argparse.Namespace) -> int:
    try:
        manifest = manifest_of(given.folder, not_these=_outputs())
    except (FolderRefused, OSError) as fault:
        print(f"imprimatur: {fault}", file=sys.stderr)  # noqa: T201
        return REFUSED
    sys.stdout.buffer.write(f"{manifest.digest}\n".encode() if given.digest else manifest.render())
    sys.stdout.buffer.flush()
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="imprimatur",
        description="Names a model by its bytes; bears witness to audit logs, and checks them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    manifest = commands.add_parser(
        "manifest",
        help="print the manifest of a folder",
        description="Prints the SHA-256 of every file below the folder, as sha256sum does, sorted by path. "
        "The SHA-256 of that text is the digest of the model.",
    )
    manifest.add_argument("folder", type=_folder, metavar="DIR")
    manifest.add_argument("--digest", action="store_true", help="print the digest of the manifest only")
    manifest.set_defaults(run=_manifest)
    bundle.add_to(commands)
    witness.add_to(commands)
    return parser


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text} is not a folder")
    return Path(text)


def _outputs() -> frozenset[tuple[int, int]]:
    """Return the files that this process writes to: one inside the folder would be in its own manifest."""
    facts = [os.fstat(stream.fileno()) for stream in (sys.stdout, sys.stderr)]
    return frozenset((fact.st_dev, fact.st_ino) for fact in facts if stat.S_ISREG(fact.st_mode))
