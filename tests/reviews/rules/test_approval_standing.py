"""How an approval stands for those who release by it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reviews.rules.approval_standing import Approval, stands

SIGNED, SUSPENDED, ENDED = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
IN_FORCE = Approval(approved_at=SIGNED, request_state="approved", ended_at=None, replaced=False)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("valid", SIGNED, "")),
        ({"request_state": "released"}, ("valid", SIGNED, "")),
        ({"request_state": "superseded"}, ("valid", SIGNED, "")),
        (
            {"request_state": "superseded", "ended_at": ENDED, "replaced": True},
            ("superseded", ENDED, "newer_decision"),
        ),
        (
            {"request_state": "suspended", "suspended_at": SUSPENDED},
            ("suspended", SUSPENDED, "suspended_by_person"),
        ),
        (
            {"request_state": "suspended", "suspended_at": SUSPENDED, "by_policy": True},
            ("suspended", SUSPENDED, "condition_overdue"),
        ),
        (
            {"request_state": "suspended", "suspended_at": SUSPENDED, "ratified_at": ENDED},
            ("suspended", SUSPENDED, "ratified_by_board"),
        ),
        ({"request_state": "expired", "ended_at": ENDED}, ("expired", ENDED, "date_passed")),
        (
            {"request_state": "suspended", "suspended_at": SUSPENDED, "ended_at": ENDED},
            ("expired", ENDED, "date_passed"),
        ),
        ({"request_state": "withdrawn", "ended_at": ENDED}, ("revoked", ENDED, "withdrawn")),
        (
            {"request_state": "withdrawn", "ended_at": ENDED, "replaced": True},
            ("revoked", ENDED, "withdrawn"),
        ),
    ],
)
def test_an_approval_stands(changes: dict[str, Any], expected: tuple[str, datetime, str]) -> None:
    assert stands(replace(IN_FORCE, **changes)) == expected
