"""What the log keeps: events, the tree over them, and what was found when it was looked at."""

from audit.models.event import LARGEST_LEAF, Disclosure, Event
from audit.models.log import Alarm, Checkpoint, Cosignature, Entry, LogKey, Tile, Tree, Verification
from audit.models.reconciliation import Reconciliation
from audit.models.witness import Outcome, WitnessAnswer

__all__ = [
    "LARGEST_LEAF",
    "Alarm",
    "Checkpoint",
    "Cosignature",
    "Disclosure",
    "Entry",
    "Event",
    "LogKey",
    "Outcome",
    "Reconciliation",
    "Tile",
    "Tree",
    "Verification",
    "WitnessAnswer",
]
