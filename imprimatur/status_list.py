"""The status list: which decisions ended early, in a list that is signed daily and on every change.

Its number only grows, so whoever has seen a list recognises an older one; after `next_update` it says nothing any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from imprimatur.attestation.writing import plain
from imprimatur.cards.stated import CardFault
from imprimatur.cards.strict_json import read_json
from imprimatur.fields import Fields, Misshapen, instant
from imprimatur.signed import LARGEST

PAYLOAD_TYPE = "application/vnd.imprimatur.status-list.v1+json"
VERSION = 1


class NoStatusList(ValueError):  # noqa: N818
    """What was signed is no status list that can be read; the message says why."""


class State(StrEnum):
    """Why a decision allows nothing now; any word ends it, also one that isn't known."""

    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision that allows nothing, since when, and a code for the reason (docs/attestations.md)."""

    decision: str
    state: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list: which one (`id` stays the same for good), its number, and until when the next one comes."""

    id: str
    issuer: str
    number: int
    issued: datetime
    next_update: datetime
    entries: tuple[Entry, ...]

    def entry(self, decision: str) -> Entry | None:
        """Return what the list says of the decision; None: nothing stands against it."""
        return next((entry for entry in self.entries if entry.decision == decision), None)


def write(status: StatusList) -> bytes:
    """Return the list as the bytes that are signed."""
    content = {
        "version": VERSION,
        "id": status.id,
        "issuer": status.issuer,
        "number": status.number,
        "issued": instant(status.issued),
        "nextUpdate": instant(status.next_update),
        "entries": [
            {
                "decision": entry.decision,
                "state": entry.state,
                "reason": entry.reason,
                "since": instant(entry.since),
            }
            for entry in _sorted(status.entries)
        ],
    }
    return plain(content)


def read(payload: bytes) -> StatusList:
    """Return what a list says whose signature was checked; raises NoStatusList."""
    try:
        said = Fields(read_json(payload, LARGEST), "status list")
        if said.number("version") != VERSION:
            raise NoStatusList("it has another version than 1")
        found = StatusList(
            id=said.text("id"),
            issuer=said.text("issuer"),
            number=said.number("number"),
            issued=said.instant("issued"),
            next_update=said.instant("nextUpdate"),
            entries=tuple(
                Entry(item.text("decision"), item.text("state"), item.text("reason"), item.instant("since"))
                for item in said.each("entries")
            ),
        )
    except (CardFault, Misshapen) as fault:
        raise NoStatusList(str(fault)) from None
    if len({entry.decision for entry in found.entries}) != len(found.entries):
        raise NoStatusList("a decision stands in it twice")
    return found


def _sorted(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.decision)
