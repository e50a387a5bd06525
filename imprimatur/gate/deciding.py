"""The gate itself: reads what it was given, asks the rules, and looks at the folder when nothing else denies."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from imprimatur import dsse, signed, status_list, walking
from imprimatur.attestation import reading
from imprimatur.attestation.predicate import PAYLOAD_TYPE, Decision
from imprimatur.gate import difference, memory, rules
from imprimatur.gate.difference import Difference
from imprimatur.gate.reasons import Code, Reason
from imprimatur.status_list import StatusList
from imprimatur.walking import FolderRefused

Clock = Callable[[], datetime]
LARGEST_KEY = 100_000  # bytes


class Answer(StrEnum):
    """What the gate says."""

    ALLOW = "allow"
    DENY = "deny"
    UNDECIDED = "undecided"


class Undecided(Exception):  # noqa: N818
    """It can't be decided: something can't be read. The message says what, and what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the gate was asked. `manifest` is the approved one, to name files by; `ignored` shall be left out."""

    folder: Path
    decision: Path
    status: Path | None
    keys: tuple[Path, ...]
    status_key: Path | None
    environment: str | None
    state: Path
    manifest: Path | None = None
    ignored: tuple[str, ...] = ()


@dataclass(slots=True)
class Verdict:
    """What was found out: the answer is allow when nothing stands against it."""

    reasons: list[Reason] = field(default_factory=list)
    decision: Decision | None = None
    status: StatusList | None = None
    manifest_sha256: str = ""
    difference: Difference | None = None

    @property
    def answer(self) -> Answer:
        """Return it."""
        return Answer.DENY if self.reasons else Answer.ALLOW


class Progress:
    """Told how much there is to read and, from several threads, how much was read."""

    def begin(self, size: int) -> None:
        """Take up how many bytes there are."""

    def add(self, count: int) -> None:
        """Count bytes that were read."""


def decide(asked: Asked, clock: Clock, progress: Progress) -> Verdict:
    """Find out whether the folder may be released; raises Undecided.

    The folder is read only when nothing else stands against it, and then time is asked again: reading takes long.
    """
    if not asked.folder.is_dir():
        raise Undecided(f"{asked.folder} is not there, or is no folder.")
    verdict = Verdict()
    parties = [_party(path) for path in asked.keys]
    status_party = _party(asked.status_key) if asked.status_key else parties[0]
    verdict.reasons += rules.parties_overlap(parties)
    if not verdict.reasons:
        _read_decision(verdict, asked, parties)
    if verdict.decision is None:
        return verdict
    _read_status(verdict, verdict.decision, asked, status_party)
    verdict.reasons += _of_time(verdict, verdict.decision, asked, clock())
    verdict.reasons += rules.why_not_ignored(verdict.decision, asked.ignored)
    if not verdict.reasons:
        _look_at_folder(verdict, verdict.decision, asked, progress)
        verdict.reasons += _of_time(verdict, verdict.decision, asked, clock())
    return verdict


def _read_decision(verdict: Verdict, asked: Asked, parties: list[rules.Party]) -> None:
    try:
        content = _signed(asked.decision, "The decision")
    except signed.PayloadsDiffer as fault:
        verdict.reasons.append(Reason(Code.PAYLOADS_DIFFER, f"{asked.decision}: {fault}"))
        return
    verdict.reasons += rules.why_not_signed(
        parties, content.signers(key for party in parties for key in party.keys)
    )
    if verdict.reasons:
        return
    try:
        if content.payload_type != PAYLOAD_TYPE:
            raise reading.NoDecision(f"it is of the type {content.payload_type[:100]}")
        verdict.decision = reading.decision(content.payload)
    except reading.NoDecision as fault:
        verdict.reasons.append(
            Reason(Code.NO_DECISION, f"{asked.decision} is signed, but is no release decision: {fault}.")
        )


def _read_status(verdict: Verdict, decision: Decision, asked: Asked, party: rules.Party) -> None:
    where = f"fetch it from {decision.status_list_address}"
    if asked.status is None or not asked.status.exists():
        verdict.reasons.append(Reason(Code.STATUS_MISSING, f"The status list is missing; {where}."))
        return
    try:
        content = _signed(asked.status, "The status list")
    except signed.PayloadsDiffer as fault:
        verdict.reasons.append(Reason(Code.STATUS_PAYLOADS_DIFFER, f"{asked.status}: {fault}"))
        return
    if not content.signers(party.keys):
        verdict.reasons.append(
            Reason(
                Code.STATUS_UNKNOWN_KEY,
                f"The status list isn't signed by a key in {party.name}, or was changed since; {where}.",
            )
        )
        return
    try:
        if content.payload_type != status_list.PAYLOAD_TYPE:
            raise status_list.NoStatusList(f"it is of the type {content.payload_type[:100]}")
        verdict.status = status_list.read(content.payload)
    except status_list.NoStatusList as fault:
        verdict.reasons.append(
            Reason(Code.NO_STATUS, f"{asked.status} is signed, but is no status list: {fault}.")
        )
        return
    verdict.reasons += _remembered(verdict.status, content.payload, asked, party)


def _remembered(status: StatusList, payload: bytes, asked: Asked, party: rules.Party) -> list[Reason]:
    """Compare the list with what was seen before, and keep its number if that is higher, whatever is decided."""
    keys, sha256 = [key.id for key in party.keys], hashlib.sha256(payload).hexdigest()
    try:
        with memory.held(asked.state) as kept:
            reasons = list(rules.why_not_by_memory(status, sha256, kept.seen(status.id, keys)))
            if not reasons:
                kept.keep(status.id, keys, rules.Seen(status.number, sha256))
    except memory.Unreadable as fault:
        raise Undecided(str(fault)) from None
    return reasons


def _of_time(verdict: Verdict, decision: Decision, asked: Asked, now: datetime) -> list[Reason]:
    """Return what stands against it now that wasn't said yet."""
    found = [
        *rules.why_not_decided(decision, now),
        *rules.why_not_by_conditions(decision.conditions, asked.environment, now),
        *(rules.why_not_by_status(verdict.status, decision, now) if verdict.status else ()),
    ]
    return [reason for reason in found if reason not in verdict.reasons]


def _look_at_folder(verdict: Verdict, decision: Decision, asked: Asked, progress: Progress) -> None:
    known = asked.manifest
    try:
        if known is not None and not difference.is_approved(known, decision.manifest_sha256):
            raise Undecided(
                f"{known} is not the manifest that was approved. Fetch it again, or leave it out."
            )
        verdict.reasons += _compared(verdict, decision, asked.folder, known, progress)
    except FolderRefused as fault:
        verdict.reasons.append(Reason(Code.FOLDER_REFUSED, str(fault)))
    except OSError as fault:
        raise Undecided(f"{fault.filename or asked.folder} can't be read: {fault.strerror}.") from None


def _compared(
    verdict: Verdict, decision: Decision, folder: Path, known: Path | None, progress: Progress
) -> Iterator[Reason]:
    before = walking.extent(folder, decision.ignore)
    progress.begin(before.size)
    digest = hashlib.sha256()
    found = _digested(walking.digests(folder, decision.ignore, progress.add), digest.update)
    if known is not None:
        verdict.difference = difference.compare(difference.approved_files(known), found)
    else:
        for _file in found:
            pass
    verdict.manifest_sha256 = digest.hexdigest()
    if walking.extent(folder, decision.ignore) != before:
        yield Reason(Code.FOLDER_REFUSED, "The folder changed while it was read.")
    elif verdict.manifest_sha256 != decision.manifest_sha256:
        yield Reason(Code.FOLDER_DIFFERS, _differs(verdict, decision, known))


def _differs(verdict: Verdict, decision: Decision, known: Path | None) -> str:
    if known is None or not verdict.difference:
        return (
            f"The folder is not what {decision.reference} approved: its manifest has the digest "
            f"{verdict.manifest_sha256}, approved is {decision.manifest_sha256}. Which files differ can be said "
            "with --manifest, the manifest that was approved."
        )
    counts = ", ".join(f"{count:,} {kind}" for kind, count in verdict.difference.counts.items() if count)
    return f"The folder is not what {decision.reference} approved: {counts}."


def _digested(files: Iterable[tuple[str, str]], update: Callable[[bytes], None]) -> Iterator[tuple[str, str]]:
    """Pass the files on, and their lines of the manifest to `update`."""
    for path, sha256 in files:
        update(f"{sha256}  {path}\n".encode())
        yield path, sha256


def _signed(path: Path, what: str) -> signed.Signed:
    content = _content(path, signed.LARGEST)
    try:
        return signed.read(content)
    except signed.NotSigned as fault:
        raise Undecided(f"{what} in {path} can't be read: {fault}.") from None


def _party(path: Path) -> rules.Party:
    try:
        return rules.Party(str(path), dsse.public_keys(_content(path, LARGEST_KEY)))
    except dsse.NotAKey as fault:
        raise Undecided(f"{path}: {fault}") from None


def _content(path: Path, largest: int) -> bytes:
    """Return the bytes of a file, one more than `largest` at most."""
    try:
        with path.open("rb") as file:
            return file.read(largest + 1)
    except OSError as fault:
        raise Undecided(f"{path} can't be read: {fault.strerror}.") from None
