"""Verification codes: sixteen letters and digits without look-alikes, the last of them a check on the
others.
"""

import secrets

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
LENGTH = 16
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_code() -> str:
    """Return a fresh code of 75 random bits and a check letter."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check_letter(body)


def grouped(code: str) -> str:
    """Return the code as it is printed: 7KQM-3XVT-9D2H-PW4C."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def address_of(code: str) -> str:
    """Return the public address at which a record is verified."""
    return f"{settings.BASE_URL.rstrip('/')}/verify/{code}"


def read(text: str) -> str:
    """Return the code that somebody typed, without dashes and look-alikes; empty when it can't be one."""
    code = "".join(text.upper().replace("-", " ").split()).translate(_LOOK_ALIKES)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def fits(code: str) -> bool:
    """Say whether the check letter fits, which any single wrong letter and most swaps of neighbours break."""
    return bool(read(code)) and code[-1] == _check_letter(code[:-1])


def _check_letter(body: str) -> str:
    """Luhn's algorithm modulo 32."""
    total = 0
    for place, letter in enumerate(reversed(body)):
        value = ALPHABET.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]
