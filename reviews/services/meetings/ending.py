"""What becomes of the open ballots of a meeting when it ends: they go on by circulation, or are tabled."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Ballot, Meeting
from reviews.permissions.delegating import still_away
from reviews.rules.ballot import BallotResult, ClosedBecause, Closing
from reviews.rules.explaining import DateKind
from reviews.rules.policy import parse, rules_for
from reviews.rules.terms import term_for
from reviews.services.closing import count_and_close
from reviews.services.locking import ballot_of, lock_request
from reviews.services.reckoning import keep, reckon


def end_ballots(meeting: Meeting, actor: User, circulate: bool | None, now: datetime) -> set[int]:
    """Table the open ballots of the meeting, or let them go on by circulation; return the reviews of the latter.

    The caller has locked the meeting.
    """
    rows = Ballot.objects.filter(meeting=meeting, state="open").order_by("request_id", "id")
    found = list(rows.values_list("pk", "request_id"))
    if found and circulate is None:
        raise Refused(_("A ballot is open. Say whether it goes on by circulation or is tabled."))
    circulated = set()
    for ballot_id, request_id in found:
        ballot = ballot_of(lock_request(request_id), ballot_id)
        if circulate:
            _circulate(ballot, meeting, actor, now)
            circulated.add(ballot.review_id)
        else:
            count_and_close(ballot, Closing(ClosedBecause.TABLED, BallotResult.TABLED), actor, now)
    return circulated


def _circulate(ballot: Ballot, meeting: Meeting, actor: User, now: datetime) -> None:
    """Let a ballot go on outside the meeting: everybody on its roster may vote again, for the days of its policy."""
    policy = rules_for(parse(ballot.policy), ballot.procedure)
    if not policy.circulation:
        raise Refused(_("This board votes in its meetings only, so an open ballot is tabled."))
    away = still_away(ballot.seats.all(), now)
    changed = [
        seat
        for seat in ballot.seats.all()
        if not seat.present and not seat.recused and seat.person.is_active and seat.person_id not in away
    ]
    for seat in changed:
        seat.present, seat.attendance_note = True, ""
        seat.save(update_fields=["present", "attendance_note"])
    freed = [seat for seat in ballot.seats.all() if _sits_for_present(ballot, seat.sits_for_id)]
    for seat in freed:
        seat.sits_for, seat.sits_by, seat.delegation = None, "", None
        seat.save(update_fields=["sits_for", "sits_by", "delegation"])
    term = term_for(
        DateKind.BALLOT, parse(ballot.policy), procedure=ballot.procedure, version=ballot.policy_version
    )
    reckoned = reckon(DateKind.BALLOT, meeting.board, now, sourced=term)
    before, ballot.deadline, ballot.meeting = ballot.deadline, max(reckoned.due, ballot.deadline), None
    ballot.save(update_fields=["deadline", "meeting"])
    if ballot.deadline == reckoned.due:
        keep(ballot, reckoned, now=now, request=ballot.request, was=before)
    trail.record(
        "ballot.circulated", obj=ballot, actor=actor, now=now, also=[*changed, *freed],
        data={
            "number": ballot.number, "meeting": meeting.pk,
            "deadline": {"old": before.isoformat(), "new": ballot.deadline.isoformat()},
        },
    )  # fmt: skip


def _sits_for_present(ballot: Ballot, person_id: int | None) -> bool:
    """Say whether the member for whom an alternate sits may vote themself again."""
    return any(
        seat.person_id == person_id and seat.present and not seat.recused for seat in ballot.seats.all()
    )
