"""What the trail adds to a vote: `cast_vote` with and without it, and a like row with the history of two libraries."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from unittest import mock

from auditlog.context import set_actor
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import User
from audit import guards, trail
from bench.ground import clone
from bench.measure import Action, Case, interleaved, table
from bench.peers.models import AuditlogVote, BareVote, HistoryVote, LikeVote, TrailVote
from reviews.models import Ballot
from reviews.services.voting import cast_vote
from tests.boardrooms import a_ballot, a_house, in_review
from tests.dossiers import NOW, a_version

BALLOTS = 20
VOTERS = ("chloe", "milo", "mara")  # one seat stays silent, so that no ballot closes
FULL = "cast_vote"
UNGUARDED = "cast_vote, no commit guard"
SILENT = "cast_vote, record() does nothing"
REFERENCES = {FULL: SILENT, UNGUARDED: SILENT}
BARE, TRAIL = "like row, bare", "like row with an event of the trail"
AUDITLOG, HISTORY = "like row with django-auditlog", "like row with django-simple-history"
LIKE_REFERENCES = {TRAIL: BARE, AUDITLOG: BARE, HISTORY: BARE}

Turn = tuple[int, int]
"""Ids of a ballot and of who votes."""


def run(*, rounds: int, sizes: Sequence[int]) -> None:  # noqa: ARG001  (every measurement is called alike)
    """Measure and print both tables; each case of the first has a database of its own, copied from the same rows."""
    turns = turns_of(BALLOTS)
    databases = {name: clone(f"votes_{place}") for place, name in enumerate((FULL, UNGUARDED, SILENT))}
    connections["default"] = databases[FULL]
    guards.install(databases[FULL], commit_guard=True)
    whole = interleaved(
        {
            FULL: _casting(databases[FULL], turns),
            UNGUARDED: _casting(databases[UNGUARDED], turns),
            SILENT: _casting(databases[SILENT], turns, silent=True),
        },
        rounds,
    )
    print(table(whole, REFERENCES), end="\n\n")
    connections["default"] = databases[FULL]
    like = interleaved(
        {
            BARE: _writing(BareVote, turns, _bare),
            TRAIL: _writing(TrailVote, turns, with_event),
            AUDITLOG: _writing(AuditlogVote, turns, with_auditlog),
            HISTORY: _writing(HistoryVote, turns, with_history),
        },
        rounds,
    )
    print(table(like, LIKE_REFERENCES), end="\n\n")
    for database in databases.values():
        database.close()


def turns_of(amount: int) -> list[Turn]:
    """Make a house with so many open ballots, and return who may vote on which: all of one voter, then of the next."""
    house = a_house()
    requests = (in_review(house, version=a_version(house.ravi, number=f"2.{n}")) for n in range(amount))
    ballots = [a_ballot(house, house.ethics_review(request)) for request in requests]
    return [(ballot.pk, house.people[name].pk) for name in VOTERS for ballot in ballots]


def _casting(database: BaseDatabaseWrapper, turns: Sequence[Turn], *, silent: bool = False) -> Case:
    """Return the case of votes by the service, each by a person that was just read, with a reason of its own."""
    counted = zip(itertools.count(1), itertools.cycle(turns))

    def prepare() -> Action:
        connections["default"] = database
        number, (ballot_id, person_id) = next(counted)
        actor = User.objects.get(pk=person_id)
        digest = Ballot.objects.values_list("revision_sha256", flat=True).get(pk=ballot_id)

        def act() -> None:
            with _quiet() if silent else nullcontext():
                cast_vote(
                    actor=actor, ballot_id=ballot_id, position="for", reason=f"The reason of turn {number}.",
                    revision_sha256=digest, now=NOW + timedelta(seconds=number),
                )  # fmt: skip

        return act

    return prepare


def _quiet() -> AbstractContextManager[object]:
    return mock.patch.object(trail, "record", return_value=None)


def _writing(model: type[LikeVote], turns: Sequence[Turn], write: Callable[[LikeVote, User], None]) -> Case:
    """Return the case of one row of the model, written in a transaction."""
    counted: Iterator[tuple[int, Turn]] = zip(itertools.count(1), itertools.cycle(turns))

    def prepare() -> Action:
        number, (ballot_id, person_id) = next(counted)
        actor = User.objects.get(pk=person_id)
        ballot = Ballot.objects.select_related("review__request").get(pk=ballot_id)
        vote = model(
            ballot=ballot, seat=ballot.seats.get(person=actor), position="for",
            reason=f"The reason of turn {number}.", revision_sha256=ballot.revision_sha256,
            cast_at=NOW + timedelta(seconds=number), entered_by=actor,
        )  # fmt: skip

        def act() -> None:
            with transaction.atomic():
                write(vote, actor)

        return act

    return prepare


def _bare(vote: LikeVote, _actor: User) -> None:
    vote.save(force_insert=True)


def with_event(vote: LikeVote, actor: User) -> None:
    """Save the row with an event like a vote's."""
    vote.save(force_insert=True)
    trail.record(
        "vote.cast", obj=vote, actor=actor, now=vote.cast_at, reason=vote.reason,
        data={
            "ballot": vote.ballot.number, "revision_sha256": vote.revision_sha256, "person": str(actor.pseudonym),
        },
        personal={"position": vote.position},
    )  # fmt: skip


def with_auditlog(vote: LikeVote, actor: User) -> None:
    """Save the row, with the actor as auditlog's middleware tells it."""
    with set_actor(actor):
        vote.save(force_insert=True)


def with_history(vote: LikeVote, actor: User) -> None:
    """Save the row, with the actor as the history's middleware tells it."""
    vote._history_user = actor  # type: ignore[attr-defined]  # as the library documents it
    vote.save(force_insert=True)
