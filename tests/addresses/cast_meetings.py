"""Which meetings of the sample organisation the addresses of meetings are about: one that is called, one that was."""

from typing import Any

from reviews.models import AgendaItem, Attendance, Meeting, MeetingSeries, Papers

OF_MEETINGS = (
    "meeting", "move_meeting", "cancel_meeting", "fill_agenda", "add_item", "call_meeting", "answer_invitation",
    "invite_guest", "uninvite_guest", "start_meeting", "room", "attend", "close_meeting", "change_item", "move_item",
    "remove_item", "take_up_item", "finish_item", "table_item", "approve_at_item", "write_of_item", "open_in_meeting",
    "put_again", "change_series", "end_series", "papers", "papers_file",
)  # fmt: skip
OF_MINUTES = ("minutes", "write_minutes", "circulate_minutes", "correct_minutes", "approve_minutes")


def about_meetings(everywhere: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the arguments of each of these addresses: of the meeting to come, and for minutes of the one that was."""
    coming = Meeting.objects.get(state="called")
    over = Meeting.objects.get(state="closed")
    own = AgendaItem.objects.get(meeting=coming, kind="other")
    series = MeetingSeries.objects.get()
    about = everywhere | {
        "meeting_id": coming.pk, "item_id": own.pk, "series_id": series.pk, "kind": "discussion", "ballot_id": 10**6,
        "attendance_id": Attendance.objects.filter(meeting=coming)[0].pk,
        "papers_id": Papers.objects.get(meeting=coming).pk,
    }  # fmt: skip
    minutes = everywhere | {"meeting_id": over.pk, "kind": "opening"}
    return {f"reviews:{name}": about for name in OF_MEETINGS} | {
        f"reviews:{name}": minutes for name in OF_MINUTES
    }
