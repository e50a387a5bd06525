"""Boards that take their review up again after an approval: for a suspension, a continuing review, or a waiver.

One matter at a time: a suspension comes first and stops whatever the board was at; what it stopped is taken up when the
suspension has ended.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import BoardReview, ContinuingReview, ReviewRequest, Suspension
from reviews.permissions import reconsidering as permissions
from reviews.permissions.reasons import require
from reviews.rules.clocks import Term, Unit
from reviews.rules.explaining import DateKind, SourcedTerm, TermSource
from reviews.rules.review_lifecycle import Matter, ReviewEvent, ReviewState
from reviews.selectors.reviews import current_reviews
from reviews.services.locking import review_to_change
from reviews.services.progress import move_review
from reviews.services.reckoning import keep, keep_chosen, reckon
from reviews.services.stopping import stop_work

WITHIN = Term(20, Unit.WORKING_DAYS)
"""Within which a board deals with what it took up by itself, for its lists of work (P)."""


def leading_review(request: ReviewRequest) -> BoardReview:
    """Return the review of the board that leads; its request is the one that the caller has locked."""
    review = current_reviews(request)[0]
    review.request = request
    return review


def take_up(review: BoardReview, matter: Matter, due_at: datetime, now: datetime) -> bool:
    """Take the closed review up again for the matter, due at that moment; say whether it was. The caller records it."""
    if review.state != ReviewState.CLOSED:
        return False
    review.matter, review.due_at = matter.value, due_at
    move_review(review, ReviewEvent.RECONSIDER, now)
    source = TermSource(f"matter_{matter.value}")
    keep_chosen(review, DateKind.REVIEW, review.board, due_at, now=now, request=review.request, source=source)
    return True


def take_up_suspension(suspension: Suspension, now: datetime) -> BoardReview:
    """Let the leading board deliberate about the suspension at once; whatever it was at stops with a note."""
    request = suspension.decision.request
    review = leading_review(request)
    if review.state != ReviewState.CLOSED:
        with override(request.language):
            note = _("Stopped, because the approval was suspended.")
        stop_work(request, [review], note, now)
    take_up(review, Matter.SUSPENSION, suspension.ratify_by, now)
    return review


def rest(review: BoardReview, note: str, now: datetime) -> None:
    """Close what the board took up, because it has become void; nothing when it is closed."""
    stop_work(review.request, [review], note, now)


def go_on(request: ReviewRequest, now: datetime) -> None:
    """Take up what waits for the leading board, now that its review is closed: a reported continuing review."""
    waiting = ContinuingReview.objects.filter(
        decision__request=request, decision__status="in_force", state="reported"
    ).first()
    review = leading_review(request)
    if waiting is None or not take_up(review, Matter.CONTINUING, waiting.due_at, now):
        return
    trail.record(
        "review.taken_up", obj=review, actor=None, now=now,
        data={"board": review.board_id, "matter": Matter.CONTINUING.value},
    )  # fmt: skip


@transaction.atomic
def take_up_again(*, actor: User, review_id: int, matter: str, now: datetime) -> BoardReview:
    """Take the board's review up again, as its chair or secretary: to lift a suspension, or to waive a condition."""
    review = review_to_change(actor, review_id, now)
    require(permissions.why_not_take_up(actor, review, matter, now))
    reckoned = reckon(DateKind.REVIEW, review.board, now, sourced=SourcedTerm(WITHIN))
    if not take_up(review, Matter(matter), reckoned.due, now):
        raise Refused(_("The board is at something else. It takes this up when that has ended."))
    keep(review, reckoned, now=now, request=review.request)
    trail.record(
        "review.taken_up", obj=review, actor=actor, now=now,
        data={"board": review.board_id, "matter": str(matter)},
    )  # fmt: skip
    return review


@transaction.atomic
def lay_aside(*, actor: User, review_id: int, reason: str, now: datetime) -> BoardReview:
    """Lay aside what the board took up again by itself, with a reason; what has to be voted on is never laid aside."""
    review = review_to_change(actor, review_id, now)
    require(permissions.why_not_lay_aside(actor, review, now))
    if not reason.strip():
        raise Refused(_("Say why the board lays it aside."))
    matter = review.matter
    stop_work(review.request, [review], reason.strip(), now)
    trail.record(
        "review.laid_aside", obj=review, actor=actor, now=now, reason=reason.strip(),
        data={"board": review.board_id, "matter": matter},
    )  # fmt: skip
    go_on(review.request, now)
    return review
