"""Assigning readers of a board's review, giving the reading back, and ending it with the review."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reminders.notices import notify
from reviews.models import Assignment, BoardReview, ReviewRequest
from reviews.permissions.assigning import why_not_assign, why_not_decline
from reviews.permissions.reasons import require
from reviews.rules.assigning import Candidate, NotChosen, ReaderRole, Reason, why_not_choose
from reviews.selectors.addresses import request_address
from reviews.selectors.readers_proposal import ReaderProposal, proposal_for
from reviews.selectors.waiting.wording import title_of
from reviews.services.locking import lock_request, review_to_change


@transaction.atomic
def assign_reader(
    *, actor: User, review_id: int, person_id: int, role: str, reason: str = "", now: datetime
) -> Assignment:
    """Let a member read the request first for the board, as "lead" or "second"; who did so before is told by it.

    Another than the first of the proposal needs a reason. Raises Refused for who isn't on the board or has to keep out.
    """
    review = review_to_change(actor, review_id, now)
    require(why_not_assign(actor, review, now))
    found = proposal_for(review, ReaderRole(role), now)
    _check(found, person_id, reason)
    former = found.present.get(role)
    if former is not None and former.person_id == person_id:
        raise Refused(_("This member reads it already."))
    ended = [end(former, "reassigned", actor, reason.strip(), now)] if former else []
    place = found.proposal.place_of(person_id) or 0
    assignment = Assignment.objects.create(
        review=review, person_id=person_id, role=ReaderRole(role), round=review.round, place=place,
        reasons=_kept(found), choice_reason=reason.strip() if place > 1 else "", assigned_by=actor, assigned_at=now,
    )  # fmt: skip
    person = found.seats[person_id].person
    trail.record(
        "reader.assigned", obj=assignment, actor=actor, now=now, reason=assignment.choice_reason, also=ended,
        personal={"person": person.display_name},
        data={"person": str(person.pseudonym), "board": review.board_id, "role": role, "rank": place},
    )  # fmt: skip
    _tell(assignment, person, actor, now)
    return assignment


@transaction.atomic
def decline_reading(*, actor: User, assignment_id: int, reason: str, now: datetime) -> Assignment:
    """Give the reading back with a reason; chair and secretaries see that the board has no such reader any more."""
    row = Assignment.objects.filter(pk=assignment_id, person=actor).select_related("review__request").first()
    if row is None:
        raise Http404
    request = lock_request(row.review.request_id)
    assignment = Assignment.objects.select_related("review__board", "person").get(pk=row.pk)
    assignment.review.request = request
    require(why_not_decline(actor, assignment))
    if not reason.strip():
        raise Refused(_("Say why, so that the board finds somebody else."))
    end(assignment, "declined", actor, reason.strip(), now)
    trail.record(
        "reader.declined", obj=assignment, actor=actor, now=now, reason=reason.strip(),
        data={"board": assignment.review.board_id, "role": assignment.role},
    )  # fmt: skip
    return assignment


def end_readings(reviews: Iterable[BoardReview], now: datetime) -> list[Assignment]:
    """End who reads these reviews, because they are closed; for the event of the act that closed them."""
    rows = Assignment.objects.filter(review__in=list(reviews), ended_at__isnull=True).select_related("review")
    return [end(row, "closed", None, "", now) for row in rows]


def end_readings_of(request: ReviewRequest, person: User, now: datetime) -> list[Assignment]:
    """End what somebody reads of a request, because they take no part any more; for the event of that act."""
    rows = Assignment.objects.filter(review__request=request, person=person, ended_at__isnull=True)
    return [end(row, "recused", None, "", now) for row in rows.select_related("review")]


def end(assignment: Assignment, ending: str, actor: User | None, reason: str, now: datetime) -> Assignment:
    """End a reading; the caller records it."""
    assignment.ended_at, assignment.ended_by = now, actor
    assignment.ending, assignment.ending_reason = ending, reason
    assignment.save(update_fields=["ended_at", "ended_by", "ending", "ending_reason"])
    return assignment


def _check(found: ReaderProposal, person_id: int, reason: str) -> None:
    fault = why_not_choose(found.proposal, person_id, reason)
    if fault == NotChosen.NEEDS_REASON:
        raise Refused(_("This isn't the first of the proposal. Say why: the reason is kept with the choice."))
    if fault == NotChosen.LEFT_OUT:
        raise Refused(_("This member can't read it; the proposal says why. Choose another."))
    if fault is not None:
        raise Refused(_("This person has no seat on the board."))


def _kept(found: ReaderProposal) -> dict[str, Any]:
    """Return what was known, without names: ids of people, codes of facts with their points and numbers."""
    return {
        "ranked": [
            {
                "person": one.person,
                "place": one.place,
                "points": one.points,
                "reasons": [*map(_reason, one.reasons)],
            }
            for one in found.proposal.ranked
        ],
        "left_out": [*map(_left_out, found.proposal.left_out)],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"fact": reason.fact.value, "points": reason.points, "number": reason.number}


def _left_out(one: Candidate) -> dict[str, Any]:
    return {"person": one.person, "why": [code.value for code in one.excluded]}


def _tell(assignment: Assignment, person: User, actor: User, now: datetime) -> None:
    if person.pk == actor.pk:
        return
    request = assignment.review.request
    lead = assignment.role == ReaderRole.LEAD
    body = (
        gettext_lazy("{board}: {person} asks you to read it first and to begin the discussion.")
        if lead
        else gettext_lazy("{board}: {person} asks you to read it as the second reader.")
    )
    notify(
        person=person, kind="reader.assigned", obj=assignment,
        subject=format_lazy(gettext_lazy("Yours to read: {request}"), request=title_of(request)),
        body=format_lazy(body, board=assignment.review.board.name, person=actor.display_name),
        url=request_address(request.reference), now=now,
    )  # fmt: skip
