"""The text of a token of the API: `imp_`, 256 random bits and a checksum, so that scanners for secrets find it.

`imp_`, 43 characters that write the 32 bytes as one number in base 62, and 6 that write the CRC-32 of these 43. A text
that was cut off or mistyped is told from a wrong token without asking anybody.
"""

import re
import secrets
import string
import zlib

PREFIX = "imp_"
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BODY, _CHECK = 43, 6
_FORM = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_BODY + _CHECK}}}")


def new_token() -> str:
    """Return a fresh token."""
    body = _in_base_62(int.from_bytes(secrets.token_bytes(32), "big"), _BODY)
    return f"{PREFIX}{body}{_checksum(body)}"


def is_well_formed(text: str) -> bool:
    """Say whether the text is a whole token; it doesn't say whether anybody ever gave it out."""
    if not _FORM.fullmatch(text):
        return False
    body = text[len(PREFIX) : -_CHECK]
    return _checksum(body) == text[-_CHECK:]


def _checksum(body: str) -> str:
    return _in_base_62(zlib.crc32(body.encode()), _CHECK)


def _in_base_62(number: int, places: int) -> str:
    digits = []
    for _place in range(places):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
