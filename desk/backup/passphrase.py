"""The passphrase of the keys, which never stands on a command line."""

import getpass
import os
import sys
from argparse import ArgumentParser
from pathlib import Path

from desk.backup.locking import SHORTEST
from desk.backup.refusal import NotPossible

VARIABLE = "IMPRIMATUR_BACKUP_PASSPHRASE"


def add_argument(parser: ArgumentParser) -> None:
    """Let a file be named that holds it."""
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="its first line is the passphrase of the keys"
    )


def given(file: Path | None, *, is_new: bool) -> str:
    """Return the passphrase from the file, the environment or the terminal, there twice when it is new.

    Raises NotPossible when it can't be had, or a new one is too short.
    """
    found = _read(file) if file else os.environ.get(VARIABLE, "") or _asked(is_new=is_new)
    if is_new and len(found) < SHORTEST:
        raise NotPossible(f"The passphrase needs {SHORTEST} characters or more; five random words are good.")
    return found


def _read(file: Path) -> str:
    try:
        if file.stat().st_mode & 0o077:
            raise NotPossible(
                f"Others can read {file}. `chmod 600` it, and choose another passphrase if they may have."
            )
        return file.read_text().partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise NotPossible(f"The passphrase can't be read from {file} ({fault}).") from fault


def _asked(*, is_new: bool) -> str:
    if not sys.stdin.isatty():
        raise NotPossible(
            f"Nobody can be asked for the passphrase of the keys here: set {VARIABLE}, or name a file with"
            " --passphrase-file."
        )
    found = getpass.getpass("Passphrase of the keys: ")
    if is_new and getpass.getpass("Once more: ") != found:
        raise NotPossible("The two differ, so nothing was done. Run it again.")
    return found
