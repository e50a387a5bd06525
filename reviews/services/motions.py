"""Motions: moved by one member, seconded by another, with the conditions that are part of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Block, BoardReview, Motion, MotionCondition
from reviews.permissions import balloting
from reviews.permissions.reasons import require
from reviews.permissions.standing import parties_of
from reviews.rules.ballot import APPROVALS, MotionKind
from reviews.rules.boards_together import BoardKind, may_override
from reviews.rules.deadlines import FARTHEST
from reviews.rules.recusal import conflicts_of
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.calendar import local_day
from reviews.services.locking import review_to_change
from reviews.services.motion_about import what_it_is_about
from reviews.services.reading import deliberate


@dataclass(frozen=True, slots=True)
class ConditionDraft:
    """A condition as it is moved; `due` is a day where the board sits."""

    text: str
    owner_id: int
    due: date
    verifier_id: int
    blocks_release: bool = False


@transaction.atomic
def move_motion(
    *,
    actor: User,
    review_id: int,
    kind: str,
    text: str,
    now: datetime,
    conditions: Sequence[ConditionDraft] = (),
    block_id: int | None = None,
    condition_id: int | None = None,
    ends_older: bool = False,
) -> Motion:
    """Move a motion about the present revision; a board that still reads begins to deliberate.

    `conditions` belong to "approve_with_conditions", `block_id` to "override", `condition_id` to "waive"; what a motion
    about a suspension or a continuing review is about is known. With `ends_older` an approval ends the older ones of
    the same version. Raises Refused with what is missing.
    """
    review = review_to_change(actor, review_id, now)
    require(balloting.why_not_move(actor, review, now, kind))
    if not text.strip():
        raise Refused(_("Write what the board is asked, with the reasons."))
    if (kind == MotionKind.APPROVE_WITH_CONDITIONS) != bool(conditions):
        raise Refused(_("A motion to approve with conditions names them; no other motion has any."))
    block = _block_to_override(review, block_id) if kind == MotionKind.OVERRIDE else None
    about = what_it_is_about(review, MotionKind(kind), condition_id)
    for number, draft in enumerate(conditions, start=1):
        _check(review, number, draft, now)
    before = review.state
    if before != ReviewState.TABLED:
        deliberate(review, now)
    motion = Motion.objects.create(
        review=review,
        kind=MotionKind(kind),
        text=text.strip(),
        revision=review.revision,
        block=block,
        ends_older=ends_older and kind in APPROVALS,
        **about,
        moved_by=actor,
        moved_at=now,
    )
    moved = MotionCondition.objects.bulk_create(
        MotionCondition(
            motion=motion, number=number, text=draft.text.strip(), owner_id=draft.owner_id, due=draft.due,
            verifier_id=draft.verifier_id, blocks_release=draft.blocks_release,
        )
        for number, draft in enumerate(conditions, start=1)
    )  # fmt: skip
    trail.record(
        "motion.moved", obj=motion, actor=actor, now=now,
        also=[*moved, review] if review.state != before else moved,
        data={"kind": str(kind), "conditions": len(conditions), "revision": review.revision.number},
    )  # fmt: skip
    return motion


def _block_to_override(review: BoardReview, block_id: int | None) -> Block:
    block = get_object_or_404(
        Block.objects.select_related("review__board"), pk=block_id, review__request=review.request
    )
    if block.state != "standing":
        raise Refused(_("This blocking position doesn't stand any more."))
    if not may_override(
        blocking=block.review.board_id,
        blocking_kind=BoardKind(block.review.board.kind),
        overriding=review.board_id,
    ):
        raise Refused(_("Safety and legal boards can't be overruled by another board."))
    return block


def _check(review: BoardReview, number: int, draft: ConditionDraft, now: datetime) -> None:
    """Refuse a condition that could not hold: process.md, section 3.1, and the due day."""
    if not draft.text.strip():
        raise Refused(_("Condition {number} has no text.").format(number=number))
    if draft.owner_id == draft.verifier_id:
        raise Refused(
            _("Condition {number}: somebody other than its owner verifies it.").format(number=number)
        )
    people = User.objects.filter(pk__in=[draft.owner_id, draft.verifier_id], is_active=True)
    if people.count() != 2:
        raise Refused(_("Condition {number}: choose owner and verifier.").format(number=number))
    if conflicts_of(draft.verifier_id, parties_of(review.request)):
        raise Refused(
            _("Condition {number}: the verifier has a part in the request. Choose somebody else.").format(
                number=number
            )
        )
    if draft.due <= local_day(now, review.board):
        raise Refused(_("Condition {number}: the due day has to lie ahead.").format(number=number))
    if draft.due > now.date() + FARTHEST:
        raise Refused(
            _("Condition {number}: the due day lies more than five years ahead.").format(number=number)
        )


@transaction.atomic
def second_motion(*, actor: User, motion_id: int, now: datetime) -> Motion:
    """Second another member's motion."""
    motion = motion_to_change(actor, motion_id, now)
    require(balloting.why_not_second(actor, motion, now))
    motion.seconded_by, motion.seconded_at = actor, now
    motion.save(update_fields=["seconded_by", "seconded_at"])
    trail.record("motion.seconded", obj=motion, actor=actor, now=now, data={"kind": motion.kind})
    return motion


@transaction.atomic
def withdraw_motion(*, actor: User, motion_id: int, now: datetime) -> Motion:
    """Withdraw a motion on which no ballot has opened."""
    motion = motion_to_change(actor, motion_id, now)
    require(balloting.why_not_withdraw_motion(actor, motion, now))
    motion.withdrawn_at = now
    motion.save(update_fields=["withdrawn_at"])
    trail.record("motion.withdrawn", obj=motion, actor=actor, now=now, data={"kind": motion.kind})
    return motion


def motion_to_change(actor: User, motion_id: int, now: datetime) -> Motion:
    """Return the motion, read after its request was locked; raises Http404."""
    review_id = Motion.objects.filter(pk=motion_id).values_list("review_id", flat=True).first()
    if review_id is None:
        raise Http404
    review = review_to_change(actor, review_id, now)
    people = Motion.objects.select_related("moved_by", "seconded_by")
    motion = people.select_related("block", "revision", "suspension", "report", "condition").get(pk=motion_id)
    motion.review = review
    return motion
