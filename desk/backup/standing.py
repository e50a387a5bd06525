"""What has to be done with the signer of the log after a restore: an older tree is never signed as if nothing were."""

from collections.abc import Iterator

from django.db import connection

from audit.log import keys as log_keys
from audit.log.keys import SignerRefuses
from audit.models import Tree
from desk.backup.layout import Manifest
from imprimatur.tlog.checkpoint import Checkpoint
from imprimatur.tlog.note import NotANote


def next_steps(manifest: Manifest) -> Iterator[str]:
    """Return what to do after a restore, in sentences."""
    if connection.vendor == "postgresql":
        yield "Give the logins their rights: `manage.py audit grants --apply`, as the owner."
    if manifest.log.checkpoint:
        yield _about_the_signer()
    yield (
        "Compare with what is held elsewhere before people come back: the last checkpoint that witnesses and auditors"
        " have must not be larger than this log."
    )


def _about_the_signer() -> str:
    tree = Tree.objects.filter(pk=1).first() or Tree(pk=1)
    go_on = (
        "What came after the backup is lost: find it in the mails to auditors, then let the log go on under a new"
        " origin that cites the last checkpoint, `manage.py audit continue`. Until then no head is signed."
    )
    try:
        note = log_keys.remembered()
        if note is None:
            return (
                f"The signer's folder {log_keys.folder()} remembers no head. Bring the old folder back if it is"
                f" still there: then the signer goes on, or says what is missing. If it is gone: {go_on}"
            )
        last = Checkpoint.parse(note.text)
    except (SignerRefuses, NotANote) as fault:
        return f"The signer can't go on: {fault}"
    except PermissionError:
        return (
            "The signer's folder belongs to another account, as it should. If the signer refuses, its alarm says why:"
            f" {go_on}"
        )
    if last.origin != log_keys.origin(tree.generation):
        return f"The signer has gone on to {last.origin}, which this database doesn't know. {go_on}"
    if last.size > tree.size:
        return f"The signer has signed {last.size} events, and this database has {tree.size} in its tree. {go_on}"
    return f"The signer has signed {last.size} of the {tree.size} events in the tree, and goes on from there."
