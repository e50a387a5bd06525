"""Who was deactivated while a ballot was open, and hadn't voted: not there any more, so no part of its quorum."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import trail
from reviews.models import Ballot


def mark_leavers(ballot: Ballot, now: datetime) -> bool:
    """Mark as absent whose account was deactivated before they voted; say whether there was somebody. By the system.

    Whoever had voted keeps the vote: it was theirs to give then. Reads the loaded seats; no query where nobody left.
    """
    left = [seat for seat in ballot.seats.all() if seat.is_eligible and not seat.person.is_active]
    voted = set(ballot.votes.values_list("seat_id", flat=True)) if left else set()
    gone = [seat for seat in left if seat.pk not in voted]
    with override(ballot.review.board.language or ballot.request.language):
        note = _("deactivated without having voted")
    for seat in gone:
        seat.present, seat.attendance_note = False, note
        seat.sits_for, seat.sits_by, seat.delegation = None, "", None
        seat.save(update_fields=["present", "attendance_note", "sits_for", "sits_by", "delegation"])
        trail.record(
            "attendance.marked", obj=ballot, actor=None, now=now, also=[seat], reason=seat.attendance_note,
            data={"person": str(seat.person.pseudonym), "present": False, "number": ballot.number},
            personal={"person": seat.name},
        )  # fmt: skip
    return bool(gone)
