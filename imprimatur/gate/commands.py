"""`imprimatur gate`: may this folder be released by this decision? Asks no network."""

import argparse
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from imprimatur.gate import memory
from imprimatur.gate.deciding import Answer, Asked, Progress, Undecided, Verdict, decide
from imprimatur.gate.difference import NAMED
from imprimatur.outcome import WORDS, Status, Unclear, asks, say
from imprimatur.progress import Bar, is_wanted
from imprimatur.usage import Commands, add_command

DESCRIPTION = """\
Says whether a folder may be released by a signed decision: whether it is byte for byte what was approved, and whether
the decision is signed by the keys that you ask for, in date, good for this environment, and not ended early.

Asks no network. The decision and the newest status list are fetched beforehand; how old the list may be is written in
it. The highest status number is remembered, so that an older list is recognised.
"""
ENDINGS = (
    ("0", "allowed"),
    ("1", "denied; each reason is said, and which files differ"),
    ("2", "it can't be decided: wrong usage, or something can't be read"),
)
EXAMPLES = (
    (
        "imprimatur gate model/ --decision IMP-2026-0042.jsonl --status status-list.json --key board.pem",
        "The folder as it shall be released, by the keys of one organisation.",
    ),
    (
        "imprimatur gate model/ --decision D --status S --key board.pem --key legal.pem --environment production",
        "Both must have signed; a condition may allow some environments only.",
    ),
)
STATUSES = {Answer.ALLOW: Status.DONE, Answer.DENY: Status.REFUSED}


def add_to(commands: Commands) -> None:
    """Add the command; it leaves in `run` what does it."""
    gate = add_command(
        commands, "gate", help="say whether a folder may be released", description=DESCRIPTION, statuses=ENDINGS,
        examples=EXAMPLES,
    )  # fmt: skip
    gate.add_argument("folder", type=Path, metavar="DIR", help="the model, as it shall be released")
    gate.add_argument("--decision", type=Path, required=True, metavar="FILE", help="the decision (.jsonl)")
    gate.add_argument(
        "--status", type=Path, metavar="FILE", help="the newest status list; without it: denied"
    )
    gate.add_argument(
        "--key", type=Path, required=True, action="append", metavar="FILE",
        help="public keys (PEM) of one who must have signed the decision, by any of them; given again for each "
        "further one",
    )  # fmt: skip
    gate.add_argument(
        "--status-key", type=Path, metavar="FILE", help="public keys of who signs the status list (the first --key)"
    )  # fmt: skip
    gate.add_argument("--environment", metavar="NAME", help="where it goes to, where a condition asks")
    gate.add_argument(
        "--manifest", type=Path, metavar="FILE",
        help="the manifest that was approved, to say which files differ (beside the decision, with the ending "
        ".manifest)",
    )  # fmt: skip
    gate.add_argument(
        "--ignore", action="append", default=[], metavar="PATH", help="denied unless the decision leaves it out, too"
    )  # fmt: skip
    gate.add_argument(
        "--state", type=Path, metavar="FILE",
        help="where the highest status number is remembered (gate.json in $XDG_STATE_HOME/imprimatur)",
    )  # fmt: skip
    asks(gate)
    gate.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Decide, say it, and return the exit status; raises Unclear."""
    try:
        with Bar("read", 0, shown=is_wanted(given)) as bar:
            verdict = decide(_asked(given), lambda: datetime.now(UTC), _Shown(bar))
    except (Undecided, memory.Unreadable) as fault:
        raise Unclear(str(fault), answer=Answer.UNDECIDED) from None
    say(given, "\n".join(in_words(verdict)), in_json(verdict))
    return STATUSES[verdict.answer]


def in_words(verdict: Verdict) -> Iterator[str]:
    """Yield what is said, line by line."""
    if verdict.answer == Answer.ALLOW and verdict.decision and verdict.status:
        yield f"Allowed by {verdict.decision.reference}, valid until {verdict.decision.valid_until:%Y-%m-%d}."
        yield f"manifest {verdict.manifest_sha256}, status list {verdict.status.number}"
        return
    yield "Denied."
    yield from (f"  {reason}" for reason in verdict.reasons)
    if verdict.difference:
        for kind, count in verdict.difference.counts.items():
            yield from (f"  {kind}: {path}" for path in verdict.difference.named[kind])
            if count > NAMED:
                yield f"  {kind}: {count - NAMED:,} more"


def in_json(verdict: Verdict) -> dict[str, Any]:
    """Return what is said to machines; docs/gate.md says what stands where."""
    decision, status = verdict.decision, verdict.status
    return {
        "status": WORDS[STATUSES[verdict.answer]],
        "answer": verdict.answer,
        "reasons": [{"code": reason.code, "text": reason.sentence} for reason in verdict.reasons],
        "decision": decision and {"id": decision.id, "reference": decision.reference, "issuer": decision.issuer},
        "approved_manifest_sha256": decision.manifest_sha256 if decision else None,
        "manifest_sha256": verdict.manifest_sha256 or None,
        "status_list": status and {"number": status.number, "issued": status.issued.isoformat()},
        "difference": None
        if verdict.difference is None
        else {"counts": verdict.difference.counts, "files": verdict.difference.named},
    }  # fmt: skip


def _asked(given: argparse.Namespace) -> Asked:
    beside: Path = given.decision.with_suffix(".manifest")
    return Asked(
        folder=given.folder,
        decision=given.decision,
        status=given.status,
        keys=tuple(given.key),
        status_key=given.status_key,
        environment=given.environment,
        state=given.state or memory.usual_place(),
        manifest=given.manifest or (beside if beside.is_file() else None),
        ignored=tuple(given.ignore),
    )


class _Shown(Progress):
    """Shows on a terminal how many bytes are read."""

    def __init__(self, bar: Bar) -> None:
        self._bar, self._lock = bar, threading.Lock()

    def begin(self, size: int) -> None:
        """Take up how many bytes there are."""
        self._bar.of = size

    def add(self, count: int) -> None:
        """Count bytes that were read."""
        with self._lock:
            self._bar.add(count)
