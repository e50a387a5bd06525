"""How an attested decision stands: changed with its history, in one event, for the status list that follows."""

from dataclasses import dataclass
from datetime import datetime

from audit import trail
from records.attestation.rows import Attested, Standing, StandingChange


@dataclass(frozen=True, slots=True)
class Stands:
    """How a decision stands since when, and a code for the reason where it allows nothing."""

    standing: Standing
    since: datetime
    reason: str = ""


def change(attested: Attested, stands: Stands, now: datetime) -> bool:
    """Let the row say it, in the caller's transaction, which has locked it; False when it says so already."""
    if (attested.standing, attested.reason) == (stands.standing.value, stands.reason):
        return False
    old = attested.standing
    attested.standing, attested.reason, attested.since = stands.standing.value, stands.reason, stands.since
    attested.save(update_fields=["standing", "reason", "since"])
    trail.record(
        "attestation.standing_changed", obj=attested, actor=None, now=now, also=[note(attested)],
        data={"standing": {"old": old, "new": attested.standing}, "reason_code": attested.reason},
    )  # fmt: skip
    return True


def note(attested: Attested) -> StandingChange:
    """Add how it stands to its history."""
    return StandingChange.objects.create(
        attested=attested, standing=attested.standing, reason=attested.reason, since=attested.since
    )
