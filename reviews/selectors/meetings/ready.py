"""What is ready for a meeting: from it the secretary fills the agenda with one click, or picks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from reviews.models import AgendaItem, BoardReview, Condition, Meeting, Minutes, Motion
from reviews.rules.agenda import ORDER, TAKES, Asked, ItemKind, ItemState, asked_of
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.rules.minutes import MinutesState
from reviews.rules.review_lifecycle import Matter, ReviewState

MOST = 100


@dataclass(frozen=True, slots=True)
class Ready:
    """One thing that could stand on the agenda. `item` is not saved; `key` names it for a form."""

    key: str
    asked: Asked
    item: AgendaItem


def ready_for(meeting: Meeting, *, limit: int = MOST) -> list[Ready]:
    """Return what is ready and not on the agenda of this meeting, nor of another one that is called; five queries."""
    found = [*_minutes(meeting), *_reviews(meeting), *_conditions(meeting), *_carried(meeting)]
    found.sort(key=lambda ready: ORDER.index(ready.asked))
    return found[:limit]


def asked_by(review: BoardReview, meets_at: datetime) -> Asked | None:
    """Return what a review asks of a meeting; `has_motion` was annotated by `with_motion`."""
    has_motion = bool(getattr(review, "has_motion", False))
    asked = asked_of(
        ReviewState(review.state), has_motion=has_motion, return_on=review.return_on, meets_at=meets_at
    )
    if asked is not None and review.matter == Matter.SUSPENSION:
        return Asked.RATIFY
    return asked


def with_motion(reviews: "QuerySet[BoardReview]") -> "QuerySet[BoardReview]":
    """Annotate whether a seconded motion about the present revision waits for its ballot."""
    waiting = motions_waiting(review=OuterRef("pk"), revision=OuterRef("revision"))
    return reviews.annotate(has_motion=Exists(waiting))


def motions_waiting(*, review: OuterRef, revision: OuterRef) -> "QuerySet[Motion]":
    """Return the seconded motions about a revision on which no ballot has opened."""
    return Motion.objects.filter(
        review=review,
        revision=revision,
        withdrawn_at__isnull=True,
        seconded_by__isnull=False,
        ballot__isnull=True,
    )


def _reviews(meeting: Meeting) -> Iterator[Ready]:
    rows = with_motion(BoardReview.objects.filter(board=meeting.board_id)).exclude(state=ReviewState.CLOSED)
    rows = rows.exclude(Exists(_elsewhere(meeting, review=OuterRef("pk"))))
    for review in rows.select_related("board", "request__version__model").order_by("due_at", "id")[:MOST]:
        asked = asked_by(review, meeting.starts_at)
        if asked is not None:
            kind = ItemKind.RATIFY if asked == Asked.RATIFY else ItemKind.REVIEW
            yield _ready(f"review:{review.pk}", asked, _item(meeting, kind, asked, review=review))


def _conditions(meeting: Meeting) -> Iterator[Ready]:
    rows = Condition.objects.filter(
        review__board=meeting.board_id, state__in=["open", "partly"], due_at__lte=meeting.starts_at,
        decision__status="in_force",
    ).exclude(Exists(_elsewhere(meeting, condition=OuterRef("pk"))))  # fmt: skip
    for condition in rows.select_related("decision__request__version__model").order_by("due_at", "id")[:MOST]:
        item = _item(meeting, ItemKind.CONDITION, Asked.OVERDUE_CONDITION, condition=condition)
        yield _ready(f"condition:{condition.pk}", Asked.OVERDUE_CONDITION, item)


def _minutes(meeting: Meeting) -> Iterator[Ready]:
    rows = Minutes.objects.filter(
        meeting__board=meeting.board_id,
        state=MinutesState.CIRCULATED,
        meeting__starts_at__lt=meeting.starts_at,
    ).exclude(Exists(_elsewhere(meeting, approves=OuterRef("meeting"))))
    for minutes in rows.select_related("meeting__board").order_by("meeting__starts_at")[:MOST]:
        item = _item(meeting, ItemKind.MINUTES, Asked.APPROVE_MINUTES, approves=minutes.meeting)
        yield _ready(f"minutes:{minutes.meeting_id}", Asked.APPROVE_MINUTES, item)


def _carried(meeting: Meeting) -> Iterator[Ready]:
    """Yield items of the secretary's own that the last meeting of the board didn't reach."""
    last = Meeting.objects.filter(board=meeting.board_id, state=MeetingState.CLOSED).order_by("-starts_at")
    rows = AgendaItem.objects.filter(
        meeting=last.values("pk")[:1], kind=ItemKind.OTHER, state=ItemState.CARRIED
    ).exclude(title__in=AgendaItem.objects.filter(meeting=meeting).values("title"))
    for row in rows.order_by("place", "id"):
        item = _item(meeting, ItemKind.OTHER, Asked.OTHER, title=row.title, note=row.note)
        item.takes = row.takes
        yield _ready(f"carried:{row.pk}", Asked.OTHER, item)


def _elsewhere(meeting: Meeting, **about: OuterRef) -> "QuerySet[AgendaItem]":
    """Return items about the same thing on this agenda, or on that of another meeting that is called or runs."""
    rows = AgendaItem.objects.filter(**about).exclude(state=ItemState.REMOVED)
    others = Q(meeting__state__in=[MeetingState.CALLED, MeetingState.RUNNING], state=ItemState.WAITING)
    return rows.filter(Q(meeting=meeting) | others)


def _item(meeting: Meeting, kind: ItemKind, asked: Asked, **about: object) -> AgendaItem:
    return AgendaItem(meeting=meeting, kind=kind.value, takes=TAKES[asked], **about)


def _ready(key: str, asked: Asked, item: AgendaItem) -> Ready:
    return Ready(key, asked, item)
