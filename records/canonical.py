"""The exact bytes of a frozen context: RFC 8785 inside the profile of this product, so that a hash means
one thing only.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

LARGEST = 2**53 - 1


class NotCanonical(ValueError):  # noqa: N818
    """A value that the profile doesn't allow; the message says where it stands."""


def canonical(value: Mapping[str, Any] | list[Any]) -> bytes:
    """Return canonical JSON: sorted ASCII keys, no floats, |int| < 2**53, no NUL; raises NotCanonical with
    the path.
    """
    _check(value, "$")
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _check(value: object, path: str) -> None:
    match value:
        case None | bool():
            return
        case int():
            if abs(value) > LARGEST:
                raise NotCanonical(f"{path}: whole number beyond 2**53")
        case str():
            _check_text(value, path)
        case list():
            for index, item in enumerate(value):
                _check(item, f"{path}[{index}]")
        case dict():
            for key, item in value.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise NotCanonical(f"{path}: key {key!r} is not ASCII text")
                _check(item, f"{path}.{key}")
        case _:
            raise NotCanonical(f"{path}: {type(value).__name__} is not allowed")


def _check_text(value: str, path: str) -> None:
    if type(value) is not str:
        raise NotCanonical(f"{path}: {type(value).__name__} is not plain text")
    if "\0" in value:
        raise NotCanonical(f"{path}: NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotCanonical(f"{path}: half a surrogate pair") from None
