"""How many votes for a motion it takes: a fraction with a named denominator, in whole numbers only."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reviews.rules.roster import Seated, present_and_eligible, seated_minus_recused, seats_of


class ThresholdOf(StrEnum):
    """Of whom the fraction is taken; the codes are those of `records.context.ThresholdOf`.

    ALL_SEATED counts everybody who holds a seat, absent or recused too: an expert panel passes with two thirds of all
    its experts (process.md, section 4; V in part).
    """

    PRESENT_AND_ELIGIBLE = "present_and_eligible"
    SEATED_MINUS_RECUSED = "seated_minus_recused"
    ALL_SEATED = "all_seated"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Passed is `denominator * for >= numerator * base`, or `>` if strict.

    Abstentions and missing votes stay in the base. A tie fails: a rule that would let half pass is refused
    by `is_sound`, so that nobody needs a casting vote.
    """

    numerator: int
    denominator: int
    strict: bool = False
    of: ThresholdOf = ThresholdOf.PRESENT_AND_ELIGIBLE

    @property
    def is_sound(self) -> bool:
        """Whether it asks for more than half and for no more than all."""
        if self.denominator < 1 or self.numerator < 1 or self.numerator > self.denominator:
            return False
        if self.strict:
            return 2 * self.numerator >= self.denominator and self.numerator < self.denominator
        return 2 * self.numerator > self.denominator

    def base(self, roster: Iterable[Seated]) -> int:
        """Return the number of people of whom the fraction is taken."""
        if self.of == ThresholdOf.SEATED_MINUS_RECUSED:
            return seated_minus_recused(roster)
        if self.of == ThresholdOf.ALL_SEATED:
            return seats_of(roster)
        return present_and_eligible(roster)

    def passed(self, votes_for: int, base: int) -> bool:
        """Whether so many votes for suffice; of nobody nothing passes."""
        if base < 1 or votes_for < 1:
            return False
        left, right = self.denominator * votes_for, self.numerator * base
        return left > right if self.strict else left >= right

    def needed(self, base: int) -> int:
        """Return the least number of votes for that passes, at least one."""
        if self.strict:
            return max(1, self.numerator * base // self.denominator + 1)
        return max(1, -(-self.numerator * base // self.denominator))


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes that count, and the base; `outstanding` are the eligible who have not voted."""

    votes_for: int
    votes_against: int
    votes_abstaining: int
    outstanding: int
    base: int

    def passes(self, rule: Threshold) -> bool:
        """Whether the motion has its votes now."""
        return self.votes_for > self.votes_against and rule.passed(self.votes_for, self.base)

    def can_still_pass(self, rule: Threshold) -> bool:
        """Whether the motion has its votes if all who are still to vote are for it."""
        at_best = self.votes_for + self.outstanding
        return at_best > self.votes_against and rule.passed(at_best, self.base)

    def is_certain(self, rule: Threshold) -> bool:
        """Whether the result cannot change any more, so that the secretary may close early.

        With votes outstanding only a failure is certain. A motion that has its votes is not: who has not
        voted may still block, and minds may change (process.md, section 2). A failure closed early costs
        nothing, because it decides nothing else and another motion can be put.
        """
        return self.outstanding == 0 or not self.can_still_pass(rule)
