"""The people of a meeting: what they answered, when they came and went, and whether there will be a quorum."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.models import Attendance, AttendanceSpan, Meeting
from reviews.rules.attendance import SEATED, Foreseen, foresee
from reviews.rules.policy import BoardPolicy
from reviews.rules.roster import Seated, SeatRole
from reviews.selectors.meetings.words import ANSWERS, HOWS, PARTS, clock_there
from reviews.selectors.request_rows import keep_related
from reviews.selectors.words import SEAT_ATTRIBUTES, Badge


@dataclass(frozen=True, slots=True)
class Row:
    """One person. `came`, `left`: of the last stretch; `change`: "leaves", "arrives", "back", or "" for nothing."""

    row: Attendance
    what: str
    badge: Badge
    came: str
    left: str
    change: str
    is_there: bool
    stays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """The people of a meeting, seats and others apart."""

    seats: tuple[Row, ...]
    others: tuple[Row, ...]

    @property
    def there(self) -> frozenset[int]:
        """Return who is in the room, by their id."""
        rows = (*self.seats, *self.others)
        return frozenset(row.row.person_id for row in rows if row.is_there and row.row.person_id)

    @property
    def guests(self) -> tuple[str, ...]:
        """Return guests who came, as the line under the attendance has them: "Li Kexin (Safety) until 10:36"."""
        return tuple(_guest(row) for row in self.others if row.came and row.row.part != "secretary")


def people_of(meeting: Meeting, *, stays: bool = True) -> list[Attendance]:
    """Return the rows of a meeting with their stretches; two queries, one before anybody can be there (no `stays`)."""
    rows = Attendance.objects.filter(meeting=meeting, ended_at__isnull=True).select_related(
        "person", "sits_for"
    )
    if stays:
        return list(rows.prefetch_related("spans").order_by("id"))
    found = list(rows.order_by("id"))
    for row in found:
        keep_related(row, "spans", ())
    return found


def shown_people(
    meeting: Meeting, rows: Iterable[Attendance], recused: Collection[int], item: str = ""
) -> People:
    """Return them as pages show them; `recused` from the item in view, whose number is `item`."""
    shown = [_row(meeting, row, row.person_id in set(recused), item) for row in rows]
    return People(
        tuple(row for row in shown if row.row.part in SEATED),
        tuple(row for row in shown if row.row.part not in SEATED),
    )


def _row(meeting: Meeting, row: Attendance, recused: bool, item: str) -> Row:
    spans = sorted(row.spans.all(), key=lambda span: (span.came_at, span.pk))
    last = spans[-1] if spans else None
    there = last is not None and last.left_at is None
    return Row(
        row=row,
        what=_what(row, last if there else None, recused, item),
        badge=ANSWERS[row.answer],
        came=clock_there(last.came_at, meeting) if last else "",
        left=clock_there(last.left_at, meeting) if last and last.left_at else "",
        change="leaves" if there else "" if recused else "back" if last else "arrives",
        is_there=there,
        stays=tuple(
            _stay(meeting, span) for span in spans if span.left_at is None or span.left_at > span.came_at
        ),
    )


def _stay(meeting: Meeting, span: AttendanceSpan) -> str:
    came, how = clock_there(span.came_at, meeting), str(HOWS[span.how])
    if span.left_at is None:
        return _("since {came}, {how}").format(came=came, how=how)
    return _("{came} to {left}, {how}").format(came=came, left=clock_there(span.left_at, meeting), how=how)


def _what(row: Attendance, span: AttendanceSpan | None, recused: bool, item: str) -> str:
    """Return "lay, video", "member, recused, item 3", "member, excused"."""
    words = [str(SEAT_ATTRIBUTES.get(code, code)) for code in row.attributes] if row.part == "member" else []
    words = words or [str(PARTS[row.part])]
    if row.affiliation:
        words.append(row.affiliation)
    if row.sits_for is not None and span is not None:
        words.append(_("sits for {member}").format(member=row.sits_for.display_name))
    if span is not None and span.how != "in_person":
        words.append(str(HOWS[span.how]))
    if recused:
        words.append(_("recused, item {number}").format(number=item) if item else _("recused"))
    elif row.answer == "declined" and span is None:
        words.append(_("excused"))
    return ", ".join(words)


def _guest(row: Row) -> str:
    name = _("{name} ({part})").format(name=row.row.name, part=row.what)
    return name if row.is_there else _("{name} until {time}").format(name=name, time=row.left)


def seated_of(rows: Iterable[Attendance]) -> tuple[Seated, ...]:
    """Return the seats of a meeting for the rules, as they were when it was called."""
    return tuple(
        Seated(row.person_id, SeatRole(row.part), frozenset(row.attributes), sits_for=row.sits_for_id)
        for row in rows
        if row.part in SEATED
    )


def foreseen(policy: BoardPolicy, rows: Sequence[Attendance]) -> Foreseen:
    """Return quorum as the answers foresee it."""
    answers: dict[Hashable, str] = {row.person_id: row.answer for row in rows if row.person_id}
    return foresee(policy.quorum, seated_of(rows), answers)


def foreseen_in_words(found: Foreseen) -> str:
    """Return "4 of 7 will come, 4 needed"."""
    sentence = ngettext(
        "{coming} of {seats} will come, {needed} needed",
        "{coming} of {seats} will come, {needed} needed",
        found.coming,
    )
    return sentence.format(coming=found.coming, seats=found.seats, needed=found.needed)
