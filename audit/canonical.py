"""The exact bytes of a leaf: RFC 8785 inside a narrow profile, so that a hash means one thing only.

Keys are ASCII and sorted, there are no floats, whole numbers stay below 2^53, text is whole Unicode without NUL.
Inside this profile `json.dumps` gives what RFC 8785 asks for; a test compares them.
"""

import json
from collections.abc import Mapping, Sequence

LARGEST = 2**53 - 1


class NotCanonical(ValueError):  # noqa: N818
    """A value that the profile doesn't allow; the message says where it stands."""


def canonical(value: Mapping[str, object]) -> bytes:
    """Return the canonical JSON in UTF-8; raises NotCanonical with the path of what is wrong."""
    return json.dumps(
        plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def read(content: bytes) -> object:
    """Return the value of canonical JSON; raises NotCanonical for any other way to write it, and for anything else."""
    try:
        text = content.decode()
        value: object = _read(text)
        if _write(value) != text:
            raise NotCanonical("It is written in another way than the one that is canonical.")
        if not content.isascii() or "\\u0000" in text:
            plain(value)
    except RecursionError:
        raise NotCanonical("It is nested too deeply.") from None
    except ValueError as fault:
        raise NotCanonical(str(fault)) from fault
    return value


def _refuse(what: str) -> object:
    raise NotCanonical(f"{what[:40]} is not allowed; give text, or a whole number.")


def _whole(digits: str) -> int:
    return _number(int(digits), "$") if len(digits) < 18 else _number(LARGEST + 1, "$")


_read = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse, parse_int=_whole).decode
_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def plain(value: object, path: str = "$") -> object:
    """Return the value as dicts, lists, text, whole numbers, booleans and None; raises NotCanonical."""
    match value:
        case None | bool():
            return value
        case int():
            return _number(int(value), path)
        case str():
            return _text(str(value), path)
        case Mapping():
            return {_key(key, path): plain(item, f"{path}.{key}") for key, item in value.items()}
        case bytes() | bytearray() | memoryview():
            raise NotCanonical(f"{path}: bytes are not allowed; give their digest.")
        case Sequence():
            return [plain(item, f"{path}[{at}]") for at, item in enumerate(value)]
    raise NotCanonical(f"{path}: {type(value).__name__} is not allowed; give text, or a whole number.")


def _number(value: int, path: str) -> int:
    if abs(value) > LARGEST:
        raise NotCanonical(f"{path}: whole numbers end at 2^53 - 1; give it as text.")
    return value


def _text(value: str, path: str) -> str:
    if "\0" in value:
        raise NotCanonical(f"{path}: NUL is not allowed in text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotCanonical(f"{path}: half a surrogate pair is not text.") from None
    return value


def _key(key: object, path: str) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise NotCanonical(f"{path}: the key {key!r} is not ASCII text.")
    return _text(str(key), path)
