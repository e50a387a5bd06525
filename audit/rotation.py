"""Another master key: every file's own key is wrapped by it, no file is encrypted anew, and then the old one goes.

It can be killed at any point and run again. Until the end the file of the keys names the new one and the old ones, so
everything can be read; what is kept meanwhile is wrapped by the new one.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audit import files, master_keys
from audit.master_keys import NoMasterKey
from audit.uploads import about_part, parts
from imprimatur import durable

Progress = Callable[[int, int], None]
"""Told how many files are done, and of how many."""

_BY_HAND = (
    "{place} can't be written ({why}). Put a line of a new key before the others yourself, as `openssl rand -base64 32`"
    " writes it, and run this again."
)
_LAST_BY_HAND = (
    "Every file's key is wrapped by the first line of {place}, which can't be written ({why}). Take the lines below"
    " the first away yourself, and keep them with the backups that were made before."
)


class Unfinished(Exception):  # noqa: N818
    """The rotation can't be finished; the words say what to do. Everything can be read as before."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """The name of the key in use, how many keys of files were wrapped by it now, and where the old ones stand."""

    name: str
    wrapped: int
    retired: Path


def rotate(progress: Progress) -> Rotated:
    """Make a new master key, or go on with a rotation that stopped, and wrap the key of each file by it.

    Raises NoMasterKey, and Unfinished when the keys' file can't be written or a file's key can't be unwrapped.
    """
    if len(master_keys.master_keys()) == 1:
        try:
            _write(master_keys.place(), [master_keys.new_secret(), *_secrets()])
        except OSError as fault:
            raise Unfinished(_BY_HAND.format(place=master_keys.place(), why=fault.strerror)) from fault
    wrapped, faults = _wrap_all(progress)
    with master_keys.nobody_wraps(files.lock()):  # what was kept while the first pass went on
        more, faults = _wrap_all(lambda _done, _of: None)
        if faults:
            raise Unfinished(
                "The old master keys stay, because these files can't be read with any of them. Bring them, or the"
                " right master key, back from a backup, or take the files away; then run this again.\n"
                + "\n".join(faults)
            )
        used, *old = _secrets()
        try:
            retired = _retire(old)
            _write(master_keys.place(), [used])
        except OSError as fault:
            raise Unfinished(_LAST_BY_HAND.format(place=master_keys.place(), why=fault.strerror)) from fault
    return Rotated(master_keys.master_keys()[0].name, wrapped + more, retired)


def kept_files() -> Iterator[str]:
    """Return the digests of all that is kept."""
    for folder in sorted(files.root().glob("[0-9a-f][0-9a-f]")):
        yield from sorted(path.name for path in folder.glob("[0-9a-f]" * 64))


def _wrap_all(progress: Progress) -> tuple[int, list[str]]:
    """Wrap what isn't wrapped by the key in use; return how many that were, and what can't be unwrapped."""
    found = [(files.place_of(sha256), sha256.encode()) for sha256 in kept_files()]
    found += [(path, about_part(path)) for path in parts()]
    wrapped, faults = 0, []
    for number, (path, about) in enumerate(found, 1):
        try:
            with _open(path) as handle:
                wrapped += master_keys.wrap_anew(handle, about)
        except FileNotFoundError:
            pass  # an upload that was finished or cancelled meanwhile
        except (OSError, ValueError, NoMasterKey) as fault:
            faults.append(f"{path}: {fault}")
        progress(number, len(found))
    return wrapped, faults


@contextmanager
def _open(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR)
    try:
        yield handle
    finally:
        os.close(handle)


def _secrets() -> list[str]:
    return [key.secret for key in master_keys.master_keys()]


def _retire(old: list[str]) -> Path:
    """Put old keys aside: a backup of the files that was made before can be read with them only."""
    place = master_keys.place()
    retired = place.with_name(f"{place.name}.retired")
    before = retired.read_text().splitlines() if retired.exists() else []
    _write(retired, [*before, *(secret for secret in old if secret not in before)])
    return retired


def _write(place: Path, lines: list[str]) -> None:
    durable.replace(place, "".join(f"{line}\n" for line in lines).encode())
