"""The conflict screen: who has to keep out by a rule is recused by the system (process.md, section 3.1).

It runs when a request is routed, when a ballot opens and closes, and when something changes meanwhile. Whoever calls
it has locked the request, and settles the open ballots afterwards.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import trail
from reminders.notices import notify
from reviews.models import BallotSeat, Board, Recusal, ReviewRequest
from reviews.permissions.conflict_words import why_recused
from reviews.permissions.standing import forget_standings
from reviews.selectors.addresses import interests_address
from reviews.selectors.conflicts import found_conflicts
from reviews.selectors.waiting.wording import title_of
from reviews.services.assigning import end_readings_of
from reviews.services.meetings.leaving import step_out


def screen_conflicts(*, request: ReviewRequest, boards: Iterable[Board], now: datetime) -> list[Recusal]:
    """Recuse every member of the boards who has to keep out and isn't recused yet; by the system, with the reason."""
    known = set(Recusal.objects.filter(request=request).values_list("person_id", flat=True))
    made = []
    for found in found_conflicts(request, boards, now):
        if found.seat.person_id in known:
            continue
        known.add(found.seat.person_id)
        recusal = keep_out(request, found.seat.person, found.reason.value, "", None, now, detail=found.detail)
        _tell(recusal, now)
        made.append(recusal)
    return made


def keep_out(
    request: ReviewRequest,
    person: User,
    kind: str,
    reason: str,
    actor: User | None,
    now: datetime,
    *,
    detail: dict[str, Any] | None = None,
) -> Recusal:
    """Recuse the person, in every open ballot too; `actor` None: by the screen. Open ballots are settled by the caller.

    `kind`: a ConflictReason or one of INTERESTS; `detail` what a rule found.
    """
    recusal = Recusal.objects.create(
        request=request,
        person=person,
        kind=kind,
        reason=reason,
        made_at=now,
        made_by=actor,
        detail=detail or {},
    )
    seats = _leave_ballots(request, person, kind, reason)
    readings = end_readings_of(request, person, now)
    trail.record(
        "member.recused", obj=recusal, actor=actor, now=now, reason=reason, also=[*seats, *readings],
        data={"person": str(person.pseudonym), "kind": kind}, personal={"person": person.display_name},
    )  # fmt: skip
    forget_standings(request)
    step_out(request, person, now)
    return recusal


def _leave_ballots(request: ReviewRequest, person: User, kind: str, reason: str) -> Sequence[BallotSeat]:
    seats = list(BallotSeat.objects.filter(ballot__request=request, ballot__state="open", person=person))
    for seat in seats:
        seat.recused, seat.recusal_kind, seat.recusal_reason = True, kind, reason
        seat.save(update_fields=["recused", "recusal_kind", "recusal_reason"])
    return seats


def _tell(recusal: Recusal, now: datetime) -> None:
    """Tell the person why they keep out; nothing of what the boards say stands in it."""
    notify(
        person=recusal.person, kind="member.recused", obj=recusal, once="recused", now=now,
        subject=format_lazy(_("You keep out: {request}"), request=title_of(recusal.request)),
        body=why_recused(recusal, to_self=True), url=interests_address(recusal.request.reference),
    )  # fmt: skip
