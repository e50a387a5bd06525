"""A log for tests: events about things, given their places and signed in a folder of the test's own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.contrib.auth.models import Group

from accounts.models import User
from audit import trail
from audit.log.sequencer import sequence
from audit.log.signer import sign_head
from audit.models import Checkpoint, Event

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def events(count: int, *, actor: User | None = None, name: str = "thing") -> list[Event]:
    """Record so many events about things by turns, three of them."""
    things = [Group.objects.get_or_create(name=f"{name} {number}")[0] for number in range(3)]
    return [
        trail.record(
            "thing.changed", obj=things[at % 3], actor=actor, now=NOW + timedelta(seconds=at), data={"at": at}
        )
        for at in range(count)
    ]


def signed(now: datetime = NOW) -> Checkpoint:
    """Give what there is its places, sign, and return the newest checkpoint."""
    sequence(now)
    sign_head(now)
    return Checkpoint.objects.latest("id")


def signer_in(settings: object, folder: Path) -> Path:
    """Let the signer work in this folder."""
    settings.LOG_SIGNER = str(folder)  # type: ignore[attr-defined]
    return folder
