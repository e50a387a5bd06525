"""The open ballot of a meeting follows the room: its seats, its quorum, and whether it is tabled for want of it."""

from datetime import datetime

from django.utils.translation import gettext as _

from audit import trail
from reviews.models import Attendance, Ballot, BallotSeat, Meeting
from reviews.permissions.delegating import still_away
from reviews.rules.alternates import SitsBy
from reviews.rules.attendance import sitting_in_room
from reviews.rules.roster import SeatRole
from reviews.selectors.ballots import roster_of
from reviews.services.closing import settle
from reviews.services.locking import ballot_of, lock_request


def seats_follow(meeting: Meeting, now: datetime) -> None:
    """Bring each open ballot of the meeting to who is in the room; one without quorum is tabled, and so is its item.

    The caller has locked the meeting, or the request of its open item.
    """
    rows = Ballot.objects.filter(meeting=meeting, state="open").order_by("request_id", "id")
    for ballot_id, request_id in list(rows.values_list("pk", "request_id")):
        ballot = ballot_of(lock_request(request_id), ballot_id)
        _follow(meeting, ballot, now)
        settle(ballot_of(ballot.request, ballot_id), now)


def _follow(meeting: Meeting, ballot: Ballot, now: datetime) -> None:
    """Mark the seats of who came or went; an alternate sits only for a member who isn't there."""
    there = people_in_room(meeting) - still_away(ballot.seats.all(), now)
    seats = [
        seat for seat in ballot.seats.all() if not seat.recused and (seat.present or seat.person.is_active)
    ]
    changed = [seat for seat in seats if seat.present != (seat.person_id in there)]
    for seat in changed:
        seat.present = seat.person_id in there
    changed += [seat for seat in _sit(meeting, list(ballot.seats.all())) if seat not in changed]
    for seat in changed:
        seat.attendance_note = "" if seat.present else _("left the meeting")
        seat.save(update_fields=["present", "attendance_note", "sits_for", "sits_by", "delegation"])
    for number, seat in enumerate(changed):
        trail.record(
            "attendance.marked", obj=ballot, actor=None, now=now, also=changed if number == 0 else [],
            data={
                "person": str(seat.person.pseudonym), "present": seat.present, "number": ballot.number,
                "meeting": meeting.pk,
            },
            personal={"person": seat.name},
        )  # fmt: skip


def _sit(meeting: Meeting, seats: list[BallotSeat]) -> list[BallotSeat]:
    """Let alternates sit for whom they were chosen, or sat before, while that member isn't there; return changes."""
    wished = dict(
        Attendance.objects.filter(meeting=meeting, sits_for__isnull=False).values_list(
            "person_id", "sits_for_id"
        )
    )
    before = {seat.person_id: seat.sits_for_id for seat in seats}
    for seat in seats:
        if seat.role == SeatRole.ALTERNATE:
            seat.sits_for_id = wished.get(seat.person_id, seat.sits_for_id)
    sitting = sitting_in_room(roster_of(seats))
    changed = []
    for seat in seats:
        if seat.role != SeatRole.ALTERNATE:
            continue
        seat.sits_for_id = sitting.get(seat.person_id)  # type: ignore[assignment]  # people are told apart by their id
        if seat.sits_for_id != before[seat.person_id]:
            seat.sits_by = SitsBy.CHOSEN.value if seat.sits_for_id is not None else ""
            seat.delegation = None
            changed.append(seat)
    return changed


def people_in_room(meeting: Meeting) -> set[int]:
    """Return who is there now, by their id."""
    rows = Attendance.objects.filter(meeting=meeting, spans__left_at__isnull=True, spans__isnull=False)
    return set(rows.exclude(person=None).values_list("person_id", flat=True))
