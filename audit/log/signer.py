"""Signing the head of the tree: only ever an extension of what was signed last.

The order matters: compare, sign, remember on the disk, publish. Killed in between, the note that is remembered but
not published is published at the next turn.
"""

from collections.abc import Sequence
from datetime import datetime

from audit.log import keys, sequencer, tiling
from audit.log.keys import SignerRefuses
from audit.models import Checkpoint, Tree
from imprimatur.tlog import checkpoint as heads
from imprimatur.tlog.note import NotANote, Note, Signer, signed
from imprimatur.tlog.tree import ProofFailed, check_consistency, consistency_proof, root_at


def sign_head(now: datetime) -> Checkpoint | None:
    """Sign the tree as it stands; None when there is nothing that isn't signed yet. Raises SignerRefuses.

    It refuses a tree that doesn't begin with the last one it signed, one that is shorter, and one whose tiles don't
    make its root.
    """
    with keys.alone():
        return sign_alone(now)


def sign_alone(now: datetime) -> Checkpoint | None:
    """Do what `sign_head` does, for whoever holds `keys.alone` already."""
    tree = sequencer.tree()
    if tree.size == 0:
        return None
    origin = keys.origin(tree.generation)
    last = _last(origin)
    signers = keys.signers(origin)
    for signer in signers:
        keys.publish(signer, now)
    head = _head(origin, tree)
    if last is not None:
        _demand_extension(last[0], head)
        if last[0].size == head.size:
            return _published(last[1], head, now)
    text = _signed(head, signers)
    keys.remember(text)
    return _published(text, head, now)


def _last(origin: str) -> tuple[heads.Checkpoint, str] | None:
    """Return what was signed last, with its note."""
    note = keys.remembered()
    if note is None:
        if Checkpoint.objects.filter(origin=origin).exists():
            raise SignerRefuses(
                "log.memory",
                f"The database knows checkpoints, but the signer's folder {keys.folder()} doesn't remember any: it may "
                "have signed more than this database holds. Bring the folder back, or let the log go on under a new "
                "origin: `manage.py audit continue`.",
            )
        return None
    try:
        last = heads.Checkpoint.parse(note.text)
        is_ours = any(note.verified_by([signer.verifier]) for signer in keys.signers(last.origin))
    except NotANote as fault:
        raise SignerRefuses(
            "log.memory", f"What the signer remembers is not what it signed: {fault}"
        ) from fault
    if last.origin == origin and not is_ours:
        raise SignerRefuses(
            "log.key",
            f"What the signer last signed is not signed with the key in {keys.folder() / 'key'}: it is an older one, "
            "or another's. Bring back the newest from a backup of the keys; if there is none, let the log go on under "
            "a new origin: `manage.py audit continue`.",
        )
    if last.origin != origin:
        raise SignerRefuses(
            "log.memory",
            f"The signer last signed a checkpoint of {last.origin}, and this log is {origin}. Bring back the signer's "
            "folder that belongs to this database, or run `manage.py audit continue`.",
        )
    return last, str(note)


def _head(origin: str, tree: Tree) -> heads.Checkpoint:
    """Return the head that the tiles make."""
    try:
        root = root_at(tree.size, tiling.node())
    except LookupError as fault:
        raise SignerRefuses("log.tiles", f"{fault} {_HOW}") from fault
    if root.hex() != tree.root:
        raise SignerRefuses(
            "log.tiles", f"The tiles of the log don't make the root that stands beside them. {_HOW}"
        )
    return heads.Checkpoint(origin, tree.size, root)


def _demand_extension(last: heads.Checkpoint, head: heads.Checkpoint) -> None:
    if head.size < last.size:
        raise SignerRefuses(
            "log.rollback",
            f"The log has {head.size} events, and {last.size} were signed already: the database is older than what was "
            "published, as after a restore. Bring back the newer database, or let the log go on under a new origin "
            "that cites what was signed: `manage.py audit continue`.",
        )
    try:
        proof = consistency_proof(last.size, head.size, tiling.node())
        check_consistency(last.size, last.root, head.size, head.root, proof)
    except (ProofFailed, LookupError) as fault:
        raise SignerRefuses(
            "log.fork",
            f"The log doesn't begin with the {last.size} events that were signed before. {fault} {_HOW}",
        ) from fault


def _signed(head: heads.Checkpoint, signers: Sequence[Signer]) -> str:
    text = head.text()
    return signed(text, [signer.sign(text) for signer in signers])


def _published(note: str, head: heads.Checkpoint, now: datetime) -> Checkpoint | None:
    """Add the row; None when it was there."""
    found, is_new = Checkpoint.objects.get_or_create(
        origin=head.origin, size=head.size, defaults={"root": head.root.hex(), "note": note, "made_at": now}
    )
    if Note.parse(found.note).text != head.text():
        raise SignerRefuses(
            "log.fork",
            f"The database holds another checkpoint of {head.size} events than the one signed. {_HOW}",
        )
    return found if is_new else None


_HOW = (
    "Somebody changed the log behind the application's back. Stop, keep a copy of the database as it is, and run "
    "`manage.py audit verify`: it names the first thing that is wrong."
)
