"""Short forms for tests: a meeting of the ethics board that is planned, called or runs, with who is there.

The board is that of `tests.boardrooms`: Chloe Chair, Milo, Mara, Lena and Rex, who is recused from Ravi's requests;
Sena keeps it. It meets a day after NOW.
"""

from collections.abc import Collection
from datetime import timedelta

from reviews.models import (
    AgendaItem,
    Attendance,
    AttendanceSpan,
    Ballot,
    BoardReview,
    Meeting,
    Minutes,
    Motion,
)
from reviews.services.meetings.agenda import add_item, put_on_agenda
from reviews.services.meetings.balloting import open_in_meeting
from reviews.services.meetings.calling import call_meeting
from reviews.services.meetings.planning import Session, plan_meeting
from reviews.services.meetings.room import note_arrival, note_departure
from reviews.services.meetings.running import start_meeting, take_up
from tests.boardrooms import House, a_motion
from tests.dossiers import NOW

MEETS = NOW + timedelta(days=1)
ALL = ("chloe", "milo", "mara", "lena", "rex")


def a_meeting(house: House, *, after: timedelta = timedelta(days=1), board: str = "ethics") -> Meeting:
    """Return a planned meeting of the board, an hour and a half long."""
    session = Session(
        starts_at=NOW + after, ends_at=NOW + after + timedelta(minutes=90), zone="Europe/Berlin",
        place="Room 4.02 and video",
    )  # fmt: skip
    return plan_meeting(actor=house.sena, board_id=house.boards[board].pk, session=session, now=NOW)


def called(house: House, meeting: Meeting | None = None) -> Meeting:
    """Return a meeting that is called, with what is ready on its agenda, or an item of the secretary's own."""
    meeting = meeting or a_meeting(house)
    if BoardReview.objects.filter(board=meeting.board, closed_at=None).exists():
        put_on_agenda(actor=house.sena, meeting_id=meeting.pk, now=NOW)
    else:
        add_item(
            actor=house.sena, meeting_id=meeting.pk, title="Rules of procedure", note="", takes=10, now=NOW
        )
    call_meeting(actor=house.sena, meeting_id=meeting.pk, now=NOW)
    return Meeting.objects.select_related("board").get(pk=meeting.pk)


def running(house: House, there: Collection[str] = ALL, meeting: Meeting | None = None) -> Meeting:
    """Return a meeting that runs, with these people in the room; without a given one its rows are put there."""
    if meeting is None:
        return _put_there(house, there)
    start_meeting(actor=house.sena, meeting_id=meeting.pk, now=MEETS)
    for name in there:
        comes(house, meeting, name)
    return Meeting.objects.select_related("board").get(pk=meeting.pk)


def _put_there(house: House, there: Collection[str]) -> Meeting:
    """Write the rows of a running meeting as calling and starting it would have, in a tenth of the time."""
    board = house.boards["ethics"]
    meeting = Meeting.objects.create(
        board=board, starts_at=MEETS, ends_at=MEETS + timedelta(minutes=90), zone="Europe/Berlin", number=1,
        place="Room 4.02 and video", call_by=NOW, uid="one@test", state="running", secretary=house.sena, made_at=NOW,
        called_at=NOW, started_at=MEETS,
    )  # fmt: skip
    Minutes.objects.create(meeting=meeting, writer=house.sena)
    parts = [
        (seat.person, seat.role, seat.attributes)
        for seat in board.seats.select_related("person").order_by("pk")
    ]
    rows = Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting,
            person=person,
            name=person.display_name,
            part=part,
            attributes=words,
            asked_at=NOW,
        )
        for person, part, words in [*parts, (house.sena, "secretary", [])]
    )
    here = {house.people[name].pk for name in (*there, "sena")}
    AttendanceSpan.objects.bulk_create(
        AttendanceSpan(attendance=row, came_at=MEETS, how="in_person")
        for row in rows
        if row.person_id in here
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, place=place, kind="review", review=review, takes=20, added_at=NOW)
        for place, review in enumerate(BoardReview.objects.filter(board=board, closed_at=None), 1)
    )
    return meeting


def row_of(house: House, meeting: Meeting, name: str) -> Attendance:
    """Return the person's row on the list of the meeting."""
    return Attendance.objects.get(meeting=meeting, person=house.people[name])


def comes(house: House, meeting: Meeting, name: str, *, minutes: int = 0, sits_for: str = "") -> None:
    """Let somebody come, so many minutes after the meeting began."""
    note_arrival(
        actor=house.sena, meeting_id=meeting.pk, attendance_id=row_of(house, meeting, name).pk, how="in_person",
        now=MEETS + timedelta(minutes=minutes), sits_for=house.people[sits_for].pk if sits_for else None,
    )  # fmt: skip


def leaves(house: House, meeting: Meeting, name: str, *, minutes: int = 0) -> None:
    """Let somebody leave."""
    row = row_of(house, meeting, name)
    moment = MEETS + timedelta(minutes=minutes)
    note_departure(actor=house.sena, meeting_id=meeting.pk, attendance_id=row.pk, now=moment)


def the_item(meeting: Meeting) -> AgendaItem:
    """Return the first item of the meeting about a review."""
    return AgendaItem.objects.filter(meeting=meeting, review__isnull=False).order_by("place", "id")[0]


def item_open(house: House, meeting: Meeting, *, minutes: int = 5) -> AgendaItem:
    """Take up the item about a review, and return it."""
    return take_up(actor=house.sena, item_id=the_item(meeting).pk, now=MEETS + timedelta(minutes=minutes))


def ballot_in(
    house: House, meeting: Meeting, *, minutes: int = 10, motion: Motion | None = None, kind: str = "approve"
) -> Ballot:
    """Return a ballot that is open in the meeting on the item that is open."""
    item, now = the_item(meeting), MEETS + timedelta(minutes=minutes)
    assert item.review is not None
    motion = motion or a_motion(house, item.review, kind, now=now)
    return open_in_meeting(actor=house.sena, item_id=item.pk, motion_id=motion.pk, now=now)
