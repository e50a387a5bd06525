"""What a board may be asked when it takes up its review again."""

import pytest

from reviews.rules.ballot import AFTER_APPROVAL, APPROVALS, MotionKind, motions_on
from reviews.rules.review_lifecycle import Matter, NoSuchTransition, ReviewEvent, ReviewState, next_state


@pytest.mark.parametrize(
    ("matter", "kinds"),
    [
        (Matter.SUSPENSION, {MotionKind.RATIFY, MotionKind.LIFT}),
        (Matter.CONTINUING, {MotionKind.CONTINUE}),
        (Matter.CONDITION, {MotionKind.WAIVE}),
    ],
)
def test_each_matter_has_its_own_motions(matter: Matter, kinds: set[MotionKind]) -> None:
    assert set(motions_on(matter)) == kinds
    assert not kinds & set(motions_on(Matter.RELEASE))


def test_every_motion_belongs_to_one_matter() -> None:
    listed = [kind for matter in Matter for kind in motions_on(matter)]
    assert sorted(listed) == sorted(MotionKind)
    assert not AFTER_APPROVAL & APPROVALS


def test_only_a_closed_review_is_taken_up_again() -> None:
    assert next_state(ReviewState.CLOSED, ReviewEvent.RECONSIDER) == ReviewState.DELIBERATING
    for state in set(ReviewState) - {ReviewState.CLOSED}:
        with pytest.raises(NoSuchTransition):
            next_state(state, ReviewEvent.RECONSIDER)
