"""Whether enough of a board is there for a ballot: computed after recusals, at opening and at closing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reviews.rules.roster import Seated, present_and_eligible, recused_of, seats_of


class QuorumKind(StrEnum):
    """How a policy says what quorum is."""

    MAJORITY = "majority_of_seats"
    COUNT = "count"
    FRACTION = "fraction"


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """The rule as data: more than half of the seats, a number of people, or a fraction of the seats.

    `count` belongs to COUNT, `numerator` and `denominator` to FRACTION.
    """

    kind: QuorumKind = QuorumKind.MAJORITY
    count: int = 0
    numerator: int = 0
    denominator: int = 1

    def needed(self, seats: int) -> int:
        """Return the least number of present, eligible people for a board of so many seats.

        Recusals do not lower it: who recuses is missing, as who is absent is. Never below one.
        """
        if self.kind == QuorumKind.COUNT:
            return max(1, self.count)
        if self.kind == QuorumKind.FRACTION:
            return max(1, -(-self.numerator * seats // self.denominator))
        return seats // 2 + 1


@dataclass(frozen=True, slots=True)
class Quorum:
    """The arithmetic of one count, in people."""

    seats: int
    recused: int
    needed: int
    present: int

    @property
    def met(self) -> bool:
        """Whether the ballot may open, or be decided."""
        return self.present >= self.needed

    @property
    def absent(self) -> int:
        """How many seats are empty for another reason than recusal and are not filled by an alternate."""
        return max(0, self.seats - self.recused - self.present)


def count_quorum(rule: QuorumRule, roster: Iterable[Seated]) -> Quorum:
    """Count the roster under the rule (45 CFR 46.108: a majority of the members)."""
    seats = tuple(roster)
    total = seats_of(seats)
    return Quorum(
        seats=total,
        recused=recused_of(seats),
        needed=rule.needed(total),
        present=present_and_eligible(seats),
    )
