"""Reading the log in its order: leaves, roots and proofs."""

from collections.abc import Iterator

from audit.log import tiling
from audit.models import Checkpoint, Entry
from imprimatur.tlog.proof import InclusionProof
from imprimatur.tlog.tree import consistency_proof, inclusion_proof
from imprimatur.tlog.tree import root_at as root_of_first

AT_ONCE = 2000


def leaves(start: int, stop: int) -> Iterator[bytes]:
    """Yield the exact bytes of the leaves from start to stop, that one left out, in the order of the log."""
    for at in range(start, stop, AT_ONCE):
        found = Entry.objects.filter(leaf_index__gte=at, leaf_index__lt=min(at + AT_ONCE, stop))
        for leaf in found.order_by("leaf_index").values_list("event__leaf", flat=True):
            yield bytes(leaf)


def root_at(size: int) -> bytes:
    """Return the root over the first leaves, from the tiles; raises LookupError when they hold fewer."""
    return root_of_first(size, tiling.node())


def consistency(old: int, new: int) -> list[bytes]:
    """Return the proof that the log of `new` leaves begins with that of `old`."""
    return consistency_proof(old, new, tiling.node())


def newest_checkpoint() -> Checkpoint | None:
    """Return the head that was signed last."""
    return Checkpoint.objects.order_by("-id").first()


def inclusion(event_id: int) -> InclusionProof | None:
    """Return the proof that the event stands in the log, under the head signed last; None when none covers it yet."""
    index = Entry.objects.filter(event_id=event_id).values_list("leaf_index", flat=True).first()
    checkpoint = newest_checkpoint()
    if index is None or checkpoint is None or index >= checkpoint.size:
        return None
    hashes = inclusion_proof(index, checkpoint.size, tiling.node_for(index, checkpoint.size))
    return InclusionProof(index, hashes, checkpoint.cosigned)
