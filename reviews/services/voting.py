"""Casting votes: for a revision and its digest, with a reason; rows are only added, the last before closing counts."""

from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Ballot, BallotSeat, Block, Vote
from reviews.permissions import balloting
from reviews.permissions.reasons import require
from reviews.rules.ballot import APPROVALS, Position
from reviews.selectors.ballots import last_vote_of
from reviews.services.blocks import write_block
from reviews.services.closing import settle
from reviews.services.locking import ballot_to_change


@transaction.atomic
def cast_vote(
    *,
    actor: User,
    ballot_id: int,
    position: str,
    reason: str,
    revision_sha256: str,
    now: datetime,
    block_text: str = "",
) -> Vote:
    """Vote for, against or abstain, with a reason; the last vote out closes the ballot.

    `revision_sha256` is what the person read: a vote on something else is refused. With `block_text` a blocking
    position is taken on top, on a motion to approve. The same vote again (a repeated click, a retried request)
    gives the vote that is there, also after it closed the ballot.
    """
    ballot = ballot_to_change(actor, ballot_id, now)
    seat = balloting.seat_of(actor, ballot)
    if seat and (same := _repeated(seat, actor, position, reason, block_text)):
        return same
    require(balloting.why_not_vote(actor, ballot, now))
    if seat is None:
        raise AssertionError("who may vote has a seat")
    if revision_sha256 != ballot.revision_sha256:
        raise Refused(_("You read another revision than this ballot is about. Read it, then vote."))
    vote = _add(ballot, seat, position, reason, actor, now)
    if block_text.strip():
        _block(ballot, actor, block_text, now)
    settle(ballot, now)
    return vote


@transaction.atomic
def enter_vote(
    *, actor: User, ballot_id: int, person_id: int, position: str, reason: str, now: datetime
) -> Vote:
    """Enter the vote that a member gave in another way, by proxy; both names are kept.

    A person's own vote is never replaced by an entered one.
    """
    ballot = ballot_to_change(actor, ballot_id, now)
    person = get_object_or_404(User, pk=person_id)
    seat = balloting.seat_of(person, ballot)
    if seat and (same := _repeated(seat, actor, position, reason, "")):
        return same
    require(balloting.why_not_enter_vote(actor, ballot, person, now))
    if seat is None:
        raise AssertionError("who may vote has a seat")
    if seat.votes.filter(entered_by=person).exists():
        raise Refused(_("{person} has voted; nobody else changes that vote.").format(person=seat.name))
    vote = _add(ballot, seat, position, reason, actor, now)
    settle(ballot, now)
    return vote


def _repeated(seat: BallotSeat, actor: User, position: str, reason: str, block_text: str) -> Vote | None:
    """Return the seat's last vote if this one says the same again."""
    last = last_vote_of(seat)
    if last is None or (last.position, last.reason, last.entered_by_id) != (
        position,
        reason.strip(),
        actor.pk,
    ):
        return None
    blocks = Block.objects.filter(ballot_id=seat.ballot_id, holder=actor, text=block_text.strip())
    if block_text.strip() and not blocks.exists():
        return None
    return last


def _add(ballot: Ballot, seat: BallotSeat, position: str, reason: str, actor: User, now: datetime) -> Vote:
    if position not in list(Position):
        raise Refused(_("Choose for, against or abstain."))
    if not reason.strip():
        raise Refused(_("Give a reason of at least one sentence; it goes into the minutes under your name."))
    vote = Vote.objects.create(
        ballot=ballot,
        seat=seat,
        position=Position(position).value,
        reason=reason.strip(),
        revision_sha256=ballot.revision_sha256,
        cast_at=now,
        entered_by=actor,
    )
    proxy = actor.pk != seat.person_id
    trail.record(
        "vote.entered" if proxy else "vote.cast", obj=vote, actor=actor, now=now, reason=vote.reason,
        on_behalf_of=seat.person if proxy else None,
        data={
            "ballot": ballot.number, "revision_sha256": vote.revision_sha256, "person": str(seat.person.pseudonym),
        },
        personal={"position": vote.position},  # each bundle has all leaves, also while positions are hidden
    )  # fmt: skip
    return vote


def _block(ballot: Ballot, actor: User, text: str, now: datetime) -> None:
    """Take a blocking position with a vote; one that stands already stays as it is."""
    if ballot.kind not in APPROVALS:
        raise Refused(_("A blocking position holds an approval; this motion asks for something else."))
    if not Block.objects.filter(review=ballot.review, holder=actor, state="standing").exists():
        write_block(ballot.review, actor, text, now, ballot=ballot)
