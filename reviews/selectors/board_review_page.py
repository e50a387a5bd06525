"""One board's part in a request: who stands where and why, motions, ballots, and what this person may do."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from reviews.models import Assignment, Ballot, BoardReview, Motion, ProcedureChange
from reviews.permissions import balloting, procedures, reviewing
from reviews.permissions.assigning import why_not_assign
from reviews.permissions.reconsidering import why_not_lay_aside, why_not_take_up
from reviews.rules.clocks import Procedure
from reviews.rules.lifecycle import BEFORE_APPROVAL
from reviews.rules.review_lifecycle import Matter
from reviews.selectors.positions import Standpoint, standpoints
from reviews.selectors.reader_words import ReaderLine, reader_lines


@dataclass(frozen=True, slots=True)
class BoardReviewPage:
    """The page; `acts` are what the person may do, `is_stale` says that their own position needs to be affirmed.

    `changes` are those of the procedure in this round.
    """

    standpoints: tuple[Standpoint, ...]
    ballots: tuple[Ballot, ...]
    motions: tuple[Motion, ...]
    changes: tuple[ProcedureChange, ...]
    acts: frozenset[str]
    is_stale: bool
    readers: tuple[ReaderLine, ...] = ()
    gave_back: tuple[Assignment, ...] = ()


def board_review_page(actor: User, review: BoardReview, now: datetime) -> BoardReviewPage:
    """Return the page of the board's review. Positions of a ballot that hides them come out when it closes."""
    ballots = tuple(
        Ballot.objects.filter(review=review)
        .select_related("revision")
        .defer("revision__content")
        .order_by("-number")
    )
    hidden = {
        ballot.number
        for ballot in ballots
        if ballot.state == "open" and ballot.policy.get("positions_hidden")
    }
    found = [one for one in standpoints(review) if one.from_ballot not in hidden or one.person_id == actor.pk]
    reasons = {
        "position": reviewing.why_not_take_position(actor, review, now),
        "deliberate": reviewing.why_not_deliberate(actor, review, now),
        "defer": reviewing.why_not_defer(actor, review, now),
        "resume": reviewing.why_not_resume(actor, review, now),
        "block": balloting.why_not_block(actor, review, now),
        "exempt": procedures.why_not_determine(actor, review, now)
        if review.request.procedure == Procedure.EXEMPT
        else "",
        "doubt": procedures.why_not_doubt(actor, review, now),
        "move": balloting.why_not_move(actor, review, now),
        **_again(actor, review, now),
        "assign": why_not_assign(actor, review, now),
    }
    motions = Motion.objects.filter(review=review, ballot__isnull=True).select_related(
        "moved_by", "seconded_by", "revision"
    )
    acts = frozenset(act for act, reason in reasons.items() if reason is None)
    kept = list(Assignment.objects.filter(review=review).select_related("person", "assigned_by"))
    return BoardReviewPage(
        standpoints=tuple(found),
        ballots=ballots,
        motions=tuple(motions.defer("revision__content")),
        changes=tuple(ProcedureChange.objects.filter(request=review.request, round=review.round)),
        acts=acts,
        is_stale="position" in acts and any(one.person_id == actor.pk and one.is_stale for one in found),
        readers=tuple(reader_lines(kept, actor)),
        gave_back=tuple(row for row in kept if row.ending == "declined" and row.round == review.round),
    )


def _again(actor: User, review: BoardReview, now: datetime) -> dict[str, str | None]:
    """Return why the person may not take the review up again, or lay it aside; nothing before an approval."""
    if review.request.state in BEFORE_APPROVAL:
        return {}
    return {
        "waive": why_not_take_up(actor, review, Matter.CONDITION, now),
        "lift": why_not_take_up(actor, review, Matter.SUSPENSION, now),
        "lay_aside": why_not_lay_aside(actor, review, now),
    }
