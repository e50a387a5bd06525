"""When the last backup was made: a note in the data folder, for the page of health."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

NAME = "last-backup"


@dataclass(frozen=True, slots=True)
class Last:
    """The last backup: where it is, when it was made, its bytes, and whether its keys were kept with it."""

    folder: str
    made_at: datetime
    size: int
    with_keys: bool


def note(folder: Path, now: datetime, *, size: int, with_keys: bool) -> None:
    """Write down that this backup was made."""
    place = Path(settings.DATA_DIR) / NAME
    draft = place.with_name(f".{NAME}-{os.getpid()}")
    about = {"folder": str(folder), "made_at": now.isoformat(), "size": size, "with_keys": with_keys}
    draft.write_text(json.dumps(about))
    draft.replace(place)


def read() -> Last | None:
    """Return what was noted last; None when there is none, or it can't be read."""
    try:
        found = json.loads((Path(settings.DATA_DIR) / NAME).read_text())
        return Last(**{**found, "made_at": datetime.fromisoformat(found["made_at"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
