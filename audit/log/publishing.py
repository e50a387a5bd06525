"""Where a checkpoint goes when it is signed: to the witnesses."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from audit.log import alarms, reading, witnesses
from audit.models import Checkpoint

logger = logging.getLogger(__name__)


SETTING = "witness.setting"


def publish(checkpoint: Checkpoint | None, now: datetime) -> None:
    """Hand a new checkpoint to whoever keeps checkpoints elsewhere; None: see whether something waits since before."""
    newest = checkpoint or reading.newest_checkpoint()
    if newest is not None and _is_due(newest, now):
        witnesses.hand_over(newest, now)


def _is_due(checkpoint: Checkpoint, now: datetime) -> bool:
    """Say whether there is somebody to hand it to; a setting that became wrong is an alarm, and stops nothing."""
    try:
        is_due = bool(witnesses.due(checkpoint, now))
    except witnesses.WrongWitnesses as fault:
        alarms.raise_(SETTING, f"No checkpoint is handed to witnesses. IMPRIMATUR_WITNESSES: {fault}", now)
        return False
    if is_due:
        alarms.end(SETTING, now)
    return is_due


class Courier:
    """Publishes in a thread with a connection of its own, so that a slow witness keeps no head from being signed.

    Only the newest head matters to a witness: while one is under way, those that come are seen at the next turn.
    """

    def __init__(self, send: Callable[[datetime], None] | None = None) -> None:
        """Wait for something to do; `send` in place of handing over the newest checkpoint."""
        self._send = send or (lambda now: publish(None, now))
        self._thread: threading.Thread | None = None

    def publish(self, checkpoint: Checkpoint | None, now: datetime) -> None:
        """Set out when a witness is due, unless the last way isn't done; comes back at once."""
        newest = checkpoint or reading.newest_checkpoint()
        if newest is not None and _is_due(newest, now) and self.wait(0):
            self._thread = threading.Thread(target=self._carry, name="courier", daemon=True)
            self._thread.start()

    def _carry(self) -> None:
        try:
            self._send(timezone.now())
        except Exception:
            logger.exception("The checkpoint could not be handed to the witnesses; it is tried again.")
        finally:
            connection.close()

    def wait(self, seconds: float) -> bool:
        """Wait until the way is done; False: it isn't."""
        if self._thread is not None:
            self._thread.join(seconds)
            return not self._thread.is_alive()
        return True
