"""Who holds what is overdue: by person, the longest first, and thing by thing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from accounts.models import User
from compliance.models import Action
from compliance.permissions import sight_of, visible_assessments
from compliance.permissions.findings import visible_findings
from compliance.rules.findings import ActionState
from compliance.rules.lifecycle import EDITABLE, AssessmentState
from compliance.selectors.late import Late, late_things
from reminders.told import Told, tellings

SHOWN = 60
"""How many things the page shows one by one; all of them are in the CSV."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person (None: nobody was named) with overdue checks and actions; `days` since the oldest was due."""

    person: User | None
    to_fill_in: int
    to_review: int
    to_do: int
    days: int
    width: int

    @property
    def checks(self) -> int:
        """Return how many checks they hold."""
        return self.to_fill_in + self.to_review

    @property
    def count(self) -> int:
        """Return how many things they hold."""
        return self.checks + self.to_do


@dataclass(frozen=True, slots=True)
class Overdue:
    """All that is overdue: by person, and the longest overdue thing by thing."""

    holders: list[Holder]
    things: list[Late]

    @property
    def checks(self) -> int:
        """Return how many checks are overdue."""
        return sum(holder.checks for holder in self.holders)

    @property
    def actions(self) -> int:
        """Return how many actions are overdue."""
        return sum(holder.to_do for holder in self.holders)

    @property
    def count(self) -> int:
        """Return how many things are overdue."""
        return self.checks + self.actions

    @property
    def further(self) -> int:
        """Return how many are not shown one by one."""
        return max(0, self.checks + self.actions - len(self.things))


def overdue_of(user: User, now: datetime) -> Overdue:
    """Return who holds what is overdue and the person may see. A check in review is its reviewer's to end.

    An action that was reported as done isn't late any more: others have it.
    """
    sight = sight_of(user, now)
    return Overdue(_holders(user, now, sight), late_things(user, now, sight, most=SHOWN))


def overdue_lines(user: User, now: datetime) -> Iterator[list[object]]:
    """Yield what is overdue thing by thing, as rows of a table."""
    for late in late_things(user, now, sight_of(user, now), most=None):
        held, coming = late.held, late.escalation.next
        yield [
            held.title, held.about, held.holder.display_name if held.holder else "–", held.does,
            timezone.localtime(held.due).date().isoformat(), late.days, told_in_words(late.escalation.told),
            coming.who if coming else "", timezone.localtime(coming.at).date().isoformat() if coming else "",
        ]  # fmt: skip


def told_in_words(told: Iterable[Told]) -> str:
    """Return who was told, as one cell: `line manager 2026-11-03: Mona Manager; board 2026-11-10: …`."""
    return "; ".join(
        f"{step.as_what} {timezone.localtime(step.at).date().isoformat()}: {', '.join(step.names)}"
        for step in tellings(told)
    )


def _holders(user: User, now: datetime, sight: Q) -> list[Holder]:
    found: dict[int | None, dict[str, tuple[int, int]]] = defaultdict(dict)
    late = visible_assessments(user, now, sight).filter(due__lt=now).order_by()
    for holds, states in (("owner", list(EDITABLE)), ("reviewer", [AssessmentState.SUBMITTED])):
        for row in (
            late.filter(state__in=states).values(key=F(holds)).annotate(n=Count("pk"), oldest=Min("due"))
        ):
            found[row["key"]][holds] = row["n"], (now - row["oldest"]).days
    today = timezone.localdate(now)
    findings = visible_findings(user, now, sight).order_by().values("pk")
    actions = Action.objects.filter(finding__in=findings, state=ActionState.OPEN, due__lt=today).order_by()
    for row in actions.values(key=F("owner")).annotate(n=Count("pk"), oldest=Min("due")):
        found[row["key"]]["action"] = row["n"], (today - row["oldest"]).days
    people = User.objects.in_bulk([key for key in found if key is not None])
    most = max((sum(n for n, _days in parts.values()) for parts in found.values()), default=1)
    holders = [
        Holder(
            person=people.get(key) if key is not None else None,
            to_fill_in=parts.get("owner", (0, 0))[0], to_review=parts.get("reviewer", (0, 0))[0],
            to_do=parts.get("action", (0, 0))[0], days=max(days for _n, days in parts.values()),
            width=1000 * sum(n for n, _days in parts.values()) // most,
        )
        for key, parts in found.items()
    ]  # fmt: skip
    return sorted(holders, key=lambda holder: (-holder.days, -holder.count))
