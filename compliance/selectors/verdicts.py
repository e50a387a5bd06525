"""Whether a library applies to a subject: the nearest decision, else the rule, else what holds for its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from compliance.models import ApplicabilityOverride, Library
from compliance.rules.applicability import Applies, Facts, Judged, Level, Outcome, judge, read_applies
from compliance.rules.nearest import Decided, Settled, any_of, nearest, settle, settle_of_parts
from compliance.selectors.house import House, Runs
from compliance.selectors.subjects import Key, Subject


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a library applies to a subject, and what made it so.

    `judged`: what came of the conditions, where the rule asks about this very subject. `parts`: the verdicts of what
    lies in it, where it is asked through them. `decision`: what a person decided, where that holds; its reason is told
    where `reads_reason`. `runs`: checklists about the subject, None for none.
    """

    library: Library
    subject: Subject
    settled: Settled
    judged: Judged | None
    parts: Sequence["Verdict"]
    decision: ApplicabilityOverride | None
    reads_reason: bool
    runs: Runs | None

    @property
    def outcome(self) -> Outcome:
        """Return what holds."""
        return self.settled.outcome

    @property
    def holder(self) -> Subject | None:
        """Return what the decision that holds is about, None where nobody decided."""
        if self.decision is None or self.decision.level == self.subject.level:
            return self.subject if self.decision else None
        return self.subject.up_to(Level(self.decision.level))

    @property
    def address(self) -> str:
        """Return its page."""
        return self.subject.address(self.library.code)

    @property
    def is_through_parts(self) -> bool:
        """Say whether the rule asks about what lies in the subject."""
        return self.judged is None and self.settled.ruled is not Outcome.ELSEWHERE


class Judge:
    """Tells verdicts about the subjects of a house; each is worked out once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._told: dict[tuple[str, Key], Verdict] = {}
        self._rules: dict[int, Applies | None] = {}

    def verdict(self, library: Library, subject: Subject) -> Verdict:
        """Return whether the library applies to the subject."""
        key = (library.code, subject.key)
        if key not in self._told:
            self._told[key] = self._judge(library, subject)
        return self._told[key]

    def _judge(self, library: Library, subject: Subject) -> Verdict:
        applies = self._rule(library)
        to = applies.to if applies else None
        chain = {
            level: self._house.decisions.get((library.code, key)) for level, key in subject.chain.items()
        }
        decided = {
            level: Decided(row.pk, level, row.applies) for level, row in chain.items() if row is not None
        }
        own, above = nearest(to, subject.level, decided)
        parts = [self.verdict(library, part) for part in self._parts(to, subject)]
        judged = self._judged(applies, subject)
        if judged is None and self._is_asked_through_parts(to, subject.level):
            settled = settle_of_parts(own, above, [part.settled for part in parts])
        elif judged is not None:
            settled = settle(judged.outcome, own, above)
        else:
            settled = settle(Outcome.UNKNOWN if to is None else Outcome.ELSEWHERE, own, above)
        row = chain[settled.by.level] if settled.by else None
        reads = row is None or row.level != Level.ORGANISATION or self._house.reads_reasons
        runs = self._house.runs.get((library.code, subject.key))
        return Verdict(library, subject, settled, judged, parts, row, reads, runs)

    def _rule(self, library: Library) -> Applies | None:
        if library.pk not in self._rules:
            self._rules[library.pk] = read_applies(library.applies) if library.applies else None
        return self._rules[library.pk]

    @staticmethod
    def _is_asked_through_parts(to: Level | None, level: Level) -> bool:
        if to is Level.VERSION:
            return level in {Level.PROJECT, Level.MODEL}
        return to is Level.MODEL and level is Level.PROJECT

    def _parts(self, to: Level | None, subject: Subject) -> list[Subject]:
        if not self._is_asked_through_parts(to, subject.level):
            return []
        if subject.level is Level.MODEL:
            return self._house.current(subject.id)
        return self._house.models.get(subject.id, [])

    def _judged(self, applies: Applies | None, subject: Subject) -> Judged | None:
        """Return what the rule says of the subject, None where it asks about others or there is none."""
        if applies is None or applies.to is not subject.level:
            return None
        if applies.to is Level.VERSION:
            return judge(applies, self._house.facts.get(subject.id, {}))
        if applies.to is not Level.MODEL:
            return judge(applies, {})
        known: list[Facts] = [self._house.facts.get(s.id, {}) for s in self._house.current(subject.id)]
        told = [judge(applies, facts) for facts in known] or [judge(applies, {})]
        outcome, those = any_of([each.outcome for each in told])
        return told[those[0]] if those else told[0] if outcome is told[0].outcome else None
