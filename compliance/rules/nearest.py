"""Which answer holds for a subject: the nearest decision of a person, else the rule, else what holds for its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.rules.applicability import Level, Outcome

NEAREST_FIRST = (Level.VERSION, Level.MODEL, Level.PROJECT, Level.ORGANISATION)


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's decision about a subject of a level; `key` is its id."""

    key: int
    level: Level
    applies: bool

    @property
    def outcome(self) -> Outcome:
        """Return what it says."""
        return Outcome.YES if self.applies else Outcome.NO


@dataclass(frozen=True, slots=True)
class Settled:
    """What holds for a subject. `ruled`: what the rule alone says. `by`: the decision that made it so, None for none.

    `parts` and `ruled_parts` are the positions of the parts that make `outcome` and `ruled` so.
    """

    outcome: Outcome
    ruled: Outcome
    by: Decided | None = None
    parts: tuple[int, ...] = ()
    ruled_parts: tuple[int, ...] = ()


def counting(to: Level | None, subject: Level) -> tuple[Level, ...]:
    """Return the levels whose decisions hold for a subject, the nearest first.

    A decision about something holds for all that lies in it. Below the level that a library is about only decisions
    below that level count: that the organisation follows a framework doesn't make it a checklist of each version.
    """
    upward = NEAREST_FIRST[NEAREST_FIRST.index(subject) :]
    if to is None or to not in upward or to == subject:
        return upward
    return upward[: upward.index(to)]


def nearest(
    to: Level | None, subject: Level, decisions: Mapping[Level, Decided]
) -> tuple[Decided | None, Decided | None]:
    """Return the decision about the subject itself, and the nearest one about something that it lies in."""
    levels = counting(to, subject)
    above = (decisions[level] for level in levels if level in decisions and level != subject)
    return decisions.get(subject), next(above, None)


def settle(ruled: Outcome, own: Decided | None, above: Decided | None) -> Settled:
    """Return what holds for a subject that the rule itself is asked about, or for one that it isn't about."""
    by = own or above
    return Settled(by.outcome if by else ruled, ruled, by)


def settle_of_parts(own: Decided | None, above: Decided | None, parts: Sequence[Settled]) -> Settled:
    """Return what holds for a subject that is asked about through its parts: it applies when to any of them.

    A decision about the subject itself wins. One about what it lies in holds as long as no part has a nearer one.
    """
    ruled, ruled_parts = any_of([part.ruled for part in parts])
    if own is not None:
        return Settled(own.outcome, ruled, own, (), ruled_parts)
    if above is not None and all(part.by == above for part in parts):
        return Settled(above.outcome, ruled, above, (), ruled_parts)
    outcome, those = any_of([part.outcome for part in parts])
    return Settled(outcome, ruled, None, those, ruled_parts)


def any_of(outcomes: Sequence[Outcome]) -> tuple[Outcome, tuple[int, ...]]:
    """Return yes when any is, else unknown when any is, else no; with the positions of those that make it so."""
    for outcome in (Outcome.YES, Outcome.UNKNOWN):
        if those := tuple(position for position, each in enumerate(outcomes) if each is outcome):
            return outcome, those
    return Outcome.NO, ()
