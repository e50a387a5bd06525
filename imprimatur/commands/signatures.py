"""`imprimatur signatures`: check what people signed, from the two files in the PDF of a record."""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

from imprimatur.assertion import NotProven
from imprimatur.outcome import Status, Unclear, asks, say
from imprimatur.signature import check_line
from imprimatur.usage import Commands, add_command


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "signatures",
        help="check the signatures of a record",
        description="Checks the signatures that were made on a record, from the two files in its PDF: what each "
        "person signed, that it was this record, and what their passkey answered. Asks no server.",
        statuses=(("0", "all of them hold"), ("1", "one doesn't hold"), ("2", "a file can't be read")),
        examples=(
            ("imprimatur signatures record.json signatures.json", "after pdfdetach -saveall RECORD.pdf"),
        ),
    )
    parser.add_argument("record", type=Path, metavar="record.json")
    parser.add_argument("signatures", type=Path, metavar="signatures.json")
    asks(parser)
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    digest = hashlib.sha256(given.record.read_bytes()).hexdigest()
    try:
        found = [_checked(line, digest) for line in json.loads(given.signatures.read_bytes())]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unclear(
            f"{given.signatures} is not the signatures.json of a record. Take it out of its PDF again."
        ) from None
    holds = all(one["holds"] for one in found)
    say(given, "\n".join(map(_in_words, found)), {"record": digest, "holds": holds, "signatures": found})
    return Status.DONE if holds else Status.REFUSED


def _checked(line: dict[str, Any], digest: str) -> dict[str, Any]:
    who = {"name": str(line["name"]), "role": str(line["role"])}
    try:
        signed = check_line(line, digest)
    except NotProven as fault:
        return {**who, "holds": False, "why": str(fault)}
    return {
        **who, "holds": True, "time": signed.time, "credential": signed.credential, "public_key": signed.public_key,
    }  # fmt: skip


def _in_words(one: dict[str, Any]) -> str:
    name = f"{one['name']}, {one['role']}"
    if not one["holds"]:
        return f"{name}: does not hold. {one['why']}"
    by = f"by the passkey {one['credential']} with the public key {one['public_key']}"
    return f"{name}: holds, signed at {one['time']}, {by if one['credential'] else 'without a passkey'}."
