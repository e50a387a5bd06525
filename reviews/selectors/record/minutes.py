"""What the minutes of a meeting say, put together from what happened; only the free texts were written by people."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from records import minutes_context as shape
from records.context import Language, instant
from records.minutes_context import MINUTES
from reviews.models import AgendaItem, Attendance, AttendanceSpan, Meeting, Minutes, MinutesPart
from reviews.rules.attendance import SEATED, Part
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.rules.minutes import PartKind
from reviews.selectors.letters.frame import frame_of_minutes
from reviews.selectors.meetings.words import PARTS, name_of, short_name_of
from reviews.selectors.record.minutes_items import ItemsOfMeeting
from reviews.selectors.words import SEAT_ATTRIBUTES


def language_of_minutes(meeting: Meeting) -> Language:
    """Return the language of the minutes: the board's, English where it names none."""
    return "zh-hans" if meeting.board.language.startswith("zh") else "en"


def minutes_content(minutes: Minutes, language: Language) -> dict[str, Any]:
    """Return all that the minutes say but their approval; call it inside `translation.override(language)`.

    Of a running meeting it is what happened so far; open ballots aren't in it, and so nobody's hidden position.
    """
    meeting = minutes.meeting
    people = list(
        Attendance.objects.filter(meeting=meeting)
        .select_related("person", "sits_for", "item")
        .prefetch_related("spans")
        .order_by("id")
    )
    parts = list(MinutesPart.objects.filter(minutes=minutes))
    items = ItemsOfMeeting(meeting, people, parts)
    opening, closing, used = frame_of_minutes(language, _values(minutes), meeting.zone)
    return {
        "schema": MINUTES,
        "language": language,
        "time_zone": meeting.zone,
        "organisation": settings.ORGANISATION,
        "reference": reference_of(meeting),
        "title": meeting.board.name,
        "subtitle": short_name_of(meeting),
        "board": meeting.board.name,
        "number": meeting.number,
        "place": meeting.place,
        "planned_from": instant(meeting.starts_at),
        "planned_until": instant(meeting.ends_at),
        "opened_at": instant(meeting.started_at or meeting.starts_at),
        "closed_at": instant(meeting.closed_at or meeting.ends_at),
        "led_by": led_by(meeting, people),
        "minutes_by": minutes.writer.display_name,
        "attendance": [_attendant(row) for row in people if row.part in SEATED and _counts(row)],
        "guests": [_guest(row, items.numbers) for row in people if row.part not in SEATED and _stays(row)],
        "opening": _joined(opening, _text(parts, PartKind.OPENING)),
        "items": items.lines(),
        "other_business": _text(parts, PartKind.CLOSING),
        "closing": closing if meeting.closed_at else "",
        "next_meeting": _next(meeting),
        "template": used,
    }


def reference_of(meeting: Meeting) -> str:
    """Return the reference of the minutes: "ETHICS-M11"."""
    return f"{meeting.board.slug.upper()}-M{meeting.number}"


def led_by(meeting: Meeting, people: Iterable[Attendance]) -> str:
    """Return the name of who led the meeting: who was named, or who holds the chair's seat."""
    if meeting.chair is not None:
        return meeting.chair.display_name
    return next((row.name for row in people if row.part == Part.CHAIR), "")


def _values(minutes: Minutes) -> dict[str, str]:
    """Return what the frame of the minutes can name."""
    meeting = minutes.meeting
    return {
        "board": meeting.board.name,
        "number": str(meeting.number),
        "date": meeting.starts_there.date().isoformat(),
        "place": meeting.place,
        "led_by": led_by(meeting, Attendance.objects.filter(meeting=meeting)),
        "minutes_by": minutes.writer.display_name,
        "opened_at": instant(meeting.started_at or meeting.starts_at),
        "closed_at": instant(meeting.closed_at or meeting.ends_at),
        "next_meeting": _next(meeting) or "",
    }


def _next(meeting: Meeting) -> str | None:
    later = Meeting.objects.filter(
        board=meeting.board_id, starts_at__gt=meeting.starts_at,
        state__in=[MeetingState.PLANNED, MeetingState.CALLED],
    ).order_by("starts_at")  # fmt: skip
    following = later.first()
    return instant(following.starts_at) if following else None


def _counts(row: Attendance) -> bool:
    """Leave out seats that ended before the meeting and never came to it."""
    return row.ended_at is None or bool(_stays(row))


def _stays(row: Attendance) -> list[shape.Stay]:
    return [_stay(span) for span in sorted(row.spans.all(), key=lambda span: span.came_at)]


def _stay(span: AttendanceSpan) -> shape.Stay:
    return {
        "came_at": instant(span.came_at),
        "left_at": instant(span.left_at) if span.left_at else None,
        "how": span.how,  # type: ignore[typeddict-item]  # constrained by the table
    }


def _attendant(row: Attendance) -> shape.Attendant:
    stays = _stays(row)
    return {
        "name": row.name,
        "role": row.part,  # type: ignore[typeddict-item]  # one of SEATED
        "attributes": [str(SEAT_ATTRIBUTES.get(code, code)) for code in row.attributes],
        "sits_for": row.sits_for.display_name if row.sits_for and stays else "",
        "presence": "present" if stays else "excused" if row.answer == "declined" else "absent",
        "stays": stays,
        "note": "",
    }


def _guest(row: Attendance, numbers: dict[int, str]) -> shape.Guest:
    role = str(PARTS[row.part])
    return {
        "name": row.name,
        "role": _("{role}, {affiliation}").format(role=role, affiliation=row.affiliation)
        if row.affiliation
        else role,
        "kind": "expert" if row.part == Part.EXPERT else "guest",
        "items": [numbers[row.item_id]] if row.item_id in numbers else [],
        "stays": _stays(row),
    }


def _text(parts: Iterable[MinutesPart], kind: PartKind, item: AgendaItem | None = None) -> str:
    """Return the text of a part, "" where nobody wrote one."""
    key = item.pk if item else None
    return next((part.text for part in parts if part.kind == kind and part.item_id == key), "")


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def title_of_minutes(meeting: Meeting) -> str:
    """Return what the minutes are called: "Minutes of Ethics board, 11th meeting"."""
    return _("Minutes of {meeting}").format(meeting=name_of(meeting))
