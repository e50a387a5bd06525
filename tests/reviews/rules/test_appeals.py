"""How an appeal goes, until when it is filed, and who judges in its round."""

from datetime import date

import pytest

from reviews.rules.appeals import (
    OPEN,
    TRANSITIONS,
    AppealEvent,
    AppealState,
    BoardBefore,
    NoSuchTransition,
    NotAppealable,
    Round,
    events_of,
    next_state,
    round_of_appeal,
    why_not_appeal,
)
from reviews.rules.ballot import MotionKind
from reviews.rules.lifecycle import RequestState

S, E, K = AppealState, AppealEvent, MotionKind
UNTIL = date(2026, 12, 24)


@pytest.mark.parametrize(
    ("before", "event", "after"),
    [
        ("filed", "form_panel", "heard"),
        ("heard", "decide", "decided"),
        ("decided", "not_signed", "heard"),
        ("filed", "end", "ended"),
        ("heard", "end", "ended"),
    ],
)
def test_each_way_of_an_appeal_is_a_row_of_the_table(before: str, event: str, after: str) -> None:
    assert next_state(S(before), E(event)) == S(after)


def test_nothing_is_decided_without_a_panel_and_nothing_leads_out_of_an_end() -> None:
    with pytest.raises(NoSuchTransition):
        next_state(S.FILED, E.DECIDE)
    assert events_of(S.ENDED) == ()
    assert events_of(S.DECIDED) == (E.NOT_SIGNED,)
    assert {before for before, event in TRANSITIONS if event == E.END} == OPEN


@pytest.mark.parametrize(
    ("state", "until", "today", "filed", "reason"),
    [
        ("rejected", UNTIL, UNTIL, False, None),
        ("suspended", UNTIL, date(2026, 12, 1), False, None),
        ("rejected", UNTIL, date(2026, 12, 25), False, NotAppealable.TOO_LATE),
        ("suspended", UNTIL, date(2027, 1, 1), False, NotAppealable.TOO_LATE),
        ("rejected", UNTIL, UNTIL, True, NotAppealable.FILED_ALREADY),
        ("rejected", None, UNTIL, False, NotAppealable.FINAL),
        ("rejected", None, UNTIL, True, NotAppealable.FILED_ALREADY),
        ("approved", UNTIL, UNTIL, False, NotAppealable.NOTHING_TO_APPEAL),
        ("in_review", UNTIL, UNTIL, False, NotAppealable.NOTHING_TO_APPEAL),
        ("withdrawn", UNTIL, UNTIL, False, NotAppealable.NOTHING_TO_APPEAL),
    ],
)
def test_a_rejection_or_a_suspension_is_appealed_once_and_in_time(
    state: str, until: date | None, today: date, filed: bool, reason: NotAppealable | None
) -> None:
    assert why_not_appeal(RequestState(state), until=until, today=today, filed_already=filed) == reason


def test_the_panel_of_a_single_board_s_rejection_judges_alone() -> None:
    found = round_of_appeal([BoardBefore("ethics", K.REJECT, leads=True)])
    assert found == Round(replaced=("ethics",), go_on=(), stand=(), panel_leads=True)


def test_a_board_that_was_stopped_goes_on_and_an_approval_that_was_given_stands() -> None:
    before = [
        BoardBefore("ethics", K.APPROVE_WITH_CONDITIONS, leads=True),
        BoardBefore("safety", K.REJECT),
        BoardBefore("legal", None),
    ]
    found = round_of_appeal(before)
    assert found == Round(replaced=("safety",), go_on=("legal",), stand=("ethics",), panel_leads=False)


def test_there_is_no_round_of_appeal_where_no_board_rejected() -> None:
    with pytest.raises(ValueError, match="No board rejected"):
        round_of_appeal([BoardBefore("ethics", K.APPROVE, leads=True), BoardBefore("legal", None)])
