"""Who of one board carries how much, as the proposal of readers counts it."""

from collections import Counter
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from reviews.models import Assignment, BallotSeat, Board, Condition, Delegation, Seat, Vote
from reviews.rules.assigning import Load
from reviews.selectors.figures.picture import Cell, Group, Picture, Row, bar


def board_load(board: Board, now: datetime) -> Picture:
    """Return the open work of the board's members, the fullest first; six queries."""
    seats = list(Seat.objects.filter(board=board, until__isnull=True).select_related("person"))
    people = [seat.person_id for seat in seats]
    loads = _loads(people)
    last = dict(
        Assignment.objects.filter(person__in=people, review__board=board)
        .order_by().values_list("person_id").annotate(Max("assigned_at"))
    )  # fmt: skip
    away = dict(
        Delegation.objects.filter(
            kind="seat", board=board, giver__in=people, since__lte=now, until__gt=now, ended_at__isnull=True
        ).values_list("giver_id", "until")
    )
    seats.sort(key=lambda seat: (-loads[seat.person_id].points, seat.person.display_name))
    most = max((load.points for load in loads.values()), default=0)
    return Picture(
        says=_says(seats, loads, most),
        note=gettext_lazy(
            "Open work on all boards: a request read first weighs its risk tier (1 to 4), a ballot without the vote "
            "and a condition to verify weigh one each. The proposal of readers counts the same."
        ),
        columns=(
            gettext_lazy("Member"), gettext_lazy("Requests read first"), gettext_lazy("Votes due"),
            gettext_lazy("To verify"), gettext_lazy("Points"), gettext_lazy("Last asked"), gettext_lazy("Away until"),
        ),
        groups=(
            Group("", tuple(_row(seat, loads[seat.person_id], last.get(seat.person_id), away.get(seat.person_id), most)
                            for seat in seats)),
        ),
        bar_title=gettext_lazy("Open work"),
        key=(gettext_lazy("requests read first"), gettext_lazy("ballots and conditions")),
    )  # fmt: skip


def _loads(people: list[int]) -> dict[int, Load]:
    tiers: dict[int, list[int]] = {person: [] for person in people}
    reading = Assignment.objects.filter(person__in=people, ended_at__isnull=True).exclude(
        review__state="closed"
    )
    for person, tier in reading.values_list("person_id", "review__request__tier"):
        tiers[person].append(tier or 1)
    voted = Exists(Vote.objects.filter(seat=OuterRef("pk")))
    due = BallotSeat.objects.filter(
        ~voted, ballot__state="open", recused=False, present=True, person__in=people
    )
    ballots = Counter(dict(due.order_by().values_list("person_id").annotate(Count("pk"))))
    to_judge = Condition.objects.filter(verifier__in=people, state="partly", decision__status="in_force")
    conditions = Counter(dict(to_judge.order_by().values_list("verifier_id").annotate(Count("pk"))))
    return {
        person: Load(tuple(tiers[person]), ballots=ballots[person], conditions=conditions[person])
        for person in people
    }


def _says(seats: list[Seat], loads: dict[int, Load], most: int) -> str:
    fullest = [seat.person.display_name for seat in seats if loads[seat.person_id].points == most]
    if not most:
        return _("Nothing waits for any member.")
    if len(fullest) > 1:
        return ngettext(
            "%(people)s members carry the most: %(count)s point each.",
            "%(people)s members carry the most: %(count)s points each.", most,
        ) % {"people": len(fullest), "count": most}  # fmt: skip
    return ngettext(
        "%(name)s carries the most: %(count)s point.", "%(name)s carries the most: %(count)s points.", most
    ) % {"name": fullest[0], "count": most}


def _row(seat: Seat, load: Load, last: datetime | None, away: datetime | None, most: int) -> Row:
    read = sum(load.tiers)
    cells = (
        str(len(load.tiers)), str(load.ballots), str(load.conditions), str(load.points), _day(last), _day(away),
    )  # fmt: skip
    return Row(seat.person.display_name, tuple(map(Cell, cells)), bar(read, load.points, most))


def _day(value: datetime | None) -> str:
    pattern = pgettext("pattern of a date with year, in Django's letters", "j M Y")
    return date_format(timezone.localtime(value), pattern) if value else ""
