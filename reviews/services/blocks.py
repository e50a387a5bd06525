"""Blocking positions: while one stands nothing is approved; its holder clears it, or an override ballot does."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Ballot, Block, BoardReview
from reviews.permissions import balloting
from reviews.permissions.reasons import require
from reviews.services.closing import settle_open_ballots
from reviews.services.locking import review_to_change


@transaction.atomic
def raise_block(*, actor: User, review_id: int, text: str, now: datetime, question_key: str = "") -> Block:
    """Take a blocking position outside a vote, beside an answer of the dossier or on the whole."""
    review = review_to_change(actor, review_id, now)
    require(balloting.why_not_block(actor, review, now))
    return write_block(review, actor, text, now, question_key=question_key)


def write_block(
    review: BoardReview,
    holder: User,
    text: str,
    now: datetime,
    *,
    question_key: str = "",
    ballot: Ballot | None = None,
) -> Block:
    """Write the block down; it needs a text (process.md, 3.5). Who may is asked by the caller."""
    if not text.strip():
        raise Refused(_("A blocking position needs a text of its own."))
    block = Block.objects.create(
        review=review,
        ballot=ballot,
        holder=holder,
        question_key=question_key,
        text=text.strip(),
        revision=review.revision,
        raised_at=now,
    )
    trail.record(
        "block.raised", obj=block, actor=holder, now=now, reason=block.text,
        data={"board": review.board_id, "question": question_key, "revision": review.revision.number},
    )  # fmt: skip
    return block


@transaction.atomic
def clear_block(*, actor: User, block_id: int, reason: str, now: datetime) -> Block:
    """Clear one's own blocking position; a ballot that it held passes, unless its deadline was before."""
    block = block_to_change(actor, block_id, now)
    settle_open_ballots(block.review.request, now)
    block.review.refresh_from_db(fields=["state"])
    require(balloting.why_not_clear(actor, block, now))
    if not reason.strip():
        raise Refused(_("Say what cleared it; the reason is kept."))
    block.state, block.ended_at, block.ending_reason = "cleared", now, reason.strip()
    block.save(update_fields=["state", "ended_at", "ending_reason"])
    trail.record(
        "block.cleared", obj=block, actor=actor, now=now, reason=block.ending_reason, data={"by": "holder"}
    )
    settle_open_ballots(block.review.request, now)
    return block


def block_to_change(actor: User, block_id: int, now: datetime) -> Block:
    """Return the block, read after its request was locked; raises Http404."""
    review_id = Block.objects.filter(pk=block_id).values_list("review_id", flat=True).first()
    if review_id is None:
        raise Http404
    review = review_to_change(actor, review_id, now)
    block = Block.objects.select_related("holder").get(pk=block_id)
    block.review = review
    return block
