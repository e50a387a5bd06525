"""Where a checkpoint goes when it is signed: to the witnesses."""

from datetime import datetime

from audit.models import Checkpoint


def publish(checkpoint: Checkpoint | None, now: datetime) -> None:
    """Hand a new checkpoint to whoever keeps checkpoints elsewhere; None: see whether something waits since before."""
