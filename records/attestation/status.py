"""The status list: signed when what it says changes, and daily, so that who holds one knows how old it may be.

Its number is the second at which it was signed, or the next one: so it goes on growing, too, when a database was
restored from a copy that knows less than pipelines have seen.
"""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit import trail
from imprimatur import signed, status_list
from imprimatur.attestation.writing import plain
from imprimatur.status_list import Entry
from jobs import queue
from records.attestation import keys
from records.attestation.rows import Attested, Standing, StatusList

SIGN = "records.sign_status"
DAILY = timedelta(hours=23)
"""After which a list is signed anew although nothing changed."""
TOLD_AFTERWARDS = timedelta(days=30)
"""So long a decision still stands in the list after its date, which ends it anyway."""


def newest() -> StatusList | None:
    """Return the list that counts."""
    return StatusList.objects.order_by("number").last()


def list_id(now: datetime) -> uuid.UUID:
    """Return the name of this installation's list; the first one is signed when it is asked for."""
    first = StatusList.objects.order_by("number").values_list("list_id", flat=True).first()
    return first or sign_status(now).list_id


def address() -> str:
    """Return where everybody fetches the list."""
    return f"{settings.BASE_URL.rstrip('/')}/status-list.json"


def plan(now: datetime) -> bool:
    """Ask for the list of the day when it is due; says whether it was. A list comes with the first attestation."""
    last = newest()
    if last is None or now - last.issued_at < DAILY:
        return False
    queue.enqueue(SIGN, {}, now=now, key=f"status-after-{last.number}")
    return True


def run(_payload: Mapping[str, Any]) -> None:
    """Body of the job."""
    sign_status(timezone.now())


@transaction.atomic
def sign_status(now: datetime) -> StatusList:
    """Sign a list if the newest doesn't say what holds, or grows old; returns the one that counts.

    Raises KeyNotReady. May run twice; of two at once the second waits, or fails and is tried again.
    """
    signers = keys.signers()
    last = StatusList.objects.select_for_update().order_by("-number").first()
    entries = _entries(now)
    entries_sha256 = hashlib.sha256(
        plain({"entries": [[one.decision, one.state, one.reason] for one in entries]})
    ).hexdigest()
    key_ids = keys.publish(signers, now)
    is_right = last is not None and (last.entries_sha256, last.keys) == (entries_sha256, key_ids)
    if last is not None and is_right and now - last.issued_at < DAILY:
        return last
    listed = status_list.StatusList(
        id=str(last.list_id if last else uuid.uuid4()), issuer=settings.ORGANISATION,
        number=max(int(now.timestamp()), last.number + 1 if last else 1), issued=now,
        next_update=now + timedelta(hours=settings.STATUS_HOURS), entries=tuple(entries),
    )  # fmt: skip
    payload = status_list.write(listed)
    made = StatusList.objects.create(
        list_id=uuid.UUID(listed.id), number=listed.number, payload_sha256=hashlib.sha256(payload).hexdigest(),
        content=signed.write(status_list.PAYLOAD_TYPE, payload, signers), entries_sha256=entries_sha256,
        entries=len(entries), keys=key_ids, issued_at=listed.issued, next_update=listed.next_update,
    )  # fmt: skip
    trail.record(
        "status_list.signed", obj=made, actor=None, now=now,
        data={"number": made.number, "entries": made.entries, "payload_sha256": made.payload_sha256},
    )  # fmt: skip
    return made


def _entries(now: datetime) -> list[Entry]:
    """Return every decision that ended early, and those whose date has passed lately."""
    ended = Attested.objects.exclude(standing=Standing.VALID).filter(valid_until__gt=now - TOLD_AFTERWARDS)
    return [
        Entry(str(one.uid), one.standing, one.reason, one.since) for one in ended.order_by("uid").iterator()
    ]
