"""Disclosures of interests that are due: asked of who holds a seat on a board whose policy wants them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reminders.waiting import Round, Source, Waiting
from reviews.models import Seat
from reviews.rules.explaining import DateKind, Explanation, TermSource
from reviews.rules.terms import span_for
from reviews.selectors.addresses import disclosure_address
from reviews.selectors.disclosures import SeatCheck, checks_of
from reviews.selectors.explanation_words import as_text
from reviews.selectors.terms import Policies
from reviews.selectors.waiting.rows import reading_of
from reviews.selectors.words import joined


def disclosures_due(asked: Round) -> Iterator[Waiting]:
    """Yield one thing for each person, due when the first of their boards wants it."""
    seats = Seat.objects.filter(until__isnull=True, person__is_active=True).select_related("board")
    if asked.people is not None:
        seats = seats.filter(person__in=asked.people)
    found: dict[int, list[SeatCheck]] = {}
    for one in checks_of(list(seats), asked.now):
        if one.check.is_asked:
            found.setdefault(one.seat.person_id, []).append(one)
    for checks in found.values():
        yield _waiting(asked, sorted(checks, key=lambda one: (one.check.due or asked.now, one.seat.pk)))


def _waiting(asked: Round, checks: Sequence[SeatCheck]) -> Waiting:
    first, boards = checks[0], joined(one.seat.board.name for one in checks)
    chair = asked.once(reading_of).office.chair_of(first.seat.board_id)
    return Waiting(
        person_id=first.seat.person_id,
        object_type="accounts.user",
        object_id=str(first.seat.person_id),
        since=first.last.made_at if first.last else first.seat.since,
        due=first.check.due,
        title=_("Your interests"),
        needs=_("Disclose your interests, or that there are none. {boards} asks for it.").format(
            boards=boards
        ),
        act=_("Disclose them"),
        url=disclosure_address(),
        escalates_to=chair if chair != first.seat.person_id else None,
        short=_("disclosure of interests"),
        explain=partial(_paragraph, first, asked.now),
    )


def _paragraph(one: SeatCheck, now: datetime) -> str:
    """Return how the date came about: from the last disclosure or the seat, by the board's policy."""
    board = one.seat.board
    policy, version = Policies([board.pk]).at(board, now)
    source = span_for(DateKind.DECLARATION, policy, version)
    start = one.last.made_at if one.last else one.seat.since
    found = Explanation(
        DateKind.DECLARATION, start, one.check.due or now, source=source or TermSource(), zone=board.time_zone
    )
    return as_text(found, board.name)


DISCLOSURES = Source(
    "member.disclosure", gettext_lazy("Interests to disclose"), disclosures_due, days_before=(14, 7, 2, 0)
)
