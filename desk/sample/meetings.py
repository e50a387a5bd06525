"""Steps about meetings of the ethics board: a series, one that was held with its minutes, one to which people come."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk.sample.calendar import StoryCalendar
from desk.sample.world import Act, Made, Step, World, after, speaking
from reviews.models import AgendaItem, Attendance, Meeting
from reviews.rules.meeting_dates import at_wall
from reviews.services.meetings import agenda, asking, calling, minutes, room, running, series, writing

BERLIN = ZoneInfo("Europe/Berlin")
TEN = time(10)
WHEN = {"first": -8, "second": 2}
THERE = (("ruth", "in_person"), ("noor", "in_person"), ("xiulan", "video"), ("mateo", "in_person"))
NOTES = (
    "Noor Haddad asked who answers when somebody acts on a wrong answer. Agreed: each answer names its source and the "
    "date of it, and a way to a person stands beside it."
)


def meetings(calendar: StoryCalendar) -> Iterator[Step]:
    """Yield the steps: every second week from the eighth working day before today on."""
    held = at_wall(calendar.day(WHEN["first"]), TEN, BERLIN)
    yield Step(calendar.moment("-20 09:30"), "meeting/series", _series)
    yield Step(calendar.moment("-13 09:00"), "meeting/first/agenda", _agenda("first", "Rules of procedure"))
    yield Step(calendar.moment("-13 09:10"), "meeting/first/call", _call("first"))
    yield Step(calendar.moment("-12 07:30"), "meeting/first/excused", _answer("first", "jianing", "declined"))
    yield Step(held, "meeting/first/start", _start)
    yield Step(after(held, 6), "meeting/first/items", _items)
    yield Step(after(held, 75), "meeting/first/close", _close)
    yield Step(calendar.moment("-6 14:00"), "meeting/first/minutes", _circulate)
    yield Step(calendar.moment("-5 08:10"), "meeting/first/approved", _approve)
    yield Step(
        calendar.moment("-1 17:20"), "meeting/second/agenda", _agenda("second", "Dates of the coming year")
    )
    yield Step(calendar.moment("-1 17:30"), "meeting/second/call", _call("second"))
    yield Step(calendar.moment("-1 17:50"), "meeting/second/comes", _answer("second", "noor", "accepted"))
    yield Step(calendar.moment("-1 17:55"), "meeting/second/excused", _answer("second", "mateo", "declined"))


def _series(world: World, now: datetime) -> Made:
    """Plan the board's meetings, and remember the first two."""
    first = world.calendar.day(WHEN["first"])
    rhythm = series.Rhythm(
        rule="FREQ=WEEKLY;INTERVAL=2", starts=datetime.combine(first, TEN), zone="Europe/Berlin", lasts=90,
        place="Room 2.11 and video", video="https://video.lanternfield.example/ethics",
    )  # fmt: skip
    with speaking(world.person("ingrid")) as actor:
        made = series.make_series(actor=actor, board_id=world.id("board:ethics"), rhythm=rhythm, now=now)
    rows = Meeting.objects.filter(series=made).order_by("starts_at").values_list("pk", flat=True)
    return {f"meeting:{name}": key for name, key in zip(WHEN, rows, strict=False)}


def _agenda(name: str, own: str) -> Act:
    """Put on the agenda what is ready, after an item of the secretary's own."""

    def act(world: World, now: datetime) -> None:
        meeting = world.id(f"meeting:{name}")
        with speaking(world.person("ingrid")) as actor:
            agenda.add_item(actor=actor, meeting_id=meeting, title=own, note="", takes=10, now=now)
            agenda.put_on_agenda(actor=actor, meeting_id=meeting, now=now)

    return act


def _call(name: str) -> Act:
    def act(world: World, now: datetime) -> None:
        with speaking(world.person("ingrid")) as actor:
            calling.call_meeting(actor=actor, meeting_id=world.id(f"meeting:{name}"), now=now)

    return act


def _answer(name: str, person: str, answer: str) -> Act:
    def act(world: World, now: datetime) -> None:
        reason = "I am at a conference." if answer == "declined" else ""
        with speaking(world.person(person)) as actor:
            asking.answer_invitation(
                actor=actor, meeting_id=world.id(f"meeting:{name}"), answer=answer, reason=reason, now=now
            )

    return act


def _start(world: World, now: datetime) -> None:
    """Start the first meeting; people come."""
    meeting = world.id("meeting:first")
    with speaking(world.person("ingrid")) as actor:
        running.start_meeting(actor=actor, meeting_id=meeting, now=now)
        for person, how in THERE:
            row = Attendance.objects.get(meeting=meeting, person=world.person(person))
            room.note_arrival(actor=actor, meeting_id=meeting, attendance_id=row.pk, how=how, now=now)


def _items(world: World, now: datetime) -> None:
    """Deal with the item of the secretary's own and with one request; the others are carried over."""
    meeting = world.id("meeting:first")
    items = AgendaItem.objects.filter(meeting=meeting)
    chosen = [items.get(kind="other"), items.filter(review__isnull=False)[0]]
    with speaking(world.person("ingrid")) as actor:
        for number, item in enumerate(chosen):
            running.take_up(actor=actor, item_id=item.pk, now=after(now, 10 * number))
        writing.save_part(
            actor=actor, meeting_id=meeting, item_id=chosen[-1].pk, kind="discussion", text=NOTES, version=0,
            now=after(now, 40),
        )  # fmt: skip


def _close(world: World, now: datetime) -> None:
    """He Xiulan leaves early; then the meeting is closed."""
    meeting = world.id("meeting:first")
    row = Attendance.objects.get(meeting=meeting, person=world.person("xiulan"))
    with speaking(world.person("ingrid")) as actor:
        room.note_departure(
            actor=actor, meeting_id=meeting, attendance_id=row.pk, now=now, at=now - timedelta(minutes=10)
        )
        running.close_meeting(actor=actor, meeting_id=meeting, now=now)


def _circulate(world: World, now: datetime) -> None:
    with speaking(world.person("ingrid")) as actor:
        minutes.circulate_minutes(actor=actor, meeting_id=world.id("meeting:first"), now=now)


def _approve(world: World, now: datetime) -> None:
    meeting = Meeting.objects.get(pk=world.id("meeting:first"))
    version = meeting.minutes.versions.latest("number")
    with speaking(world.person("ruth")) as actor:
        minutes.approve_minutes(actor=actor, meeting_id=meeting.pk, sha256=version.sha256, now=now)
