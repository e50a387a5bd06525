"""Ballots in the meeting: who may vote is who is in the room; a motion that was tabled is put again word for word."""

from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import AgendaItem, Attendance, Ballot, BoardReview, Motion, MotionCondition
from reviews.permissions.meetings import why_not_handle
from reviews.permissions.reasons import require
from reviews.permissions.reviewing import why_closed, why_not_lead
from reviews.permissions.standing import parties_of, standing_of
from reviews.rules.agenda import ItemState
from reviews.rules.recusal import conflicts_of
from reviews.rules.roster import SeatRole
from reviews.services.locking import review_to_change
from reviews.services.meetings.following import people_in_room
from reviews.services.meetings.locking import Held, hold_item
from reviews.services.opening import open_ballot


@transaction.atomic
def open_in_meeting(*, actor: User, item_id: int, motion_id: int, now: datetime) -> Ballot:
    """Open a ballot on a motion about the open item: absent is who isn't in the room, alternates sit for them."""
    held, item = hold_item(actor, item_id, now)
    review = _review_of(actor, held, item, now)
    motion = get_object_or_404(Motion, pk=motion_id, review=review)
    return open_ballot(
        actor=actor, motion_id=motion.pk, now=now, absent=absent_from(held, review), sitting=sitting_in(held),
        meeting=held.meeting,
    )  # fmt: skip


def _review_of(actor: User, held: Held, item: AgendaItem, now: datetime) -> BoardReview:
    """Return the review of the open item with its request locked."""
    require(why_not_handle(held.standing, held.meeting, item))
    if item.state != ItemState.OPEN or item.review_id is None:
        raise Refused(_("Take the item up first; then its ballot is opened."))
    return review_to_change(actor, item.review_id, now)


def absent_from(held: Held, review: BoardReview) -> set[int]:
    """Return the people with a seat on the board who aren't in the room."""
    seats = review.board.seats.filter(until__isnull=True).values_list("person_id", flat=True)
    return set(seats) - people_in_room(held.meeting)


def sitting_in(held: Held) -> dict[int, int] | None:
    """Return for whom alternates in the room sit, where somebody chose; None: the rules of the board propose it."""
    there = people_in_room(held.meeting)
    rows = Attendance.objects.filter(meeting=held.meeting, part=SeatRole.ALTERNATE, sits_for__isnull=False)
    chosen = {
        person: sits_for
        for person, sits_for in rows.values_list("person_id", "sits_for_id")
        if person in there and sits_for not in there
    }
    return chosen or None


@transaction.atomic
def put_again(*, actor: User, review_id: int, ballot_id: int, now: datetime) -> Motion:
    """Put a motion again, word for word, whose ballot was tabled for want of quorum or by the meeting.

    Mover and seconder stay who they were, unless they may not judge the request any more; it is about the same
    revision, or has to be moved anew.
    """
    review = review_to_change(actor, review_id, now)
    require(why_not_lead(standing_of(actor, review.request, now), review) or why_closed(review))
    ballot = get_object_or_404(Ballot.objects.select_related("motion"), pk=ballot_id, review=review)
    _check_again(review, ballot)
    old = ballot.motion
    motion = Motion.objects.create(
        review=review, kind=old.kind, text=old.text, revision_id=old.revision_id, block_id=old.block_id,
        suspension_id=old.suspension_id, report_id=old.report_id, condition_id=old.condition_id,
        ends_older=old.ends_older, moved_by_id=old.moved_by_id, moved_at=now, seconded_by_id=old.seconded_by_id,
        seconded_at=now if old.seconded_by_id else None, continues=old,
    )  # fmt: skip
    conditions = MotionCondition.objects.bulk_create(
        MotionCondition(
            motion=motion, number=c.number, text=c.text, owner_id=c.owner_id, due=c.due, verifier_id=c.verifier_id,
            blocks_release=c.blocks_release,
        )
        for c in old.conditions.all()
    )  # fmt: skip
    trail.record(
        "motion.put_again", obj=motion, actor=actor, now=now, also=conditions,
        data={"kind": motion.kind, "ballot": ballot.number, "continues": old.pk},
    )  # fmt: skip
    return motion


def _check_again(review: BoardReview, ballot: Ballot) -> None:
    if ballot.result != "tabled":
        raise Refused(_("Only a motion whose ballot was tabled is put again. Another one is moved."))
    if ballot.revision_id != review.revision_id:
        raise Refused(_("The motion is about an older revision. Move it again for the present one."))
    if Motion.objects.filter(continues=ballot.motion_id).exists():
        raise Refused(_("This motion was put again already."))
    parties = parties_of(review.request)
    movers = [
        person for person in (ballot.motion.moved_by_id, ballot.motion.seconded_by_id) if person is not None
    ]
    if any(conflicts_of(person, parties) for person in movers):
        raise Refused(_("Who moved or seconded this motion is recused now. Somebody else moves it."))
