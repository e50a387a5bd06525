"""Arrivals and departures while a ballot is open: quorum and the base of the threshold follow at the closing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Ballot, BallotSeat
from reviews.permissions import balloting
from reviews.permissions.delegating import still_away
from reviews.permissions.reasons import require
from reviews.rules.alternates import SitsBy
from reviews.rules.roster import SeatRole, problems_of
from reviews.selectors.ballots import roster_of
from reviews.services.closing import settle
from reviews.services.locking import ballot_to_change


@transaction.atomic
def mark_attendance(
    *,
    actor: User,
    ballot_id: int,
    person_id: int,
    present: bool,
    note: str,
    now: datetime,
    sits_for: int | None = None,
) -> BallotSeat:
    """Write down that somebody of the roster arrived or left; `sits_for`: whom an alternate replaces (id of a person).

    When a member comes back, the alternate who sat for them sits for nobody any more.
    """
    ballot = ballot_to_change(actor, ballot_id, now)
    require(balloting.why_not_mark_attendance(actor, ballot, now))
    if ballot.meeting_id is not None:
        raise Refused(_("This ballot is held in a meeting. Who comes and goes is written down on its page."))
    seat = next((s for s in ballot.seats.all() if s.person_id == person_id), None)
    if seat is None or seat.recused:
        raise Refused(_("This person has no seat in this ballot, or is recused."))
    if present and still_away([seat], now):
        raise Refused(
            _(
                "{person} delegated the seat. They end that on their own page “Away”, then their arrival counts."
            ).format(person=seat.name)
        )
    seat.present, seat.attendance_note = present, note.strip()
    seat.sits_for_id = sits_for if present and seat.role == SeatRole.ALTERNATE else None
    seat.sits_by = SitsBy.CHOSEN.value if seat.sits_for_id is not None else ""
    seat.delegation = None
    seat.save(update_fields=["present", "attendance_note", "sits_for", "sits_by", "delegation"])
    changed = [seat]
    if present and seat.role != SeatRole.ALTERNATE:
        changed += _sit_for_nobody(ballot, person_id)
    fresh = list(BallotSeat.objects.filter(ballot=ballot))
    if problems_of(roster_of(fresh)):
        raise Refused(_("An alternate sits for one absent or recused member each. Check whom they replace."))
    trail.record(
        "attendance.marked", obj=ballot, actor=actor, now=now, reason=seat.attendance_note, also=changed,
        data={"person": str(seat.person.pseudonym), "present": present, "number": ballot.number},
        personal={"person": seat.name},
    )  # fmt: skip
    _recount(ballot, now)
    return seat


def _sit_for_nobody(ballot: Ballot, person_id: int) -> list[BallotSeat]:
    """Let the alternates who sat for the person sit for nobody any more, and return their seats."""
    alternates = list(ballot.seats.filter(sits_for=person_id))
    for alternate in alternates:
        alternate.sits_for, alternate.sits_by, alternate.delegation = None, "", None
        alternate.save(update_fields=["sits_for", "sits_by", "delegation"])
    return alternates


def _recount(ballot: Ballot, now: datetime) -> None:
    """Close the ballot if everybody who is left has voted."""
    again = Ballot.objects.select_related("review__board", "motion__block").prefetch_related("seats__person")
    fresh = again.get(pk=ballot.pk)
    fresh.request = fresh.review.request = ballot.request
    settle(fresh, now)
