"""One turn of the sequencer: order, sign, hand to the witnesses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from audit.log import alarms, keys, publishing
from audit.log.keys import SignerRefuses
from audit.log.sequencer import sequence
from audit.log.signer import sign_head
from audit.log.tiling import TornTile
from audit.models import Checkpoint


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn did: events that got their place, the head that was signed, and why none was."""

    sequenced: int
    checkpoint: Checkpoint | None
    refusal: str = ""


def turn(now: datetime, publish: Callable[[Checkpoint | None, datetime], None] = publishing.publish) -> Turn:
    """Do what is due. Where signing is refused an alarm is raised; it ends with the next head that can be signed.

    `publish` gets the head that was signed, or None when there was nothing to sign.
    """
    try:
        sequenced = sequence(now)
    except TornTile as fault:
        alarms.raise_("sign.log.tiles", str(fault), now)
        return Turn(0, None, str(fault))
    try:
        checkpoint = sign_head(now)
    except SignerRefuses as refusal:
        alarms.raise_(f"sign.{refusal.kind}", str(refusal), now)
        return Turn(sequenced, None, str(refusal))
    except OSError as fault:
        text = f"The signer's folder {keys.folder()} can't be used ({fault.strerror}): make room, or mend its rights."
        alarms.raise_("sign.log.folder", text, now)
        return Turn(sequenced, None, text)
    alarms.end("sign.", now)
    publish(checkpoint, now)
    return Turn(sequenced, checkpoint)
