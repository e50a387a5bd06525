"""Time to a decision: by board, and by procedure from the first submission on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from reviews.models import Board, BoardReview, ClockSpan, Decision
from reviews.rules.figures import median, slow_end
from reviews.selectors.figures.picture import Cell, Group, Period, Picture, Row, bar, in_days, seconds_between
from reviews.selectors.words import PROCEDURES

ENDS = ("approved", "approved_with_conditions", "rejected")


def times(now: datetime, period: Period) -> Picture:  # noqa: ARG001 (all pictures are asked alike)
    """Return the middle and the slow end of the days to a decision, for boards and for procedures."""
    boards = _of_boards(period)
    procedures, paused = _of_procedures(period)
    longest = max((slow_end(values) for values in (*boards.values(), *procedures.values())), default=0)
    whole = [value for values in procedures.values() for value in values]
    groups = (
        Group(gettext_lazy("By board, from its assignment"), tuple(
            _row(board.name, boards[board.pk], None, longest)
            for board in Board.objects.filter(formed_for__isnull=True)
            if board.pk in boards
        )),
        Group(gettext_lazy("By procedure, from the first submission"), tuple(
            _row(PROCEDURES[code], procedures[code], paused[code], longest)
            for code in PROCEDURES if code in procedures
        )),
    )  # fmt: skip
    return Picture(
        says=_("Half of all requests were decided within %(middle)s days, nine of ten within %(end)s.")
        % {"middle": in_days(median(whole)), "end": in_days(slow_end(whole))}
        if whole
        else _("Nothing was decided in this time."),
        note=gettext_lazy(
            "Calendar days, also those on which the clock stood for a question. Approvals and refusals count at the "
            "boards' decision, before the signatures; what was returned does not count."
        ),
        columns=(
            gettext_lazy("Board or procedure"), gettext_lazy("Decided"), gettext_lazy("Median, days"),
            gettext_lazy("Nine of ten within, days"), gettext_lazy("Clock stood, median days"),
        ),
        groups=groups,
        bar_title=gettext_lazy("Days"),
        key=(gettext_lazy("median"), gettext_lazy("nine of ten")),
    )  # fmt: skip


def _of_boards(period: Period) -> Mapping[int, Sequence[int]]:
    closed = BoardReview.objects.filter(closed_at__isnull=False, **period.of("closed_at")).exclude(passed="")
    found = defaultdict(list)
    for board, start, end in closed.order_by().values_list("board_id", "opened_at", "closed_at"):
        found[board].append(seconds_between(start, end or start))
    return found


def _of_procedures(period: Period) -> tuple[Mapping[str, Sequence[int]], Mapping[str, Sequence[int]]]:
    earlier = Decision.objects.filter(
        request=OuterRef("request"), outcome__in=ENDS, number__lt=OuterRef("number")
    )
    decided = Decision.objects.filter(
        ~Exists(earlier), outcome__in=ENDS, **period.of("decided_at")
    ).order_by()
    rows = list(
        decided.values_list("request_id", "request__procedure", "request__submitted_at", "decided_at")
    )
    stood: defaultdict[int, int] = defaultdict(int)
    spans = ClockSpan.objects.filter(state="paused", until__isnull=False, request__decisions__in=decided)
    for request, since, until in spans.order_by().values_list("request_id", "since", "until"):
        stood[request] += seconds_between(since, until or since)
    found, paused = defaultdict(list), defaultdict(list)
    for request, procedure, submitted, at in rows:
        if submitted is not None:
            found[procedure].append(seconds_between(submitted, at))
            paused[procedure].append(stood[request])
    return found, paused


def _row(name: StrOrPromise, values: Sequence[int], paused: Sequence[int] | None, longest: int) -> Row:
    middle, end = median(values), slow_end(values)
    cells = (str(len(values)), in_days(middle), in_days(end), in_days(median(paused)) if paused else "")
    return Row(name, tuple(map(Cell, cells)), bar(middle, end, longest))
