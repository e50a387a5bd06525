"""What several boards mean together."""

import pytest

from reviews.rules.ballot import MotionKind
from reviews.rules.boards_together import (
    BoardKind,
    BoardOutcome,
    decide_together,
    join_conditions,
    may_override,
)
from reviews.rules.lifecycle import RequestEvent

WORDS = {
    "approve": MotionKind.APPROVE,
    "conditions": MotionKind.APPROVE_WITH_CONDITIONS,
    "return": MotionKind.RETURN,
    "reject": MotionKind.REJECT,
    "open": None,
}


@pytest.mark.parametrize(
    ("boards", "event", "stops"),
    [
        ("approve approve approve", RequestEvent.BOARDS_APPROVE, ()),
        ("approve conditions", RequestEvent.BOARDS_APPROVE, ()),
        ("approve open", None, ()),
        ("open open", None, ()),
        ("return open open", RequestEvent.BOARDS_RETURN, (1, 2)),
        ("approve reject open", RequestEvent.BOARDS_REJECT, (2,)),
        ("return reject", RequestEvent.BOARDS_REJECT, ()),
        ("approve return", RequestEvent.BOARDS_RETURN, ()),
        ("approve", RequestEvent.BOARDS_APPROVE, ()),
        ("", None, ()),
    ],
)
def test_all_must_approve_and_one_can_return_or_reject(
    boards: str, event: RequestEvent | None, stops: tuple[int, ...]
) -> None:
    outcomes = [BoardOutcome(number, WORDS[word]) for number, word in enumerate(boards.split())]
    together = decide_together(outcomes)
    assert (together.event, together.stops) == (event, stops)


def test_who_decided_and_who_is_waited_for_are_named() -> None:
    together = decide_together([BoardOutcome("ethics", MotionKind.REJECT), BoardOutcome("legal")])
    assert together.decided_by == ("ethics",)
    waiting = decide_together([BoardOutcome("ethics", MotionKind.APPROVE), BoardOutcome("legal")])
    assert (waiting.event, waiting.waits_for) == (None, ("legal",))


def test_a_passed_override_alone_approves_nothing() -> None:
    assert decide_together([BoardOutcome("ethics", MotionKind.OVERRIDE)]).event is None


def test_conditions_of_all_boards_are_joined_in_order() -> None:
    assert join_conditions([["a", "b"], [], ["a", "c"]]) == ("a", "b", "a", "c")


@pytest.mark.parametrize(
    ("kind", "own", "others"),
    [(BoardKind.SAFETY, True, False), (BoardKind.LEGAL, True, False), (BoardKind.ETHICS, True, True)],
)
def test_safety_and_legal_are_not_overruled_by_another_board(
    kind: BoardKind, own: bool, others: bool
) -> None:
    assert may_override(blocking="a", blocking_kind=kind, overriding="a") == own
    assert may_override(blocking="a", blocking_kind=kind, overriding="b") == others
