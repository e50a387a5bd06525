"""The page of an approval's suspensions: who suspended it and why, until when the board votes, how it voted."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Ballot, BoardReview, Decision, ReviewRequest, Suspension
from reviews.permissions.reconsidering import why_not_lay_aside, why_not_take_up
from reviews.permissions.releasing import why_not_withdraw_approval
from reviews.permissions.sight import why_not_read_decisions, why_not_see_deliberation
from reviews.rules.review_lifecycle import Matter, ReviewState


@dataclass(frozen=True, slots=True)
class SuspensionLine:
    """One suspension with the ballots about it, and why it ended: nothing of both for who is recused.

    Of the ballots others than the boards' people see those that passed.
    """

    suspension: Suspension
    by: str
    ballots: tuple[Ballot, ...]
    ending_reason: str

    @property
    def stands(self) -> bool:
        """Say whether it holds the approval now."""
        return self.suspension.ended_at is None


@dataclass(frozen=True, slots=True)
class SuspensionPage:
    """The last suspension first. `review`: of the leading board, with what the person may do about it."""

    lines: tuple[SuspensionLine, ...]
    review: BoardReview
    sees_boards: bool
    is_taken_up: bool
    why_not_take_up: str | None
    why_not_lay_aside: str | None
    why_not_withdraw: str | None

    @property
    def standing(self) -> SuspensionLine | None:
        """Return the suspension that stands, or None."""
        return next((line for line in self.lines if line.stands), None)


def suspended_by(suspension: Suspension) -> str:
    """Return who suspended the approval, in words."""
    if suspension.suspended_by is None:
        return _("the board's policy, by the system")
    return suspension.suspended_by.display_name


def suspension_page(
    actor: User, request: ReviewRequest, decision: Decision, now: datetime
) -> SuspensionPage | None:
    """Return the page, or None when the approval was never suspended; three queries."""
    suspensions = list(decision.suspensions.all())
    if not suspensions:
        return None
    sees = why_not_see_deliberation(actor, request, now) is None
    rows = Ballot.objects.filter(motion__suspension__in=suspensions).select_related("motion", "review__board")
    reads = why_not_read_decisions(actor, request, now) is None
    ballots = [row for row in rows.order_by("id") if sees or (reads and row.result == "passed")]
    review = next(row for row in request.board_reviews.all() if row.leading)
    review.request = request
    return SuspensionPage(
        lines=tuple(
            SuspensionLine(
                one,
                suspended_by(one),
                tuple(row for row in ballots if row.motion.suspension_id == one.pk),
                one.ending_reason if reads else "",
            )
            for one in reversed(suspensions)
        ),
        review=review,
        sees_boards=sees,
        is_taken_up=review.state != ReviewState.CLOSED and review.matter == Matter.SUSPENSION,
        why_not_take_up=why_not_take_up(actor, review, Matter.SUSPENSION, now),
        why_not_lay_aside=why_not_lay_aside(actor, review, now),
        why_not_withdraw=why_not_withdraw_approval(actor, decision, now),
    )
