"""Who holds what is overdue: by person, the longest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, Q

from accounts.models import User
from compliance.permissions import visible_assessments
from compliance.rules.lifecycle import EDITABLE, AssessmentState


@dataclass(frozen=True, slots=True)
class Holder:
    """A person (None: nobody was named) with overdue checks; `days` since the oldest was due."""

    person: User | None
    to_fill_in: int
    to_review: int
    days: int
    width: int

    @property
    def count(self) -> int:
        """Return how many checks they hold."""
        return self.to_fill_in + self.to_review


@dataclass(frozen=True, slots=True)
class Overdue:
    """All that is overdue."""

    holders: list[Holder]

    @property
    def count(self) -> int:
        """Return how many checks are overdue."""
        return sum(holder.count for holder in self.holders)

    def lines(self) -> Iterator[list[object]]:
        """Yield the rows of the table."""
        for holder in self.holders:
            name = holder.person.display_name if holder.person else "–"
            yield [name, holder.to_fill_in, holder.to_review, holder.days]


def overdue_of(user: User, now: datetime) -> Overdue:
    """Return who holds which overdue checks that the person may see. A check in review is its reviewer's to end."""
    late = visible_assessments(user, now).filter(due__lt=now).order_by()
    found: dict[int | None, list[tuple[str, int, datetime]]] = {}
    for holds, states in (("owner", list(EDITABLE)), ("reviewer", [AssessmentState.SUBMITTED])):
        rows = (
            late.filter(Q(state__in=states))
            .values(holder=F(holds))
            .annotate(n=Count("pk"), oldest=Min("due"))
        )
        for row in rows:
            found.setdefault(row["holder"], []).append((holds, row["n"], row["oldest"]))
    people = User.objects.in_bulk([key for key in found if key is not None])
    most = max((sum(n for _holds, n, _oldest in parts) for parts in found.values()), default=1)
    holders = [
        Holder(
            person=people.get(key) if key is not None else None,
            to_fill_in=sum(n for holds, n, _oldest in parts if holds == "owner"),
            to_review=sum(n for holds, n, _oldest in parts if holds == "reviewer"),
            days=(now - min(oldest for _holds, _n, oldest in parts)).days,
            width=1000 * sum(n for _holds, n, _oldest in parts) // most,
        )
        for key, parts in found.items()
    ]
    return Overdue(sorted(holders, key=lambda holder: (-holder.days, -holder.count)))
