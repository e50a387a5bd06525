"""The command `imprimatur`: what it is asked to do, and its exit status."""

import argparse
import hashlib
import json
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from imprimatur.assertion import NotProven
from imprimatur.bundle import commands as bundle
from imprimatur.folder import FolderRefused, manifest_of
from imprimatur.signature import check_line
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


def _signatures(given: argparse.Namespace) -> int:
    digest, told = hashlib.sha256(given.record.read()).hexdigest(), DONE
    for line in json.loads(given.signatures.read()):
        name = f"{line['name']}, {line['role']}"
        try:
            found = check_line(line, digest)
        except NotProven as fault:
            print(f"{name}: does not hold. {fault}")  # noqa: T201
            told = REFUSED
        else:
            by = f"by the passkey {found.credential} with the public key {found.public_key}"
            how = by if found.credential else "without a passkey"
            print(f"{name}: holds, signed at {found.time}, {how}.")  # noqa: T201
    return told


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
    signatures = commands.add_parser(
        "signatures",
        help="check the signatures of a record",
        description="Checks the signatures that were made on a record, from the two files in its PDF: what each "
        "person signed, that it was this record, and what their passkey answered. Asks no server.",
    )
    signatures.add_argument("record", type=argparse.FileType("rb"), metavar="record.json")
    signatures.add_argument("signatures", type=argparse.FileType("rb"), metavar="signatures.json")
    signatures.set_defaults(run=_signatures)
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
