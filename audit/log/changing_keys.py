"""Acts of an operator on the log's keys: another key takes over, or the log goes on under a new origin.

Both need the owner's login of the database and the signer's folder; the sequencer may go on running.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from audit import trail
from audit.log import keys, sequencer
from audit.log.keys import SignerRefuses
from audit.log.signer import sign_alone
from audit.models import Checkpoint, LogKey, Tree
from imprimatur.tlog import checkpoint as formats
from imprimatur.tlog.note import NotANote, Note, Signer

ROTATED, CONTINUED = "log.key_changed", "log.continued"


@dataclass(frozen=True, slots=True)
class Changed:
    """The public key that signs from now on, and the first checkpoint that it signed."""

    vkey: str
    checkpoint: Checkpoint


def rotate(*, reason: str, now: datetime) -> Changed:
    """Let a new key take over: an event names it, the old and the new one sign together, then the old one is deleted.

    Raises SignerRefuses when the log can't be signed as it stands.
    """
    with keys.alone():
        _sign(now)
        origin = keys.origin(sequencer.tree().generation)
        in_use, new = keys.signers(origin), Signer(origin, Ed25519PrivateKey.generate())
        old = [found.vkey for found in in_use]
        data = {"old": old, "new": new.vkey}
        with transaction.atomic():
            trail.record(ROTATED, obj=_tree(), actor=None, now=now, data=data, reason=reason)
        keys.put_key(origin, [*(found.key for found in in_use), new.key])
        checkpoint = _sign(now)
        keys.put_key(origin, [new.key])
    LogKey.objects.filter(vkey__in=old).update(until_size=checkpoint.size)
    return Changed(new.vkey, checkpoint)


def go_on(*, reason: str, now: datetime, held: str = "") -> Changed:
    """Let the log go on under a new origin after a restore, citing the newest checkpoint that anybody knows.

    `held`: a signed note from elsewhere, such as a mail to auditors or a witness. Raises SignerRefuses when the log
    can be signed as it stands, because then nothing has to be given up, or when what is held is no checkpoint of it.
    """
    with keys.alone():
        _demand_need(now)
        tree = _tree()
        before, known = keys.origin(tree.generation), _known(held)
        cited = max(known, key=_size_of, default=None)
        head = formats.Checkpoint.parse(cited.text) if cited else None
        with transaction.atomic():
            tree.generation = max([tree.generation, *map(_generation_of, known)]) + 1
            tree.save(update_fields=["generation"])
            new = Signer(keys.origin(tree.generation), Ed25519PrivateKey.generate())
            data = {
                "old": before, "new": new.name, "size": head.size if head else 0,
                "root": head.root.hex() if head else "", "note": str(cited).split("\n") if cited else [],
            }  # fmt: skip
            trail.record(CONTINUED, obj=tree, actor=None, now=now, data=data, reason=reason)
        keys.forget(before)
        keys.put_key(new.name, [new.key])
        LogKey.objects.filter(origin=before, until_size=None).update(until_size=data["size"])
        return Changed(new.vkey, _sign(now))


def _tree() -> Tree:
    return Tree.objects.get_or_create(pk=1)[0]


def _sign(now: datetime) -> Checkpoint:
    """Sign what there is and return the newest checkpoint."""
    sequencer.sequence(now)
    sign_alone(now)
    newest = Checkpoint.objects.order_by("-id").first()
    if newest is None:
        raise SignerRefuses("log.empty", "The log has no events yet, so there is nothing to sign.")
    return newest


def _demand_need(now: datetime) -> None:
    try:
        sequencer.sequence(now)
        sign_alone(now)
    except SignerRefuses as refusal:
        if refusal.kind in {"log.rollback", "log.memory", "log.key", "log.fork"}:
            return
        raise
    raise SignerRefuses(
        "log.well", "The log can be signed as it stands: there is no reason for a new origin."
    )


def _known(held: str) -> list[Note]:
    """Return the newest checkpoints that are held, remembered and in the database."""
    notes = [Note.parse(row.note) for row in Checkpoint.objects.order_by("-size")[:1]]
    try:
        notes += [note for note in [keys.remembered()] if note]
        notes += [Note.parse(held)] if held else []
        list(map(_size_of, notes))
    except NotANote as fault:
        raise SignerRefuses("log.held", f"What is held is no checkpoint: {fault}") from fault
    if held and not notes[-1].verified_by(keys.verifiers()):
        raise SignerRefuses("log.held", "What is held is not signed by a key of this log.")
    return notes


def _size_of(note: Note) -> int:
    return formats.Checkpoint.parse(note.text).size


def _generation_of(note: Note) -> int:
    """Return which beginning of the log signed it: an older database may not know of the last one."""
    number = formats.Checkpoint.parse(note.text).origin.removeprefix(keys.origin(1)).removeprefix("/")
    return int(number) if number.isdecimal() else 1
