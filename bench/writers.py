"""What the trail adds while 1, 4 and 16 people write at once: processes with connections of their own.

Whole votes by `cast_vote`, and one row with the columns of a vote; beside them what two libraries write, and a serial
hash chain, whose head each writer holds until its commit.
"""

import hashlib
import multiprocessing
import random
import statistics
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from typing import Any
from unittest import mock

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import User
from audit import guards, trail
from audit.canonical import canonical
from bench.ground import clone
from bench.measure import rows
from bench.peers.models import (
    AuditlogVote,
    BareVote,
    ChainHead,
    ChainLink,
    ChainVote,
    HistoryVote,
    LikeVote,
    TrailVote,
)
from bench.votes import Turn, turns_of, with_auditlog, with_event, with_history
from reviews.models import Ballot
from reviews.services.voting import cast_vote
from tests.dossiers import NOW

WRITERS = (1, 4, 16)
BALLOTS = max(WRITERS)  # each writer has one of its own: what the rules lock is no part of this
ROWS, VOTES = 480, 96  # written in a run by all writers together
WARM = 3  # of each writer, before the clock runs

Write = Callable[[int, Turn], None]
"""Writes one thing; the number makes it unlike the others."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of writing, in a database of its own."""

    database: BaseDatabaseWrapper
    write: Write
    amount: int


def run(*, rounds: int, sizes: Sequence[int]) -> None:  # noqa: ARG001  (every measurement is called alike)
    """Measure and print a table of votes and one of rows; a case's ratio is to what stands first in its table."""
    turns = turns_of(BALLOTS)
    names = ("silent", "event", "chain", "bare", "trail", "auditlog", "history", "links")
    databases = {name: clone(f"writers_{name}") for name in names}
    for name in ("event", "trail"):
        guards.install(databases[name], commit_guard=True)
    votes = {
        "vote, record() does nothing": Way(databases["silent"], _voting(lambda *_a, **_k: None), VOTES),
        "vote, with its event": Way(databases["event"], _voting(None), VOTES),
        "vote, with a link of a serial chain": Way(databases["chain"], _voting(_link), VOTES),
    }
    like = {
        "row, bare": Way(databases["bare"], _writing(BareVote, lambda vote, _actor: _saved(vote)), ROWS),
        "row, with an event of the trail": Way(databases["trail"], _writing(TrailVote, with_event), ROWS),
        "row, with django-auditlog": Way(databases["auditlog"], _writing(AuditlogVote, with_auditlog), ROWS),
        "row, with django-simple-history": Way(
            databases["history"], _writing(HistoryVote, with_history), ROWS
        ),
        "row, with a link of a serial chain": Way(databases["links"], _writing(ChainVote, _with_link), ROWS),
    }
    for ways in (votes, like):
        print(_table(_measured(ways, turns, rounds)), end="\n\n", flush=True)


def _measured(
    ways: Mapping[str, Way], turns: Sequence[Turn], rounds: int
) -> dict[str, dict[int, list[float]]]:
    """Return what each way wrote in a second, by the number of writers, in the order of the rounds."""
    found = {name: {writers: list[float]() for writers in WRITERS} for name in ways}
    order, chance = [(name, writers) for name in ways for writers in WRITERS], random.Random(20261126)
    for _round in range(rounds):
        chance.shuffle(order)
        for name, writers in order:
            found[name][writers].append(_rate(ways[name], turns, writers))
    return found


def _rate(way: Way, turns: Sequence[Turn], writers: int) -> float:
    """Let so many processes write at once; return how much was written in a second of the clock on the wall."""
    connections["default"] = way.database
    ChainHead._default_manager.get_or_create(pk=1, defaults={"hash": b"\0" * 32})
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    ready, times = fork.Barrier(writers), fork.SimpleQueue()
    each = way.amount // writers
    children = [
        fork.Process(target=_child, args=(way, turns[at::writers], at, each, ready, times))
        for at in range(writers)
    ]
    for child in children:
        child.start()
    spans = [times.get() for _child_ in children]
    for child in children:
        child.join()
    if failed := [span for span in spans if isinstance(span, str)]:
        raise RuntimeError("\n".join(failed))
    seconds: float = max(end for _begun, end in spans) - min(begun for begun, _end in spans)
    return each * writers / seconds


def _child(way: Way, turns: Sequence[Turn], at: int, each: int, ready: Barrier, times: Any) -> None:  # noqa: ANN401
    """Write in a process of its own, on a connection of its own; say when it began and ended, or why it failed."""
    first = time.monotonic_ns() % 10**12
    try:
        for number in range(WARM):
            way.write(first + number, turns[number % len(turns)])
        ready.wait()
        begun = time.monotonic()
        for number in range(each):
            way.write(first + WARM + number, turns[(at + number) % len(turns)])
        times.put((begun, time.monotonic()))
    except Exception:  # noqa: BLE001  (said where it counts)
        ready.abort()
        times.put(traceback.format_exc())
    finally:
        connections.close_all()


def _voting(instead: Callable[..., object] | None) -> Write:
    """Return the vote by the service; `instead` takes the place of `record`."""
    people: dict[int, User] = {}
    digests: dict[int, str] = {}

    def write(number: int, turn: Turn) -> None:
        ballot_id, person_id = turn
        if person_id not in people:
            people[person_id] = User.objects.get(pk=person_id)
        if ballot_id not in digests:
            digests[ballot_id] = Ballot.objects.values_list("revision_sha256", flat=True).get(pk=ballot_id)
        with ExitStack() as stack:
            if instead:
                stack.enter_context(mock.patch.object(trail, "record", instead))
            cast_vote(
                actor=people[person_id], ballot_id=ballot_id, position="for", reason=f"The reason of turn {number}.",
                revision_sha256=digests[ballot_id], now=NOW + timedelta(microseconds=number % 10**9),
            )  # fmt: skip

    return write


def _writing(model: type[LikeVote], save: Callable[[Any, User], None]) -> Write:
    """Return one row of the model, written in a transaction."""
    kept: dict[Turn, tuple[User, Ballot, Any]] = {}

    def write(number: int, turn: Turn) -> None:
        if turn not in kept:
            actor = User.objects.get(pk=turn[1])
            ballot = Ballot.objects.select_related("review__request").get(pk=turn[0])
            kept[turn] = (actor, ballot, ballot.seats.get(person=actor))
        actor, ballot, seat = kept[turn]
        with transaction.atomic():
            vote = model(
                ballot=ballot, seat=seat, position="for", reason=f"The reason of turn {number}.",
                revision_sha256=ballot.revision_sha256, cast_at=NOW, entered_by=actor,
            )  # fmt: skip
            save(vote, actor)

    return write


def _saved(vote: LikeVote) -> None:
    vote.save(force_insert=True)


def _with_link(vote: LikeVote, actor: User) -> None:
    vote.save(force_insert=True)
    _link("vote.cast", obj=vote, actor=actor, now=vote.cast_at, reason=vote.reason)


def _link(verb: str, *, obj: Any, actor: User, now: Any, reason: str = "", **_more: object) -> None:  # noqa: ANN401
    """Add a link to the chain, under the lock of its head."""
    content = canonical(
        {"verb": verb, "obj": str(obj.pk), "actor": str(actor.pseudonym), "now": str(now), "reason": reason}
    )
    head = ChainHead._default_manager.select_for_update().get(pk=1)
    head.hash = hashlib.sha256(bytes(head.hash) + content).digest()
    ChainLink._default_manager.create(content=content, hash=head.hash)
    head.save(update_fields=["hash"])


def _table(found: Mapping[str, Mapping[int, Sequence[float]]]) -> str:
    """Return a Markdown table; ratios are medians of the ratios round by round, with their quartiles."""
    bare = next(iter(found.values()))
    lines = []
    for name, by_writers in found.items():
        cells = [f"{statistics.median(rates):,.0f}" for rates in by_writers.values()]
        for writers, rates in by_writers.items():
            ratios = [own / other for own, other in zip(rates, bare[writers], strict=True)]
            is_bare = by_writers is bare
            cells.append(
                ""
                if is_bare
                else f"**{statistics.median(ratios):.2f}** ({min(ratios):.2f} to {max(ratios):.2f})"
            )
        lines.append([name, *cells])
    heads = [f"{writers} writing: in a second" for writers in WRITERS]
    return rows(["what", *heads, *(f"ratio, {writers}" for writers in WRITERS)], lines)
