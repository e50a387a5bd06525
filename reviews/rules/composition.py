"""Whether the right people are there: what a policy asks of those present, or no ballot opens."""

from collections.abc import Iterable
from dataclasses import dataclass

from reviews.rules.roster import Seated


@dataclass(frozen=True, slots=True)
class CompositionRule:
    """At least so many eligible people present who have one of the attributes."""

    at_least: int
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompositionCheck:
    """A rule and how many were found."""

    rule: CompositionRule
    found: int

    @property
    def met(self) -> bool:
        """Whether the rule is kept."""
        return self.found >= self.rule.at_least


def check_composition(
    rules: Iterable[CompositionRule], roster: Iterable[Seated]
) -> tuple[CompositionCheck, ...]:
    """Count each rule on who is present and eligible; one person may serve several rules."""
    present = [seat for seat in roster if seat.eligible]
    return tuple(
        CompositionCheck(rule, sum(1 for seat in present if seat.attributes & set(rule.any_of)))
        for rule in rules
    )


def is_composed(rules: Iterable[CompositionRule], roster: Iterable[Seated]) -> bool:
    """Whether all rules are kept."""
    return all(check.met for check in check_composition(rules, roster))
