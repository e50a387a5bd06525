"""The clock of a request and of each of its boards as a picture: solid while it runs, hatched while it is paused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from reviews.models import BoardReview, ClockSpan, ReviewRequest
from reviews.rules.clocks import Pause
from reviews.rules.explaining import merged
from reviews.selectors.explanation_words import length_in_words

WIDTH, HEIGHT, STEP, LEAST = 1000, 20, 14, 3
STATES: dict[str, StrOrPromise] = {
    "running": gettext_lazy("running"),
    "paused": gettext_lazy("paused"),
    "idle": gettext_lazy("not with the boards"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a clock; `until` None: it lasts. `x` and `width` in thousandths of the picture."""

    state: str
    since: datetime
    until: datetime | None
    length: str
    x: int
    width: int

    @property
    def word(self) -> StrOrPromise:
        """Return what the clock does in it."""
        return STATES[self.state]

    @property
    def hatch(self) -> str:
        """Return the strokes that fill a pause, as the path of a drawing."""
        end = self.x + self.width
        strokes = []
        for left in range(self.x - HEIGHT, end, STEP):
            start, stop = max(left, self.x), min(left + HEIGHT, end)
            strokes.append(f"M{start} {HEIGHT - (start - left)}L{stop} {HEIGHT - (stop - left)}")
        return "".join(strokes)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock with its stretches; `due` and its place, where it has a date ahead or behind."""

    name: str
    stretches: tuple[Stretch, ...]
    ran: str
    paused: str
    due: datetime | None = None
    due_at: int | None = None
    review: BoardReview | None = None


@dataclass(frozen=True, slots=True)
class ClockPicture:
    """All clocks on one scale, from the first stretch to now or to the last date; `now_at` in thousandths."""

    since: datetime
    until: datetime
    now_at: int
    rows: tuple[ClockRow, ...]

    @property
    def says(self) -> str:
        """Return what the first clock says, in a sentence."""
        row = self.rows[0]
        return _("The clock of the request ran for {ran} and stood for {paused}.").format(
            ran=row.ran, paused=row.paused
        )


@dataclass(frozen=True, slots=True)
class _Scale:
    since: datetime
    until: datetime

    def x(self, moment: datetime) -> int:
        total = (self.until - self.since).total_seconds() or 1
        return round(WIDTH * min(max((moment - self.since).total_seconds() / total, 0), 1))


def clock_picture(request: ReviewRequest, now: datetime) -> ClockPicture | None:
    """Return the clocks of the request, None while no board has had it; two queries."""
    spans = list(ClockSpan.objects.filter(request=request).order_by("id"))
    if not spans:
        return None
    reviews = list(
        BoardReview.objects.filter(request=request).select_related("board").order_by("-leading", "id")
    )
    dues = [review.due_at for review in reviews if review.state != "closed"]
    scale = _Scale(spans[0].since, max([now, *dues]))
    rows = [_of_request(spans, scale, now)]
    pauses = [Pause(span.since, span.until) for span in spans if span.state == "paused"]
    rows += [_of_board(review, pauses, scale, now) for review in reviews]
    return ClockPicture(scale.since, scale.until, scale.x(now), tuple(rows))


def _of_request(spans: Sequence[ClockSpan], scale: _Scale, now: datetime) -> ClockRow:
    stretches = tuple(_stretch(span.state, span.since, span.until, scale, now) for span in spans)
    return ClockRow(_("Request"), stretches, *_lengths(stretches, now))


def _of_board(review: BoardReview, pauses: Sequence[Pause], scale: _Scale, now: datetime) -> ClockRow:
    """Return the board's clock: it stands whenever the request's does, from when the board got it until it closed."""
    end = review.closed_at
    stretches = tuple(
        _stretch(state, since, until, scale, now)
        for state, since, until in _turns(review.opened_at, end, pauses, now)
    )
    due = review.due_at if review.state != "closed" else None
    name, (ran, paused) = review.board.name, _lengths(stretches, now)
    return ClockRow(name, stretches, ran, paused, due, scale.x(due) if due else None, review)


def _turns(
    begin: datetime, end: datetime | None, pauses: Sequence[Pause], now: datetime
) -> Iterator[tuple[str, datetime, datetime | None]]:
    """Yield the stretches between the pauses, and the pauses."""
    at, last = begin, end or now
    for pause in merged(pauses, since=begin, now=now):
        if pause.since >= last:
            break
        if pause.since > at:
            yield "running", at, pause.since
        stop = pause.until if end is None else min(pause.until or end, end)
        yield "paused", pause.since, stop
        at = stop or now
    if at < last:
        yield "running", at, end


def _stretch(state: str, since: datetime, until: datetime | None, scale: _Scale, now: datetime) -> Stretch:
    stop = until or now
    x = scale.x(since)
    width = max(scale.x(stop) - x, LEAST if stop > since else 0)
    return Stretch(state, since, until, length_in_words(stop - since), x, width)


def _lengths(stretches: Sequence[Stretch], now: datetime) -> tuple[str, str]:
    """Return for how long it ran and for how long it stood."""
    total = {"running": timedelta(), "paused": timedelta(), "idle": timedelta()}
    for one in stretches:
        total[one.state] += (one.until or now) - one.since
    return _told(total["running"]), _told(total["paused"])


def _told(length: timedelta) -> str:
    return length_in_words(length) if length >= timedelta(minutes=1) else _("no time")
