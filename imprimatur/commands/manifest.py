"""`imprimatur manifest`: the digests of a folder's files as text, and the digest of that text: the model's name."""

import argparse
import contextlib
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import IO

from imprimatur.durable import written_whole
from imprimatur.folder import FolderRefused, write_manifest
from imprimatur.outcome import Refusal, Status, Unclear, asks, say
from imprimatur.progress import Bar, is_wanted
from imprimatur.usage import Commands, add_command

HELD = 4 * 1024 * 1024  # bytes of a manifest that are held in memory; a longer one waits on the disk


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
    with contextlib.ExitStack() as stack:
        file: IO[bytes]
        if given.output is not None:
            file = stack.enter_context(written_whole(given.output))
        else:  # nothing is printed of a folder that turns out to be refused
            file = stack.enter_context(tempfile.SpooledTemporaryFile(HELD))
        try:
            with Bar("Hashing", 0, shown=is_wanted(given)) as bar:
                named = write_manifest(folder, file.write, not_these=_outputs(), bar=bar)
        except FolderRefused as fault:
            raise Refusal(str(fault), folder=str(folder)) from None
        if not (given.output or given.json or given.digest):
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return Status.DONE
    found = {"folder": str(folder), "digest": named.digest, "files": named.files, "bytes": named.size}
    words = named.digest
    if given.output is not None:
        found["output"] = str(given.output)
        words = f"{named.digest}  {named.files:,} files, written to {given.output}"
    say(given, words, found)
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
