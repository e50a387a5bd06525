"""Who may move, second, open, vote, block, clear and close; all that needs no counting."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from reviews.models import Ballot, BallotSeat, Block, BoardReview, Motion
from reviews.permissions.disclosing import why_undisclosed
from reviews.permissions.panels import why_experts_wait
from reviews.permissions.policies import needs_seconder, procedure_of, procedure_rules
from reviews.permissions.reasons import NotNow, WrongPerson, WrongState
from reviews.permissions.reconsidering import why_not_about, why_not_voted_on
from reviews.permissions.reviewing import why_closed, why_not_lead, why_not_member
from reviews.permissions.standing import standing_of, why_conflicted
from reviews.rules.ballot import AFTER_APPROVAL, MotionKind
from reviews.rules.clocks import Procedure
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState

MOVING = (
    ReviewState.ASSIGNED,
    ReviewState.READING,
    ReviewState.QUESTIONS,
    ReviewState.DELIBERATING,
    ReviewState.TABLED,
)


def why_not_move(actor: User, review: BoardReview, now: datetime, kind: str = "") -> str | None:
    """Return why the person may not move a motion (of this kind); alternates move none."""
    standing = standing_of(actor, review.request, now)
    if reason := why_not_member(standing, review) or why_closed(review):
        return reason
    if standing.seats[review.board_id] == "alternate":
        return WrongPerson(_("An alternate votes for somebody, but moves no motion."))
    if kind and (reason := why_not_about(review, kind)):
        return reason
    if reason := why_not_by_procedure(review, kind):
        return reason
    if kind == MotionKind.OVERRIDE and review.state == ReviewState.BALLOTING:
        return None
    if review.state not in MOVING:
        return WrongState(_("A motion is moved while the board reads or deliberates."))
    return None


def why_not_by_procedure(review: BoardReview, kind: str) -> str | None:
    """Return why the procedure of the request has no motion of this kind, or none at all."""
    procedure = procedure_of(review)
    if procedure == Procedure.EXEMPT:
        return NotNow(
            _(
                "Nothing is put to the vote while the request is exempt. A doubt sends it to another procedure."
            )
        )
    if kind != MotionKind.REJECT or procedure_rules(review).may_reject:
        return None
    if procedure == Procedure.EXPEDITED:
        return NotNow(
            _("An expedited review can't reject. Whoever has a doubt sends the request to a full review.")
        )
    return NotNow(_("By the board's policy nothing is rejected in this procedure."))


def why_not_second(actor: User, motion: Motion, now: datetime) -> str | None:
    """Return why the person may not second the motion: another member does."""
    standing = standing_of(actor, motion.review.request, now)
    if reason := why_not_member(standing, motion.review):
        return reason
    if standing.seats[motion.review.board_id] == "alternate":
        return WrongPerson(_("An alternate votes for somebody, but seconds no motion."))
    if motion.moved_by_id == actor.pk:
        return WrongPerson(_("You moved this motion, so somebody else seconds it."))
    if motion.seconded_by_id or motion.withdrawn_at:
        return WrongState(_("This motion was seconded already, or withdrawn."))
    return why_closed(motion.review)


def why_not_withdraw_motion(actor: User, motion: Motion, now: datetime) -> str | None:
    """Return why the person may not withdraw the motion: its mover may, before the ballot opens."""
    standing = standing_of(actor, motion.review.request, now)
    if motion.moved_by_id != actor.pk and why_not_lead(standing, motion.review):
        return WrongPerson(_("Its mover, the chair or the secretary withdraws a motion."))
    if motion.withdrawn_at or Ballot.objects.filter(motion=motion).exists():
        return WrongState(_("This motion was withdrawn, or a ballot on it has opened."))
    return why_conflicted(standing)


def why_not_open_ballot(
    actor: User, motion: Motion, now: datetime, *, running: Sequence[str] | None = None
) -> str | None:
    """Return why the person may not open a ballot on the motion; quorum, composition and gates are asked apart.

    `running`: the states of the review's ballots that aren't closed, from a page that has read them and knows that
    there is none on this motion; left out, they are read.
    """
    review = motion.review
    if reason := why_not_lead(standing_of(actor, review.request, now), review) or why_closed(review):
        return reason
    if reason := _why_not_now(motion, now):
        return reason
    voted_on = False
    if running is None:
        ballots = list(Ballot.objects.filter(review=review).values_list("motion_id", "state"))
        voted_on = any(motion_id == motion.pk for motion_id, _state in ballots)
        running = [state for _motion, state in ballots if state != "closed"]
    if motion.withdrawn_at or voted_on:
        return WrongState(_("This motion was withdrawn, or a ballot on it has opened already."))
    if needs_seconder(motion):
        return NotNow(_("The motion has no seconder yet. Another member of the board seconds it."))
    if reason := why_experts_wait(review):
        return reason
    if motion.revision_id != review.revision_id:
        return NotNow(_("The motion is about an older revision. Move it again for the present one."))
    if "open" in running:
        return NotNow(_("A ballot of this board is open. The next one opens when it has closed."))
    if "held" in running and motion.kind != MotionKind.OVERRIDE:
        return NotNow(
            _("A ballot is held by a blocking position. Until it ends only a ballot to override opens.")
        )
    return None


def _why_not_now(motion: Motion, now: datetime) -> str | None:
    """Return why what the motion is about can't be voted on now."""
    if motion.kind in AFTER_APPROVAL:
        return why_not_voted_on(motion, now)
    if motion.review.request.state != RequestState.IN_REVIEW:
        return WrongState(_("The request is not in review."))
    return None


def why_over(ballot: Ballot, now: datetime) -> str | None:
    """Return that the ballot takes nothing more, or None."""
    if ballot.state != "open":
        return WrongState(_("This ballot is closed. Nothing is accepted after closing."))
    if now >= ballot.deadline:
        return WrongState(_("The ballot's deadline has passed. Nothing is accepted after it."))
    return None


def why_not_vote(actor: User, ballot: Ballot, now: datetime) -> str | None:
    """Return why the person may not vote on the ballot now; None if they may."""
    return _why_no_vote_of(actor, ballot, now) or why_over(ballot, now)


def _why_no_vote_of(person: User, ballot: Ballot, now: datetime) -> str | None:
    """Return why a vote of this person doesn't count on the roster that the ballot copied."""
    standing = standing_of(person, ballot.request, now)
    if standing.has_role(Role.ADMINISTRATOR):
        return WrongPerson(_("Administrators don't vote."))
    seat = seat_of(person, ballot)
    if seat is None:
        return WrongPerson(_("You had no seat on this board when the ballot opened."))
    if reason := why_conflicted(standing):
        return reason
    if seat.recused:
        return WrongPerson(_("You are recused from this request."))
    if not seat.present:
        return NotNow(_("You are marked as absent. The secretary can mark your arrival."))
    if not seat.is_eligible:
        return NotNow(_("You are an alternate, and nobody whom you could replace is missing."))
    return why_undisclosed(person.pk, ballot, now)


def seat_of(person: User, ballot: Ballot) -> BallotSeat | None:
    """Return the person's line of the roster, or None; reads loaded seats if there are some."""
    return next((seat for seat in ballot.seats.all() if seat.person_id == person.pk), None)


def why_not_enter_vote(actor: User, ballot: Ballot, person: User, now: datetime) -> str | None:
    """Return why the actor may not enter a vote for the person: the chair or secretary may, for who can vote."""
    if reason := why_not_lead(standing_of(actor, ballot.request, now), ballot.review):
        return reason
    if _why_no_vote_of(person, ballot, now):
        return NotNow(_("This person can't vote on this ballot: no seat, recused or absent."))
    return why_over(ballot, now)


def why_not_close(actor: User, ballot: Ballot, now: datetime) -> str | None:
    """Return why the person may not close the ballot early; whether its result is certain is asked apart."""
    standing = standing_of(actor, ballot.request, now)
    if not standing.is_secretary_of(ballot.review.board_id):
        return WrongPerson(_("The secretary of the board closes a ballot early."))
    return why_conflicted(standing) or why_over(ballot, now)


def why_not_mark_attendance(actor: User, ballot: Ballot, now: datetime) -> str | None:
    """Return why the person may not write down who arrives and leaves."""
    return why_not_lead(standing_of(actor, ballot.request, now), ballot.review) or why_over(ballot, now)


def why_not_block(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the person may not take a blocking position."""
    standing = standing_of(actor, review.request, now)
    if reason := why_not_member(standing, review) or why_closed(review):
        return reason
    if standing.has_role(Role.ADMINISTRATOR):
        return WrongPerson(_("Administrators don't vote."))
    if standing.seats[review.board_id] == "alternate":
        ballot = Ballot.objects.filter(review=review, state="open").first()
        if ballot is None or _why_no_vote_of(actor, ballot, now):
            return NotNow(_("An alternate blocks only while they sit for somebody in a ballot."))
    if review.blocks.filter(holder=actor, state="standing").exists():
        return WrongState(_("Your blocking position stands already."))
    return None


def why_not_clear(actor: User, block: Block, now: datetime) -> str | None:
    """Return why the person may not clear or affirm the block: only its holder may (process.md, 3.5)."""
    if block.holder_id != actor.pk:
        return WrongPerson(_("Only its holder clears a blocking position, or an override ballot does."))
    if block.state != "standing":
        return WrongState(_("This blocking position doesn't stand any more."))
    return why_conflicted(standing_of(actor, block.review.request, now)) or why_closed(block.review)
