"""The head of the audit log that stands in each record: whoever holds the record holds a checkpoint.

It is the newest one when the record is frozen, so it can't have the record's own events below it; what it proves is
the log before them, which nobody can rewrite any more without this record saying otherwise.
"""

import json
from collections.abc import Iterator

from audit.log.elsewhere import Held
from audit.log.reading import newest_checkpoint
from records.context import instant
from records.head_context import LogHead
from records.models import Record


def log_head() -> LogHead | None:
    """Return the newest checkpoint; None before the first."""
    newest = newest_checkpoint()
    if newest is None:
        return None
    return LogHead(
        origin=newest.origin,
        size=newest.size,
        root=newest.root,
        made_at=instant(newest.made_at),
        note=newest.cosigned,
    )


def held() -> Iterator[Held]:
    """Yield the checkpoints that records hold, for the verification of the log."""
    frozen = Record.objects.order_by("id").values_list("reference", "context")
    for reference, context in frozen.iterator(100):
        log: LogHead | None = json.loads(bytes(context)).get("log")
        if log is not None:
            yield Held(f"The record {reference}", log["origin"], log["size"], log["root"])
