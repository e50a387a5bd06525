"""Motions that wait for a seconder or for their ballot, with what this person may do about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from reviews.models import BoardReview, MotionCondition
from reviews.permissions import balloting
from reviews.selectors.steps import Asking, open_motions, running_in


@dataclass(frozen=True, slots=True)
class ShownMotion:
    """A motion on which no ballot has opened."""

    id: int
    review: BoardReview
    kind: str
    text: str
    moved_by: str
    moved_at: datetime
    seconded_by: str
    revision: int
    is_stale: bool
    conditions: tuple[MotionCondition, ...]
    acts: frozenset[str]


def shown_motions(asking: Asking) -> Iterator[ShownMotion]:
    """Return the motions, oldest first."""
    for said, motion in open_motions(asking.rows):
        review = motion.review
        reasons = {
            "second": balloting.why_not_second(asking.actor, motion, asking.now),
            "withdraw": None if said.person_id == asking.actor.pk else "not moved by this person",
            "open": balloting.why_not_open_ballot(
                asking.actor, motion, asking.now, running=running_in(asking.rows, review.pk)
            ),
        }
        yield ShownMotion(
            id=said.id,
            review=review,
            kind=said.code,
            text=said.text,
            moved_by=said.person,
            moved_at=said.at,
            seconded_by=said.ended_by,
            revision=said.revision,
            is_stale=said.revision_id != review.revision_id,
            conditions=tuple(asking.rows.motion_conditions.get(said.id, ())),
            acts=frozenset(act for act, reason in reasons.items() if reason is None),
        )
