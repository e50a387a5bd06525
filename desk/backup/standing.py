"""What has to be done with the signer of the log after a restore: an older tree is never signed as if nothing were."""

import os
from collections.abc import Iterator

from django.db import connection

from audit.log import keys as log_keys
from audit.log.keys import SignerRefuses
from audit.models import Tree
from desk.backup.layout import Manifest
from imprimatur.tlog.checkpoint import Checkpoint
from imprimatur.tlog.note import NotANote

GO_ON = (
    "let the log go on under a new origin that cites the last checkpoint that anybody has, `manage.py audit continue`."
    " Until then no head is signed."
)


def next_steps(manifest: Manifest) -> Iterator[str]:
    """Return what to do after a restore, in sentences."""
    if connection.vendor == "postgresql":
        yield "Give the logins their rights: `manage.py audit grants --apply`, as the owner."
    if manifest.log.checkpoint:
        yield _about_the_signer()
    yield (
        "Before people come back, compare with what is held elsewhere: a checkpoint of a witness or an auditor that is"
        " larger than this log says how many events are lost."
    )


def _about_the_signer() -> str:
    folder = log_keys.folder()
    if _belongs_to_another():
        return (
            f"The signer's folder {folder} belongs to another account, as it should. Where the signer refuses, its"
            f" alarm says why; then {GO_ON}"
        )
    tree = Tree.objects.filter(pk=1).first() or Tree(pk=1)
    try:
        note = log_keys.remembered()
        if note is None:
            return (
                f"The signer's folder {folder} remembers no head, so it signs none. Bring the old folder back if it is"
                f" still there: then the signer goes on, or says what is missing. If it is gone, {GO_ON}"
            )
        last = Checkpoint.parse(note.text)
    except (SignerRefuses, NotANote) as fault:
        return f"The signer can't go on: {fault}"
    if last.origin != log_keys.origin(tree.generation):
        ahead = f"The signer has gone on to {last.origin}, which this database doesn't know."
    elif last.size > tree.size:
        ahead = f"The signer has signed {last.size} events, and this database has {tree.size} in its tree."
    else:
        return f"The signer has signed {last.size} of the {tree.size} events in the tree, and goes on from there."
    return f"{ahead} If the newer database is lost, {GO_ON}"


def _belongs_to_another() -> bool:
    """Say whether the signer's folder is there and this account can't look into it."""
    try:
        return log_keys.folder().exists() and not os.access(log_keys.folder(), os.R_OK | os.X_OK)
    except PermissionError:
        return True
