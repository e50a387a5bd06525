"""What happens to actions and exceptions, when a finding is mended, and what is late or counts."""

from datetime import date, timedelta

import pytest

from compliance.rules.findings import (
    ActionEvent,
    ActionState,
    ExceptionEvent,
    ExceptionState,
    action_after,
    counts,
    exception_after,
    is_late,
    is_resolved,
)

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        (ActionState.OPEN, ActionEvent.REPORT, ActionState.DONE),
        (ActionState.OPEN, ActionEvent.VERIFY, None),
        (ActionState.OPEN, ActionEvent.RETURN, None),
        (ActionState.OPEN, ActionEvent.DROP, ActionState.DROPPED),
        (ActionState.DONE, ActionEvent.VERIFY, ActionState.VERIFIED),
        (ActionState.DONE, ActionEvent.RETURN, ActionState.OPEN),
        (ActionState.DONE, ActionEvent.REPORT, None),
        *(
            (ended, event, None)
            for ended in (ActionState.VERIFIED, ActionState.DROPPED)
            for event in ActionEvent
        ),
    ],
)
def test_an_action_goes_by_the_table(
    state: ActionState, event: ActionEvent, after: ActionState | None
) -> None:
    assert action_after(state, event) is after


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        (ExceptionState.ASKED, ExceptionEvent.APPROVE, ExceptionState.APPROVED),
        (ExceptionState.ASKED, ExceptionEvent.REFUSE, ExceptionState.REFUSED),
        (ExceptionState.ASKED, ExceptionEvent.REVOKE, ExceptionState.REVOKED),
        (ExceptionState.APPROVED, ExceptionEvent.REVOKE, ExceptionState.REVOKED),
        (ExceptionState.APPROVED, ExceptionEvent.REFUSE, None),
        (ExceptionState.REFUSED, ExceptionEvent.APPROVE, None),
        (ExceptionState.REVOKED, ExceptionEvent.APPROVE, None),
    ],
)
def test_an_exception_goes_by_the_table(
    state: ExceptionState, event: ExceptionEvent, after: ExceptionState | None
) -> None:
    assert exception_after(state, event) is after


@pytest.mark.parametrize(
    ("states", "resolved"),
    [
        ([], False),
        (["open"], False),
        (["done"], False),
        (["verified"], True),
        (["dropped"], False),
        (["verified", "dropped"], True),
        (["verified", "done"], False),
        (["verified", "open"], False),
    ],
)
def test_a_finding_is_mended_when_nothing_is_to_do_and_something_was_verified(
    states: list[str], resolved: bool
) -> None:
    assert is_resolved(states) is resolved


def test_the_last_day_is_still_in_time() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert not is_late(ActionState.OPEN, TODAY, TODAY)
    assert is_late(ActionState.OPEN, yesterday, TODAY)
    assert not is_late(ActionState.DONE, yesterday, TODAY)
    assert counts(ExceptionState.APPROVED, TODAY, TODAY)
    assert not counts(ExceptionState.APPROVED, yesterday, TODAY)
    assert not counts(ExceptionState.ASKED, TODAY, TODAY)
