"""What lower apps know of calendars, recounted dates and readers: events, what they vouch for, where they belong."""

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from audit import scope, tracking, verbs, words
from reviews import models
from reviews.selectors.reader_words import ROLES

VERBS: tuple[tuple[str, StrOrPromise, StrOrPromise], ...] = (
    (
        "closing_day.written",
        _("Closing days written"),
        _("Days were written on which boards are closed, or work."),
    ),
    (
        "closing_day.taken_back",
        _("Closing days taken back"),
        _("Days on which boards are closed were taken back."),
    ),
    (
        "board.placed",
        _("Board placed"),
        _("It was written where a board sits: its holidays and its time zone."),
    ),
    (
        "deadline.recounted",
        _("Date counted again"),
        _("A running date was counted by the calendar of that day."),
    ),
    (
        "reader.assigned",
        _("Reader assigned"),
        _("A member was chosen to read the request first for the board."),
    ),
    ("reader.declined", _("Reading declined"), _("A member gave the reading back, with a reason.")),
    (
        "reader.ended",
        _("Reading ended"),
        _("A member doesn't read the request first for the board any more."),
    ),
)


KEYS: dict[str, StrOrPromise] = {
    "country": _("country"),
    "rank": _("place in the proposal"),
    "subdivision": _("state or province"),
    "time_zone": _("time zone"),
    "works": _("open instead of closed"),
}


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for key, word in KEYS.items():
        words.register(key, word)
    words.register_values("role", ROLES)
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    tracking.track(models.ClosingDay, ["board", "day", "until", "reason", "works", "ended_at"])
    tracking.track(
        models.Assignment,
        [
            "review",
            "person",
            "role",
            "round",
            "place",
            "reasons",
            "choice_reason",
            "ended_at",
            "ending",
            "ending_reason",
        ],
    )
    scope.register("reviews.closingday", lambda row: scope.Place(board=row.board_id))
    scope.register("reviews.assignment", _place_of_assignment)
    scope.register("reviews.conditionreport", lambda row: _place_in(row.condition.decision.request))
    scope.register("reviews.suspension", lambda row: _place_in(row.decision.request))


def _place_of_assignment(row: models.Assignment) -> scope.Place:
    request = row.review.request
    return scope.Place(
        project=request.project_id, board=row.review.board_id, root=("reviews.reviewrequest", request.pk)
    )


def _place_in(request: models.ReviewRequest) -> scope.Place:
    return scope.Place(project=request.project_id, root=("reviews.reviewrequest", request.pk))
