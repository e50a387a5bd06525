"""Who carries how much: open work by member, and how quickly they vote."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reviews.models import BallotSeat, BoardReview, Recusal, ReviewRequest, Seat, Vote
from reviews.permissions.sight import requests_conflicted
from reviews.rules.figures import median
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.figures.picture import Cell, Group, Period, Picture, Row, bar, in_days, seconds_between


@dataclass
class Carried:
    """What a person carries; `boards`: names by id, `waited`: seconds from a ballot's opening to their first vote."""

    name: str
    boards: dict[int, str] = field(default_factory=dict)
    reviews: int = 0
    votes_due: int = 0
    waited: list[int] = field(default_factory=list)

    @property
    def open_work(self) -> int:
        """Reviews and votes that wait."""
        return self.reviews + self.votes_due


def load(now: datetime, period: Period) -> Picture:
    """Return the open work of everybody who has a seat, the fullest first."""
    people = _people(now)
    _add_reviews(people)
    _add_votes(people, period)
    carried = sorted(people.values(), key=lambda one: (-one.open_work, one.name))
    most = max((one.open_work for one in carried), default=0)
    fullest = [one.name for one in carried if one.open_work == most and most]
    return Picture(
        says=_says(fullest, most),
        note=gettext_lazy(
            "Open reviews of the person's boards without those they are recused from, and open ballots without their "
            "vote, counted now. Votes and the time to the first vote are counted in the chosen time. Open ballots "
            "on requests from which you have to keep out are left out."
        ),
        columns=(
            gettext_lazy("Member"), gettext_lazy("Open reviews"), gettext_lazy("Votes due"),
            gettext_lazy("Votes cast"), gettext_lazy("Median days to vote"), gettext_lazy("Boards"),
        ),
        groups=(Group("", tuple(_row(one, most) for one in carried)),),
        bar_title=gettext_lazy("Open work"),
        key=(gettext_lazy("votes due"), gettext_lazy("open reviews")),
    )  # fmt: skip


def _says(fullest: Sequence[str], most: int) -> str:
    if not fullest:
        return _("Nothing waits for any member.")
    if len(fullest) > 1:
        return ngettext(
            "%(people)s members carry the most: %(count)s open thing each.",
            "%(people)s members carry the most: %(count)s open things each.", most,
        ) % {"people": len(fullest), "count": most}  # fmt: skip
    return ngettext(
        "%(name)s carries the most: %(count)s open thing.",
        "%(name)s carries the most: %(count)s open things.",
        most,
    ) % {"name": fullest[0], "count": most}


def _people(now: datetime) -> dict[int, Carried]:
    seats = Seat.objects.filter(Q(until=None) | Q(until__gt=now), since__lte=now)
    people: dict[int, Carried] = {}
    for seat in seats.select_related("person", "board"):
        one = people.setdefault(seat.person_id, Carried(seat.person.display_name))
        one.boards[seat.board_id] = seat.board.name
    return people


def _add_reviews(people: Mapping[int, Carried]) -> None:
    at_work = BoardReview.objects.exclude(state=ReviewState.CLOSED).order_by()
    of_board = dict(at_work.values_list("board").annotate(Count("pk")))
    recused = Counter(
        Recusal.objects.filter(request__board_reviews__in=at_work)
        .values_list("person_id", "request__board_reviews__board_id").order_by()
    )  # fmt: skip
    for person, one in people.items():
        one.reviews = sum(of_board.get(board, 0) - recused[person, board] for board in one.boards)


def _add_votes(people: Mapping[int, Carried], period: Period) -> None:
    """Count votes due and cast; who has voted on the reader's own requests is not theirs to know while it is open."""
    own = requests_conflicted(period.reader) if period.reader else ReviewRequest.objects.none()
    voted = Exists(Vote.objects.filter(seat=OuterRef("pk")))
    due = BallotSeat.objects.filter(
        ~voted, ballot__state="open", recused=False, present=True, person__in=list(people)
    ).exclude(ballot__request__in=own)
    for person, count in due.order_by().values_list("person_id").annotate(Count("pk")):
        people[person].votes_due = count
    first = defaultdict(list)
    cast = Vote.objects.filter(seat__person__in=list(people), **period.of("cast_at")).order_by()
    cast = cast.exclude(ballot__state="open", ballot__request__in=own)
    rows = cast.values_list("seat__person_id", "seat_id", "ballot__opened_at").annotate(Min("cast_at"))
    for person, _seat, opened, at in rows:
        first[person].append(seconds_between(opened, at))
    for person, waited in first.items():
        people[person].waited = waited


def _row(one: Carried, most: int) -> Row:
    cells = (
        str(one.reviews), str(one.votes_due), str(len(one.waited)),
        in_days(median(one.waited) if one.waited else None), " · ".join(one.boards.values()),
    )  # fmt: skip
    return Row(one.name, tuple(map(Cell, cells)), bar(one.votes_due, one.open_work, most))
