"""Master keys: they wrap the key that each file has of its own, and are all that has to be kept secret.

They stand in a file, one secret on a line, the one in use first; lines that begin with # are notes. More than one
means that a rotation is under way: files under the others are still read, and wrapped anew by `manage.py files rotate`.
The file is looked at whenever a key is needed, so no process has to be started anew.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SHORTEST = 43  # characters: 32 random bytes in base64
MAGIC = b"IMPFILE1"
KEY = 32
_ID, _NONCE = 8, 12
_WRAPPED = _NONCE + KEY + 16
_SLOT = _ID + _WRAPPED
HEADER = len(MAGIC) + 2 * _SLOT
"""Bytes before the segments: what it is, then two places for the wrapped key, so that one is right at any moment."""
_EMPTY = bytes(_SLOT)


class NoMasterKey(Exception):  # noqa: N818
    """No master key, or not the one that is needed; the words say what to do."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A master key: its id is derived from it, so a wrong key never passes for the right one."""

    id: bytes
    secret: str
    cipher: AESGCM

    @property
    def name(self) -> str:
        """Return the id in words: 16 hexadecimal digits."""
        return self.id.hex()

    def wrap(self, key: bytes, about: bytes) -> bytes:
        """Return the key of a file wrapped; it can be unwrapped only for the same `about`."""
        nonce = os.urandom(_NONCE)
        return self.id + nonce + self.cipher.encrypt(nonce, key, MAGIC + about)

    def unwrap(self, slot: bytes, about: bytes) -> bytes | None:
        """Return the key of the file, or None when it was not wrapped by this key for that."""
        if slot[:_ID] != self.id:
            return None
        try:
            return self.cipher.decrypt(slot[_ID : _ID + _NONCE], slot[_ID + _NONCE :], MAGIC + about)
        except InvalidTag:
            return None


def place() -> Path:
    """Return where the master keys stand."""
    return Path(settings.FILES_KEYS)


def master_keys() -> tuple[MasterKey, ...]:
    """Return the master keys, the one in use first; raises NoMasterKey."""
    path = place()
    try:
        with path.open("rb") as file:  # opened, not only asked about: then a shared disk looks at it anew
            state = os.fstat(file.fileno())
    except OSError as fault:
        raise NoMasterKey(
            f"The master keys of the files can't be read from {path} ({fault.strerror}). Bring the file back from a"
            " backup: without it nothing that was handed in can be read."
        ) from fault
    return _read(path, (state.st_mtime_ns, state.st_ino, state.st_size))


@lru_cache(maxsize=4)
def _read(path: Path, _state: tuple[int, int, int]) -> tuple[MasterKey, ...]:
    listed = [line.strip() for line in path.read_text().splitlines()]
    lines = [line for line in listed if line and not line.startswith("#")]
    if not lines or min(map(len, lines)) < SHORTEST:
        raise NoMasterKey(
            f"{path} needs at least one line of {SHORTEST} random characters or more, as `openssl rand -base64 32`"
            " writes it, and no shorter one."
        )
    return tuple(_derived(line) for line in lines)


def _derived(secret: str) -> MasterKey:
    both = HKDF(algorithm=SHA256(), length=KEY + _ID, salt=None, info=b"imprimatur/audit/files").derive(
        secret.encode()
    )
    return MasterKey(both[KEY:], secret, AESGCM(both[:KEY]))


def new_secret() -> str:
    """Return the line of a new master key."""
    return secrets.token_urlsafe(48)


def header_of(key: bytes, about: bytes) -> bytes:
    """Return the header of a file with this key, wrapped by the master key in use. Hold `in_use` until it is kept."""
    return MAGIC + master_keys()[0].wrap(key, about) + _EMPTY


def key_of(handle: int, about: bytes) -> bytes:
    """Return the key of an open file; raises NoMasterKey, which says what to do, and ValueError for another header."""
    slots = _slots(handle)
    for master in master_keys():
        for slot in slots:
            if key := master.unwrap(slot, about):
                return key
    known = {master.id for master in master_keys()}
    others = sorted(slot[:_ID].hex() for slot in slots if slot != _EMPTY and slot[:_ID] not in known)
    if not others:
        raise ValueError("its key was changed, or it is another file")
    raise NoMasterKey(
        f"It was encrypted under the master key {others[0]}, which is not in {place()}. Bring that line back from a"
        " backup of the keys, as a line of its own below the others."
    )


def is_current(handle: int, about: bytes) -> bool:
    """Say whether the key of an open file is wrapped by the master key in use and by no other."""
    wrapped = [slot for slot in _slots(handle) if slot != _EMPTY]
    return len(wrapped) == 1 and master_keys()[0].unwrap(wrapped[0], about) is not None


def wrap_anew(handle: int, about: bytes) -> bool:
    """Wrap the key of an open file by the master key in use; say whether there was anything to do.

    At each moment one of the two places of the header is right, so it can be killed anywhere and done again. Raises
    what `key_of` raises.
    """
    if is_current(handle, about):
        return False
    key, master, slots = key_of(handle, about), master_keys()[0], _slots(handle)
    right = next((number for number, slot in enumerate(slots) if master.unwrap(slot, about)), None)
    if right is None:
        right = next((number for number, slot in enumerate(slots) if not _unwraps(slot, about)), 1)
        os.pwrite(handle, master.wrap(key, about), len(MAGIC) + right * _SLOT)
        os.fsync(handle)
    os.pwrite(handle, _EMPTY, len(MAGIC) + (1 - right) * _SLOT)
    os.fsync(handle)
    return True


@contextmanager
def wrapped_for(handle: int, key: bytes, about: bytes, *, before: bytes) -> Iterator[None]:
    """Wrap the key of an open file for what it becomes; what it was for `before` goes when that is done.

    Killed or failed meanwhile, it can be unwrapped for both, so nothing that came is lost. Hold `in_use` around it.
    """
    old = next((number for number, slot in enumerate(_slots(handle)) if _unwraps(slot, before)), 0)
    os.pwrite(handle, master_keys()[0].wrap(key, about), len(MAGIC) + (1 - old) * _SLOT)
    os.fsync(handle)
    yield
    os.pwrite(handle, _EMPTY, len(MAGIC) + old * _SLOT)
    os.fsync(handle)


def _unwraps(slot: bytes, about: bytes) -> bool:
    return any(master.unwrap(slot, about) for master in master_keys())


def _slots(handle: int) -> tuple[bytes, bytes]:
    header = os.pread(handle, HEADER, 0)
    if len(header) != HEADER or not header.startswith(MAGIC):
        raise ValueError("it doesn't begin as a kept file does")
    first = len(MAGIC)
    return header[first : first + _SLOT], header[first + _SLOT :]


@contextmanager
def in_use(lock: Path) -> Iterator[None]:
    """Hold off that master keys are dropped, from the wrapping of a key until it is where a rotation looks for it."""
    with _locked(lock, fcntl.LOCK_SH):
        yield


@contextmanager
def nobody_wraps(lock: Path) -> Iterator[None]:
    """Hold off everybody who would wrap a key."""
    with _locked(lock, fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(lock: Path, how: int) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
