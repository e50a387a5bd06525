"""What can be moved in a board's review now, and what it is about."""

from dataclasses import dataclass

from django.utils.text import Truncator

from reviews.models import BoardReview, ContinuingReview, Suspension
from reviews.permissions.reconsidering import open_conditions, standing_suspension
from reviews.rules.ballot import MotionKind, motions_on
from reviews.rules.review_lifecycle import Matter


@dataclass(frozen=True, slots=True)
class Movable:
    """Kinds of motions in order; conditions that can be waived; whether an approval takes an older one's place.

    `suspension` and `continuing` are what a motion after the approval is about, for who moves it to read.
    """

    kinds: tuple[MotionKind, ...]
    conditions: tuple[tuple[int, str], ...] = ()
    replaces: bool = False
    suspension: Suspension | None = None
    continuing: ContinuingReview | None = None

    @property
    def is_about_release(self) -> bool:
        """Say whether the board decides about the release, where a motion may have conditions."""
        return MotionKind.APPROVE in self.kinds


def movable(review: BoardReview) -> Movable:
    """Return what can be moved; the panel of an appeal upholds also what the leading board has ratified."""
    kinds = motions_on(Matter(review.matter))
    match review.matter:
        case Matter.SUSPENSION:
            suspension = standing_suspension(review)
            if suspension is not None and suspension.ratified_at and review.leading:
                kinds = (MotionKind.LIFT,)
            return Movable(kinds, suspension=suspension)
        case Matter.CONTINUING:
            rows = ContinuingReview.objects.filter(
                decision__request=review.request_id, decision__status="in_force", state="reported"
            )
            return Movable(kinds, continuing=rows.first())
        case Matter.CONDITION:
            conditions = tuple(
                (one.pk, f"C{one.number}: {Truncator(one.text).chars(80)}") for one in open_conditions(review)
            )
            return Movable(kinds, conditions)
    request = review.request
    return Movable(kinds, replaces=request.amends_id is not None or request.renews_id is not None)
