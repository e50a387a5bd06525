"""Handing heads of the log to its witnesses, and keeping what they put under them.

A witness that is silent or refuses never keeps the log from going on: its last answer stands on the page of the log,
and it is asked again. What contradicts its memory raises an alarm, because then somebody rewrote the log or brought
back an older database.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import transaction

from audit.log import alarms, asking, reading
from audit.log.asking import Reply, Silent
from audit.log.keys import verifiers
from audit.models import Checkpoint, Cosignature, Outcome, WitnessAnswer
from imprimatur.tlog.checkpoint import CosignatureVerifier
from imprimatur.tlog.note import NotANote, Note
from imprimatur.witness.submission import Submission

PAUSE = timedelta(seconds=10)  # before a witness that didn't sign is asked again
LONG = timedelta(
    days=1
)  # without a signature: an alarm, because whoever keeps a witness away may have a reason


class WrongWitnesses(ValueError):  # noqa: N818
    """The setting can't be read; the message says which line and why."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness as the settings name it: its key and the address below which it takes checkpoints."""

    verifier: CosignatureVerifier
    url: str

    @property
    def kind(self) -> str:
        """Return the beginning of the kinds of its alarms."""
        return f"witness.{self.verifier.key_id.hex()}."


@dataclass(frozen=True, slots=True)
class _Said:
    """What came of asking: for the row, with the line when it signed."""

    outcome: Outcome
    text: str = ""
    size: int | None = None
    line: str = ""


def configured() -> list[Witness]:
    """Return the witnesses of the setting: lines `vkey url`, or the path of a file of such; raises WrongWitnesses."""
    given = str(settings.LOG_WITNESSES).strip()
    try:
        text = Path(given).read_text(encoding="utf-8") if given.startswith("/") else given
    except (OSError, UnicodeDecodeError) as fault:
        raise WrongWitnesses(f"The file of witnesses can't be read: {fault}") from fault
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = [_witness(line) for line in lines]
    names = [witness.verifier.name for witness in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise WrongWitnesses(f"Two witnesses have one name: {', '.join(sorted(twice))}")
    return found


def setting_is_right(**_given: object) -> list[checks.CheckMessage]:
    """Return what is wrong with the setting; a system check."""
    try:
        configured()
    except WrongWitnesses as fault:
        return [checks.Error(f"IMPRIMATUR_WITNESSES: {fault}", id="audit.E010")]
    return []


def due(checkpoint: Checkpoint, now: datetime) -> list[Witness]:
    """Return the witnesses to ask now: those that haven't signed the checkpoint, and aren't left alone for a while."""
    asked = configured()
    if not asked:
        return []
    signed = set(checkpoint.cosignatures.values_list("witness", flat=True))
    rows = {row.vkey: row for row in WitnessAnswer.objects.all()}
    return [
        witness
        for witness in asked
        if witness.verifier.name not in signed and not _is_resting(rows.get(str(witness.verifier)), now)
    ]


def hand_over(checkpoint: Checkpoint | None, now: datetime) -> None:
    """Ask each witness that is due for the checkpoint, None: the newest one; never raises for what they answer.

    Not inside a transaction: each answer takes some time, and is kept in a transaction of its own.
    """
    newest = checkpoint or reading.newest_checkpoint()
    if newest is None:
        return
    for witness in due(newest, now):
        before = WitnessAnswer.objects.filter(vkey=str(witness.verifier)).first()
        known = before.size if before and before.origin == newest.origin else None
        _keep(witness, newest, _asked(witness, newest, known or 0, now), before, now)


def _witness(words: list[str]) -> Witness:
    try:
        vkey, url = words
        verifier = CosignatureVerifier.parse(vkey)
    except NotANote as fault:
        raise WrongWitnesses(
            f"{fault} The key of a witness is what `imprimatur witness init` prints."
        ) from fault
    except ValueError:
        raise WrongWitnesses(
            f"A line names the key of a witness and its address, but this one doesn't: {' '.join(words)[:200]}"
        ) from None
    if not url.startswith(("https://", "http://")):
        raise WrongWitnesses(
            f"The address of a witness begins with https:// or http://, but this is {url[:200]}"
        )
    return Witness(verifier, url)


def _is_resting(before: WitnessAnswer | None, now: datetime) -> bool:
    if before is None or before.outcome == Outcome.COSIGNED:
        return False
    return before.asked_at <= now < before.asked_at + PAUSE


def _asked(witness: Witness, checkpoint: Checkpoint, known: int, now: datetime) -> _Said:
    """Ask, with the proof from what the witness has seen; where it has seen something else, once more from there."""
    try:
        reply = asking.ask(witness.url, _body(checkpoint, known if known <= checkpoint.size else 0))
        before = known
        if reply.size is not None and reply.size <= checkpoint.size and reply.size != known:
            known = reply.size
            reply = asking.ask(witness.url, _body(checkpoint, known))
    except Silent as fault:
        return _Said(Outcome.SILENT, str(fault))
    except LookupError as fault:
        return _Said(Outcome.REFUSED, f"There is no proof for it: {fault}", known)
    said = _meaning(witness, checkpoint, reply, known, int(now.timestamp()))
    return replace(said, text=_forgot(known, before)) if said.line and known < before else said


def _body(checkpoint: Checkpoint, old: int) -> bytes:
    return Submission(old, reading.consistency(old, checkpoint.size), Note.parse(checkpoint.note)).render()


def _meaning(witness: Witness, checkpoint: Checkpoint, reply: Reply, known: int, seconds: int) -> _Said:
    """Return what the answer says about the log."""
    size = reply.size
    match reply.status:
        case 200:
            line = asking.cosignature(reply.text, witness.verifier, checkpoint.note, seconds)
            if line is None:
                return _Said(Outcome.REFUSED, "Its answer isn't signed with the key of this witness.", known)
            return _Said(Outcome.COSIGNED, "", checkpoint.size, str(line))
        case 409 if size is not None and size > checkpoint.size:
            if Checkpoint.objects.filter(origin=checkpoint.origin, size__gte=size).exists():
                return _Said(Outcome.REFUSED, "It has seen a newer checkpoint meanwhile.", size)
            return _Said(Outcome.AHEAD, _ahead(witness, checkpoint, size), size)
        case 409 if size == checkpoint.size:
            return _Said(Outcome.FORK, _other_root(witness, checkpoint), size)
        case 422:
            return _Said(Outcome.FORK, _no_extension(witness, checkpoint, known), known)
        case 403 | 404:
            return _Said(Outcome.UNKNOWN, _to_trust(checkpoint))
    text = reply.text.strip()[:500]
    return _Said(Outcome.REFUSED, f"It answered {reply.status}: {text}", size)


def _ahead(witness: Witness, checkpoint: Checkpoint, size: int) -> str:
    return (
        f"The witness {witness.verifier.name} has seen {size} events of {checkpoint.origin}, and this database has "
        f"only signed {checkpoint.size}: it is older than what was published, as after a restore. Bring back the newer "
        "database, or let the log go on under a new origin that cites what was signed: `manage.py audit continue`."
    )


def _forgot(known: int, before: int) -> str:
    return (
        f"It had seen {before} events, and now says {known}: its folder was lost, or an older copy was brought back. "
        "It can't vouch for what came before."
    )


def _other_root(witness: Witness, checkpoint: Checkpoint) -> str:
    return (
        f"The witness {witness.verifier.name} has signed another root over the first {checkpoint.size} events of "
        f"{checkpoint.origin} than this database has. {_REWRITTEN}"
    )


def _no_extension(witness: Witness, checkpoint: Checkpoint, known: int) -> str:
    return (
        f"The {checkpoint.size} events of {checkpoint.origin} don't begin with the {known} that the witness "
        f"{witness.verifier.name} has seen. {_REWRITTEN}"
    )


def _to_trust(checkpoint: Checkpoint) -> str:
    below = {(line.name, line.key_id) for line in Note.parse(checkpoint.note).lines}
    known = [str(key) for key in verifiers(checkpoint.origin) if (key.name, key.key_id) in below]
    return (
        "It doesn't know this log, or not the key that signs it now. Ask whoever runs it to trust the origin "
        f"{checkpoint.origin} with the key {' and the key '.join(known)}"
    )


_REWRITTEN = (
    "Somebody rewrote the log. Stop, keep a copy of the database as it is, and ask whoever runs the witness for both "
    "signed checkpoints; `manage.py audit verify` compares the log with what else is known of it."
)


def _keep(
    witness: Witness, checkpoint: Checkpoint, said: _Said, before: WitnessAnswer | None, now: datetime
) -> None:
    """Keep the answer and the signature if there is one, and raise or end the alarms."""
    is_silent, is_signed = said.outcome == Outcome.SILENT, bool(said.line)
    is_same_log = before is not None and before.origin == checkpoint.origin
    failing_since = None if is_signed else (before and before.failing_since) or now
    with transaction.atomic():
        WitnessAnswer.objects.update_or_create(
            vkey=str(witness.verifier),
            defaults={
                "witness": witness.verifier.name, "url": witness.url, "origin": checkpoint.origin, "asked_at": now,
                "answered_at": now if not is_silent else before.answered_at if before else None,
                "cosigned_at": now if is_signed else before.cosigned_at if before else None,
                "failing_since": failing_since, "outcome": said.outcome, "text": said.text,
                "size": before.size if said.size is None and before and is_same_log else said.size,
            },
        )  # fmt: skip
        if is_signed:
            Cosignature.objects.get_or_create(
                checkpoint=checkpoint,
                witness=witness.verifier.name,
                defaults={"line": said.line, "made_at": now},
            )
            alarms.end(witness.kind, now)
        elif said.outcome.is_contradiction:
            alarms.raise_(f"{witness.kind}{said.outcome}", said.text, now)
        elif failing_since is not None and now - failing_since >= LONG:
            alarms.raise_(f"{witness.kind}absent", _absent(witness, said, failing_since), now)


def _absent(witness: Witness, said: _Said, since: datetime) -> str:
    return (
        f"The witness {witness.verifier.name} has signed no checkpoint since {since:%Y-%m-%d %H:%M} UTC, so nobody "
        f"outside would notice that the log is rewritten. {said.outcome.label}: {said.text}"
    )
