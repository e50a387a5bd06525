"""Disclosures of interests that are due: asked of who holds a seat on a board whose policy wants them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reminders.waiting import Round, Source, Waiting
from reviews.models import Board
from reviews.rules.disclosure import DisclosureCheck, check_disclosure
from reviews.rules.explaining import DateKind, Explanation, TermSource
from reviews.rules.terms import span_for
from reviews.selectors.addresses import disclosure_address
from reviews.selectors.disclosures import asking_of
from reviews.selectors.explanation_words import as_text
from reviews.selectors.terms import Policies
from reviews.selectors.waiting.office import Office
from reviews.selectors.waiting.procedures import policies_of
from reviews.selectors.waiting.rows import reading_of
from reviews.selectors.words import joined


@dataclass(frozen=True, slots=True)
class _Due:
    """What one board asks of one of its members now; `since`: the last disclosure, or when they were first asked."""

    board: int
    person: int
    since: datetime
    check: DisclosureCheck


def disclosures_due(asked: Round) -> Iterator[Waiting]:
    """Yield one thing for each person, due when the first of their boards wants it; from what is read anyway."""
    reading = asked.once(reading_of)
    office, policies = reading.office, policies_of(reading)
    found: dict[int, list[_Due]] = {}
    for one in _asked_for(asked, office, policies):
        found.setdefault(one.person, []).append(one)
    for dues in found.values():
        dues.sort(key=lambda one: (one.check.due or asked.now, one.board))
        boards = [policies.versions_of(one.board)[0].board for one in dues]
        yield _waiting(dues, office, boards, asked.now)


def _asked_for(asked: Round, office: Office, policies: Policies) -> Iterator[_Due]:
    """Yield what is asked for now of who is asked about."""
    seats = [
        (board, one) for board, sitting in office.seats.items() for one in sitting if asked.asks(one.person)
    ]
    wishes = asking_of({board for board, _one in seats}, policies)
    for board, one in seats:
        wish = wishes.get(board)
        if wish is None or not wish.months or wish.since is None:
            continue
        made = office.disclosed.get(one.person)
        since = max(one.since or wish.since, wish.since)
        check = check_disclosure(months=wish.months, last=made, asked_since=since, now=asked.now)
        if check.is_asked:
            yield _Due(board, one.person, made or since, check)


def _waiting(dues: Sequence[_Due], office: Office, boards: Sequence[Board], now: datetime) -> Waiting:
    first, chair = dues[0], office.chair_of(dues[0].board)
    return Waiting(
        person_id=first.person,
        object_type="accounts.user",
        object_id=str(first.person),
        since=first.since,
        due=first.check.due,
        title=_("Your interests"),
        needs=_("Disclose your interests, or that there are none. {boards} asks for it.").format(
            boards=joined(board.name for board in boards)
        ),
        act=_("Disclose them"),
        url=disclosure_address(),
        escalates_to=chair if chair != first.person else None,
        short=_("disclosure of interests"),
        explain=partial(_paragraph, first, boards[0], now),
    )


def _paragraph(one: _Due, board: Board, now: datetime) -> str:
    """Return how the date came about: from the last disclosure or the seat, by the board's policy."""
    policy, version = Policies([board.pk]).at(board, now)
    source = span_for(DateKind.DECLARATION, policy, version)
    found = Explanation(
        DateKind.DECLARATION, one.since, one.check.due or now, source=source or TermSource(), zone=board.time_zone
    )  # fmt: skip
    return as_text(found, board.name)


DISCLOSURES = Source(
    "member.disclosure", gettext_lazy("Interests to disclose"), disclosures_due, days_before=(14, 7, 2, 0)
)
