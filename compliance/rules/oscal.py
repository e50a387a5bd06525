"""What our exports of OSCAL have in common: version of the format, identifiers of controls, identities."""

import re
from uuid import NAMESPACE_URL, uuid5

VERSION = "1.2.3"
"""Of NIST's Open Security Controls Assessment Language; its JSON schemas stand beside the tests."""

NAMESPACE = "urn:imprimatur:oscal"
"""Of properties that OSCAL itself doesn't know."""


def token(number: str) -> str:
    """Return the number of a control as an identifier of OSCAL: it begins with a letter and has no blanks."""
    identity = re.sub(r"[^\w.\-]", "-", number)
    return identity if identity[:1].isalpha() else f"c-{identity}"


def statement(number: str) -> str:
    """Return the identifier of what a control asks, as the exported catalog names it."""
    return f"{token(number)}_smt"


def identity(*names: object) -> str:
    """Return a UUID (version 5) that is the same for the same names each time."""
    return str(uuid5(NAMESPACE_URL, ":".join(["urn:imprimatur", *map(str, names)])))
