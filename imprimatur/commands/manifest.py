"""`imprimatur manifest`: the digests of a folder's files as text, and the digest of that text: the model's name."""

import argparse
import os
import stat
import sys
from pathlib import Path

from imprimatur.durable import written_whole
from imprimatur.folder import FolderRefused, manifest_of
from imprimatur.outcome import Refusal, Status, Unclear, asks, say
from imprimatur.progress import Bar, is_wanted
from imprimatur.usage import Commands, add_command


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "manifest",
        help="print the manifest of a folder",
        description="Prints the SHA-256 of every file below the folder, as sha256sum does, sorted by path. The SHA-256 "
        "of that text is the digest of the model: a request, its approval and the gate are about exactly these bytes. "
        "Hidden files count, empty folders don't. Nothing but the text leaves the machine.\n\n"
        "Symbolic links, special files, and names with a backslash or a control character are refused, and so is a "
        "folder that changes while it is read.",
        statuses=(
            ("0", "printed"),
            ("1", "the folder can't be named by a manifest; the sentence on stderr says which file and why"),
            ("2", "wrong usage, or something can't be read"),
        ),
        examples=(
            (
                "imprimatur manifest model > model.manifest",
                "the manifest; sha256sum --check reads it inside the folder",
            ),
            ("imprimatur manifest model --digest", "the 64 digits that name the model"),
        ),
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--digest", action="store_true", help="print the digest of the manifest only")
    shape.add_argument(
        "--output", type=Path, metavar="FILE", help="write the manifest there, whole or not at all"
    )
    asks(parser)
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    folder: Path = given.folder
    if not folder.is_dir():
        raise Unclear(f"{folder} is not a folder.")
    if given.output is not None:
        _check_output(given.output, folder)
    try:
        with Bar("Hashing", 0, shown=is_wanted(given)) as bar:
            manifest = manifest_of(folder, not_these=_outputs(), bar=bar)
    except FolderRefused as fault:
        raise Refusal(str(fault), folder=str(folder)) from None
    found = {"folder": str(folder), "digest": manifest.digest, "files": len(manifest), "bytes": bar.of}
    if given.output is not None:
        with written_whole(given.output) as file:
            file.writelines(manifest.lines())
        found["output"] = str(given.output)
        words = f"{manifest.digest}  {len(manifest):,} files, written to {given.output}"
        say(given, words, found)
    elif given.json:
        say(given, "", found)
    elif given.digest:
        say(given, manifest.digest, found)
    else:
        sys.stdout.buffer.writelines(manifest.lines())
        sys.stdout.buffer.flush()
    return Status.DONE


def _check_output(output: Path, folder: Path) -> None:
    """Refuse what would be found out only after all bytes were read."""
    place = output.absolute().parent
    if not place.is_dir():
        raise Unclear(f"{place} is not a folder; make it first, or write elsewhere.")
    if output.is_dir():
        raise Unclear(f"{output} is a folder; name a file.")
    if place.resolve().is_relative_to(folder.resolve()):
        raise Refusal(f"{output} would be in its own manifest; write it outside of the folder.")


def _outputs() -> frozenset[tuple[int, int]]:
    """Return the files that this process writes to: one inside the folder would be in its own manifest."""
    facts = []
    for stream in (sys.stdout, sys.stderr):
        try:
            facts.append(os.fstat(stream.fileno()))
        except (OSError, ValueError):
            continue  # closed, or no file at all
    return frozenset((fact.st_dev, fact.st_ino) for fact in facts if stat.S_ISREG(fact.st_mode))
