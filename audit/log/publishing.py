"""Where a checkpoint goes when it is signed: to the witnesses."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from audit.log import reading, witnesses
from audit.models import Checkpoint

logger = logging.getLogger(__name__)


def publish(checkpoint: Checkpoint | None, now: datetime) -> None:
    """Hand a new checkpoint to whoever keeps checkpoints elsewhere; None: see whether something waits since before."""
    witnesses.hand_over(checkpoint, now)


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
        if newest is not None and witnesses.due(newest, now) and self.wait(0):
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
