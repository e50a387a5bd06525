"""Checking a signature line of a record: what was signed, that it was this record, and what a passkey answered to it.

Everything is in the line; no server is asked. What a line can't say is whose passkey it was: the public key stands in
the event of its registration, which a bundle of the log proves.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imprimatur.assertion import NotProven, from_plain, verify


@dataclass(frozen=True, slots=True)
class Checked:
    """A line that holds: by whom as the log knows them, when, and with which passkey, if with one."""

    signer: str  # pseudonym
    time: str
    credential: (
        str  # base64url; "" where password and code were asked, which leave nothing that could be checked
    )
    public_key: str


def check_line(line: Mapping[str, Any], record_sha256: str) -> Checked:
    """Check the line of a record with this digest; raises NotProven, whose text says what doesn't fit."""
    text = line.get("statement")
    if not isinstance(text, str):
        raise NotProven("The line holds no statement.")
    if hashlib.sha256(text.encode()).hexdigest() != line.get("statement_sha256"):
        raise NotProven("The statement is not the one whose digest is printed.")
    try:
        statement = json.loads(text)
        signed = {name: statement[name] for name in ("record_sha256", "name", "meaning", "time", "signer")}
    except (ValueError, KeyError, TypeError) as error:
        raise NotProven("The statement can't be read.") from error
    if signed["record_sha256"] != record_sha256:
        raise NotProven("Another record was signed.")
    for name, printed in (("name", "name"), ("meaning", "meaning"), ("time", "signed_at")):
        if signed[name] != line.get(printed):
            raise NotProven(f"The {name} that is printed was not signed.")
    kept, credential, key = line.get("assertion"), "", ""
    if kept is None and "passkey" in statement:
        raise NotProven("A passkey was asked, and its answer is missing.")
    if kept is not None:
        verify(from_plain(kept), text.encode())
        credential, key = kept["credential_id"], kept["public_key"]
    return Checked(str(signed["signer"]), str(signed["time"]), credential, key)
