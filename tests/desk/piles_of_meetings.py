"""What waits about meetings, for the pile of work: one to call, an invitation, minutes to write and to approve."""

from datetime import timedelta
from typing import Any

from reviews import models as rows
from tests.dossiers import NOW


def leave_meetings(pile: Any) -> None:
    """Leave a meeting to prepare, one to answer, and two that are over: minutes to write, and to approve."""
    soon = NOW + timedelta(days=3)
    _meeting(pile, starts_at=soon, ends_at=soon + timedelta(hours=1))
    called = _meeting(
        pile, starts_at=soon, ends_at=soon + timedelta(hours=1), state="called", number=3 * pile.made, called_at=NOW,
        secretary=pile.other,
    )  # fmt: skip
    rows.Attendance.objects.create(
        meeting=called, person=pile.busy, name=pile.busy.display_name, part="chair", asked_at=NOW
    )
    over: dict[str, Any] = {
        "starts_at": NOW - timedelta(days=1), "ends_at": NOW - timedelta(hours=23), "state": "closed", "called_at": NOW,
        "secretary": pile.other, "started_at": NOW - timedelta(days=1), "closed_at": NOW - timedelta(hours=23),
    }  # fmt: skip
    written = _meeting(pile, number=3 * pile.made + 1, **over)
    rows.Minutes.objects.create(meeting=written, writer=pile.busy, due_at=NOW + timedelta(days=5))
    told = _meeting(pile, number=3 * pile.made + 2, **over)
    rows.Minutes.objects.create(
        meeting=told, writer=pile.other, state="circulated", version=1, circulated_at=NOW, due_at=NOW
    )


def _meeting(pile: Any, **given: Any) -> rows.Meeting:
    number = rows.Meeting.objects.count()
    return rows.Meeting.objects.create(
        board=pile.board, zone="UTC", place="Room", call_by=NOW + timedelta(days=1), uid=f"meeting-{number}@test",
        made_at=NOW, **given,
    )  # fmt: skip
