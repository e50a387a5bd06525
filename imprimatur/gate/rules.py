"""What stands against a release: values in, reasons out. No file, no clock, no key is touched here.

Everything that isn't known to allow denies: an outcome, a state or a kind of condition of a later version, too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from imprimatur.attestation.predicate import Check, CheckKind, Condition, Decision, Outcome
from imprimatur.dsse import PublicKey
from imprimatur.fields import instant
from imprimatur.gate.reasons import Code, Reason
from imprimatur.status_list import State, StatusList

CLOCKS_DIFFER = timedelta(minutes=5)
"""So much may the clocks of issuer and pipeline differ."""
_APPROVED = {Outcome.APPROVED, Outcome.APPROVED_WITH_CONDITIONS}
_ENDED: dict[str, tuple[Code, str]] = {
    State.SUSPENDED: (Code.SUSPENDED, "is suspended"),
    State.REVOKED: (Code.REVOKED, "was withdrawn"),
    State.SUPERSEDED: (Code.SUPERSEDED, "was ended by a newer decision"),
    State.EXPIRED: (Code.EXPIRED, "has expired"),
}


@dataclass(frozen=True, slots=True)
class Party:
    """Who must have signed, by any of the keys in one file: a new key lies beside the old one while it is changed."""

    name: str
    keys: tuple[PublicKey, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The highest number of a status list that was seen before, and the SHA-256 of that list."""

    number: int
    sha256: str


def parties_overlap(parties: Sequence[Party]) -> Iterator[Reason]:
    """Yield a reason for each key that stands for two parties: one signature would count twice."""
    owner: dict[PublicKey, str] = {}
    for party in parties:
        for key in party.keys:
            if key in owner:
                yield Reason(
                    Code.SAME_KEY_TWICE,
                    f"{owner[key]} and {party.name} hold the same key; one signature can't count as two.",
                )
            owner[key] = party.name


def why_not_signed(parties: Sequence[Party], signers: frozenset[PublicKey]) -> Iterator[Reason]:
    """Yield a reason for each party whose signature over the decision is missing."""
    if not any(signers.intersection(party.keys) for party in parties):
        names = ", ".join(party.name for party in parties)
        yield Reason(
            Code.UNKNOWN_KEY, f"The decision isn't signed by a key in {names}, or was changed since."
        )
        return
    for party in parties:
        if not signers.intersection(party.keys):
            yield Reason(Code.KEY_MISSING, f"The decision lacks the signature of a key in {party.name}.")


def why_not_decided(decision: Decision, now: datetime) -> Iterator[Reason]:
    """Yield what in the decision itself stands against a release now."""
    name = decision.reference
    if decision.outcome not in _APPROVED:
        yield Reason(Code.NOT_APPROVED, f"{name} is not approved: it was decided “{decision.outcome}”.")
    if now < decision.valid_from:
        yield Reason(Code.NOT_YET_VALID, f"{name} is valid from {instant(decision.valid_from)} only.")
    if now >= decision.valid_until:
        yield Reason(Code.EXPIRED, f"{name} was valid until {instant(decision.valid_until)}; renew it.")


def why_not_by_conditions(
    conditions: Iterable[Condition], environment: str | None, now: datetime
) -> Iterator[Reason]:
    """Yield the conditions that stand against a release to this environment now. A waived one holds nothing back."""
    for condition in conditions:
        if condition.blocks_release and not condition.is_settled:
            yield Reason(
                Code.CONDITION_OUTSTANDING,
                f"Condition {condition.id} blocks the release and is not met: {_short(condition.text)}",
            )
        if condition.state != "waived":
            for check in condition.checks:
                yield from _why_not_by(check, condition, environment, now)


def _why_not_by(
    check: Check, condition: Condition, environment: str | None, now: datetime
) -> Iterator[Reason]:
    if check.kind == CheckKind.ENVIRONMENT:
        allowed = ", ".join(check.one_of)
        if environment is None:
            yield Reason(
                Code.ENVIRONMENT_MISSING,
                f"Condition {condition.id} allows {allowed} only; say with --environment where it goes to.",
            )
        elif environment not in check.one_of:
            yield Reason(
                Code.ENVIRONMENT_WRONG, f"Condition {condition.id} allows {allowed} only, not {environment}."
            )
    elif check.kind == CheckKind.EXPIRY and check.before is not None:
        if now >= check.before:
            yield Reason(Code.EXPIRED, f"Condition {condition.id} allowed it until {instant(check.before)}.")
    else:
        yield Reason(
            Code.CONDITION_UNKNOWN,
            f"Condition {condition.id} has a check of the kind “{check.kind}”, which this version doesn't know; "
            "use a newer one.",
        )


def why_not_ignored(decision: Decision, asked: Iterable[str]) -> Iterator[Reason]:
    """Yield a reason for each path that shall be left out although the decision doesn't say so."""
    folders = tuple(path for path in decision.ignore if path.endswith("/"))
    for path in asked:
        if path not in decision.ignore and not path.startswith(folders):
            yield Reason(
                Code.IGNORED_TOO_MUCH,
                f"{path} can't be left out: the decision doesn't say so. It was made over everything else.",
            )


def why_not_by_status(status: StatusList, decision: Decision, now: datetime) -> Iterator[Reason]:
    """Yield what the status list says against the decision, and why it says nothing about it."""
    if status.id != decision.status_list or status.issuer != decision.issuer:
        yield Reason(
            Code.STATUS_OF_ANOTHER,
            f"This is the status list of {status.issuer} ({status.id}); the decision names that of "
            f"{decision.issuer} ({decision.status_list}), at {decision.status_list_address}.",
        )
        return
    if now >= status.next_update:
        yield Reason(
            Code.STATUS_STALE,
            f"The status list held until {instant(status.next_update)}; fetch the new one from "
            f"{decision.status_list_address}.",
        )
    if status.issued > now + CLOCKS_DIFFER:
        yield Reason(
            Code.STATUS_OF_THE_FUTURE,
            f"The status list was issued at {instant(status.issued)}, which is still to come: set the clock.",
        )
    entry = status.entry(decision.id)
    if entry is not None:
        code, words = _ENDED.get(entry.state, (Code.ENDED, f"is listed as “{entry.state}”"))
        yield Reason(
            code, f"{decision.reference} {words} since {instant(entry.since)} ({_short(entry.reason)})."
        )


def why_not_by_memory(status: StatusList, sha256: str, seen: Seen | None) -> Iterator[Reason]:
    """Yield a reason when an older list is offered than one that was seen, or another one of the same number."""
    if seen is None or status.number > seen.number:
        return
    if status.number < seen.number:
        yield Reason(
            Code.STATUS_ROLLED_BACK,
            f"The status list has the number {status.number}, but number {seen.number} was seen before: "
            "an old one is offered. Fetch the newest.",
        )
    elif sha256 != seen.sha256:
        yield Reason(
            Code.STATUS_FORKED,
            f"There are two different status lists of the number {status.number}; whoever signs them must "
            "say why.",
        )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:199]}…"
