"""A ballot with everything counted from its copies, and its arithmetic as lines that people can follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.models import Ballot, BallotSeat
from reviews.permissions.policies import rules_of
from reviews.rules.ballot import BallotCount, Cast, MotionKind, Position, last_votes, tally
from reviews.rules.composition import CompositionCheck, check_composition
from reviews.rules.policy import BoardPolicy
from reviews.rules.quorum import Quorum, count_quorum
from reviews.rules.threshold import Threshold
from reviews.selectors.ballots import roster_of, threshold_of
from reviews.selectors.policy_in_words import kinds_in_words
from reviews.selectors.words import fraction_in_words


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the arithmetic; `met` None where nothing is asked."""

    label: str
    value: str
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A ballot with everything counted from its copies: shared by the strip and the page of the ballot."""

    ballot: Ballot
    seats: tuple[BallotSeat, ...]
    policy: BoardPolicy
    threshold: Threshold
    count: BallotCount
    quorum: Quorum
    composition: tuple[CompositionCheck, ...]
    positions: Mapping[Any, Position] = field(default_factory=dict)

    @property
    def needed(self) -> int:
        """Return the least number of votes for that passes."""
        return self.threshold.needed(self.count.base)


def counted(
    ballot: Ballot, seats: Sequence[BallotSeat], votes: Sequence[tuple[int, str]], blocks: int
) -> Counted:
    """Count the ballot from rows that were read already; `votes` are pairs of person and position in order."""
    policy = rules_of(ballot)
    rule, roster = threshold_of(policy, ballot.kind), roster_of(seats)
    quorum = count_quorum(policy.quorum, roster)
    count = BallotCount(
        kind=MotionKind(ballot.kind),
        threshold=rule,
        eligible=tuple(seat.person_id for seat in seats if seat.is_eligible),
        base=rule.base(roster),
        quorum_met=quorum.met,
        votes=tuple(Cast(person, Position(position)) for person, position in votes),
        standing_blocks=blocks,
    )
    return Counted(
        ballot=ballot,
        seats=tuple(seats),
        policy=policy,
        threshold=rule,
        count=count,
        quorum=quorum,
        composition=check_composition(policy.composition, roster),
        positions=last_votes(count.votes, count.eligible),
    )


def rows_of(found: Counted, *, hidden: bool) -> tuple[Row, ...]:
    """Return quorum, composition and what it takes to pass, written out, never as a percentage."""
    quorum = found.quorum
    rows = [
        Row(
            _("Quorum"),
            _("{present} of {seats}, needs {needed}").format(
                present=quorum.present, seats=quorum.seats, needed=quorum.needed
            ),
            quorum.met,
        )
    ]
    rows += [
        Row(
            kinds_in_words(check.rule).capitalize(),
            _("{found}, needs {needed}").format(found=check.found, needed=check.rule.at_least),
            check.met,
        )
        for check in found.composition
    ]
    return (*rows, Row(_("To pass"), to_pass(found, hidden=hidden)))


def to_pass(found: Counted, *, hidden: bool) -> str:
    """Return "3 for; ⅔ of 5 present is 4"."""
    share = fraction_in_words(found.threshold.numerator, found.threshold.denominator)
    values = {"share": share, "base": found.count.base, "needed": found.needed}
    if found.threshold.of == "present_and_eligible":
        rule = (
            _("more than {share} of {base} present is {needed}")
            if found.threshold.strict
            else _("{share} of {base} present is {needed}")
        )
    else:
        rule = (
            _("more than {share} of {base} seats is {needed}")
            if found.threshold.strict
            else _("{share} of {base} seats is {needed}")
        )
    sentence = rule.format(**values)
    if hidden:
        return sentence
    votes = tally(found.count).votes_for
    return ngettext("{count} for; {rule}", "{count} for; {rule}", votes).format(count=votes, rule=sentence)
