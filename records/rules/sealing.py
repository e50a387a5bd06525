"""The way of a record from its frozen data to its seal: one table, and which signature is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class SealingState(StrEnum):
    """Where a record stands. That something went wrong is said beside it: the record goes on from where it stands."""

    FROZEN = "frozen"
    CERTIFIED = "certified"
    SEALING = "sealing"
    SEALED = "sealed"


class SealingEvent(StrEnum):
    """What happens to it: printed and certified, signed by the last person, closed."""

    CERTIFY = "certify"
    COMPLETE = "complete"
    SEAL = "seal"


TRANSITIONS: dict[tuple[SealingState, SealingEvent], SealingState] = {
    (SealingState.FROZEN, SealingEvent.CERTIFY): SealingState.CERTIFIED,
    (SealingState.FROZEN, SealingEvent.COMPLETE): SealingState.SEALING,
    (SealingState.CERTIFIED, SealingEvent.COMPLETE): SealingState.SEALING,
    (SealingState.SEALING, SealingEvent.CERTIFY): SealingState.SEALING,
    (SealingState.SEALING, SealingEvent.SEAL): SealingState.SEALED,
}
"""People may sign before the print is made, if it is late: what they sign is the digest of the data."""


def after(state: str, event: SealingEvent) -> SealingState | None:
    """Return the state after the event; None when it can't happen now."""
    return TRANSITIONS.get((SealingState(state), event))


@dataclass(frozen=True, slots=True)
class Place:
    """One signature of a record, in the order of signing.

    `asked`: it may be made; of a person since they confirmed their statement, of the seal since everybody has signed.
    """

    field: str
    asked: bool
    done: bool


def due(places: Sequence[Place]) -> Place | None:
    """Return the signature to be made now: the first that is missing, if it may be made; None when nothing is."""
    missing = next((place for place in places if not place.done), None)
    return missing if missing is not None and missing.asked else None
