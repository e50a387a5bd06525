"""Opening a ballot: the motion is frozen, roster, recusals and policy are copied, quorum and composition counted."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Ballot, BallotSeat, BoardReview, Meeting, Motion, Policy, Seat
from reviews.permissions import balloting
from reviews.permissions.policies import policy_in_force, procedure_of, reviewers_of, rules_of_review
from reviews.permissions.reasons import require
from reviews.rules.ballot import MotionKind
from reviews.rules.explaining import DateKind, TermSource
from reviews.rules.policy import BoardPolicy, ProcedureRules
from reviews.rules.provisional import ballot_ends
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.rules.roster import SeatRole, problems_of
from reviews.selectors.ballots import attendance_arithmetic, roster_of
from reviews.selectors.readiness import why_not_fixed, why_not_ready
from reviews.selectors.words import attributes_in_words
from reviews.services.motions import motion_to_change
from reviews.services.progress import move_review
from reviews.services.reading import deliberate
from reviews.services.reckoning import Reckoned, keep, keep_chosen, reckon
from reviews.services.seating import roster_of_board


@transaction.atomic
def open_ballot(
    *,
    actor: User,
    motion_id: int,
    now: datetime,
    absent: Collection[int] = (),
    sitting: Mapping[int, int] | None = None,
    deadline: datetime | None = None,
    meeting: Meeting | None = None,
) -> Ballot:
    """Open a ballot on a seconded motion.

    `absent`: people who are not there; `sitting`: for each alternate who votes, the absent or recused member whom
    they replace (ids of people); None: as the rules propose. Without a `deadline` the policy's working days count.
    `meeting`: in which it is held, `absent` being who isn't in the room; None: by circulation, if the policy allows it;
    reviewers of an expedited review always may.
    Raises Refused when quorum, composition or a checklist is missing, with what is missing.
    """
    motion = motion_to_change(actor, motion_id, now)
    require(balloting.why_not_open_ballot(actor, motion, now))
    review = motion.review
    kept = _policy(review)
    procedure, policy = procedure_of(review), rules_of_review(review)
    rules = policy.procedure(procedure)
    _check_meeting(policy, rules, meeting)
    _check_seats(policy, review)
    seats = _deciding(review, rules, roster_of_board(review, absent, sitting, now))
    _check_roster(policy, seats)
    require(why_not_ready(review.request.version_id, motion.kind, policy.gates, now))
    require(why_not_fixed(review, motion.kind, policy))
    reckoned = reckon(DateKind.BALLOT, review.board, now, procedure=procedure)
    ends = _deadline(review, motion, reckoned.due, now, deadline)
    ballot = _frozen(motion, kept, procedure, now)
    ballot.meeting, ballot.opened_by, ballot.deadline = meeting, actor, ends
    ballot.opening = attendance_arithmetic(policy, roster_of(seats))
    ballot.save()
    _keep_deadline(ballot, reckoned, deadline, actor, now)
    for seat in seats:
        seat.ballot = ballot
    BallotSeat.objects.bulk_create(seats)
    _to_balloting(review, now)
    trail.record(
        "ballot.opened", obj=ballot, actor=actor, now=now, also=[*seats, review],
        data={
            "number": ballot.number, "kind": ballot.kind, "revision": motion.revision.number,
            "revision_sha256": ballot.revision_sha256, "policy_sha256": ballot.policy_sha256,
            "procedure": ballot.procedure, "meeting": ballot.meeting_id,
            "eligible": sum(seat.is_eligible for seat in seats), "opening": ballot.opening,
        },
    )  # fmt: skip
    return ballot


def _policy(review: BoardReview) -> Policy:
    """Return the policy in force; without one no ballot opens."""
    kept = policy_in_force(review.board)
    if kept is None:
        raise Refused(_("This board has no policy. An administrator writes it."))
    return kept


def _frozen(motion: Motion, policy: Policy, procedure: str, now: datetime) -> Ballot:
    """Return the ballot with its copies of the motion and of the policy."""
    return Ballot(
        review=motion.review,
        motion=motion,
        request=motion.review.request,
        number=_next_number(motion.review),
        kind=motion.kind,
        text=motion.text,
        conditions=_conditions(motion),
        ends_older=motion.ends_older,
        moved_by_name=motion.moved_by.display_name,
        seconded_by_name=motion.seconded_by.display_name if motion.seconded_by else "",
        revision=motion.revision,
        revision_sha256=motion.revision.sha256,
        policy_version=policy.version,
        policy=policy.content,
        policy_sha256=policy.sha256,
        procedure=procedure,
        opened_at=now,
    )


def _next_number(review: BoardReview) -> int:
    last: int | None = Ballot.objects.filter(request=review.request).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _conditions(motion: Motion) -> list[dict[str, Any]]:
    """Return the motion's conditions as the ballot keeps them."""
    return [
        {
            "number": c.number,
            "text": c.text,
            "owner": c.owner_id,
            "owner_name": c.owner.display_name,
            "due": c.due.isoformat(),
            "verifier": c.verifier_id,
            "verifier_name": c.verifier.display_name,
            "blocks_release": c.blocks_release,
        }
        for c in motion.conditions.select_related("owner", "verifier")
    ]


def _check_meeting(policy: BoardPolicy, rules: ProcedureRules, meeting: Meeting | None) -> None:
    """Refuse a ballot outside meetings where the policy has none; reviewers of an expedited review hold no meeting."""
    if meeting is None and not policy.circulation and not rules.reviewers:
        raise Refused(
            _("This board votes in its meetings only. Put the request on the agenda of the next one.")
        )


def _check_seats(policy: BoardPolicy, review: BoardReview) -> None:
    """Refuse a ballot of a board that is smaller than its policy asks for."""
    if not policy.seats_minimum:
        return
    filled = Seat.objects.filter(board_id=review.board_id, until__isnull=True).exclude(
        role=SeatRole.ALTERNATE
    )
    if (count := filled.count()) < policy.seats_minimum:
        raise Refused(
            _(
                "The board has {count} seats, and its policy asks for {needed}. An administrator fills them."
            ).format(count=count, needed=policy.seats_minimum)
        )


def _deciding(review: BoardReview, rules: ProcedureRules, seats: list[BallotSeat]) -> list[BallotSeat]:
    """Leave the members who decide for the board, where the procedure has reviewers."""
    if not rules.reviewers:
        return seats
    chosen = reviewers_of(review, [seat for seat in seats if not seat.recused], rules.reviewers)
    if len(chosen) < rules.reviewers:
        raise Refused(
            ngettext(
                "In an expedited review {count} member decides: assign a reader who may judge this request.",
                "In an expedited review {count} members decide: assign readers who may judge this request.",
                rules.reviewers,
            ).format(count=rules.reviewers)
        )
    return [seat for seat in seats if seat.person_id in chosen]


def _check_roster(policy: BoardPolicy, seats: list[BallotSeat]) -> None:
    """Refuse a roster that can't be counted, that has no quorum or not the people whom the policy asks for."""
    if problems_of(roster_of(seats)):
        raise Refused(_("An alternate sits for one absent or recused member each. Check whom they replace."))
    found = attendance_arithmetic(policy, roster_of(seats))
    quorum = found["quorum"]
    if quorum["present"] < quorum["needed"]:
        raise Refused(
            ngettext(
                "No quorum: {present} of {seats} seats is there and may vote, {needed} are needed.",
                "No quorum: {present} of {seats} seats are there and may vote, {needed} are needed.",
                quorum["present"],
            ).format(**quorum)
        )
    for rule in found["composition"]:
        if rule["found"] < rule["needed"]:
            raise Refused(
                _("The policy asks for {needed} present with: {attributes}. There are {found}.").format(
                    needed=rule["needed"],
                    attributes=attributes_in_words(rule["any_of"]),
                    found=rule["found"],
                )
            )


def _deadline(
    review: BoardReview, motion: Motion, ordinary: datetime, now: datetime, wished: datetime | None
) -> datetime:
    """Return when the ballot ends.

    One to override doesn't outlive the ballot that the block holds, one about a suspension not its ratification.
    """
    if wished is not None and wished <= now + timedelta(minutes=5):
        raise Refused(_("The deadline has to lie ahead, so that everybody can vote."))
    ends = wished or ballot_ends(procedure_of(review), ordinary, due=review.due_at, now=now)
    held = Ballot.objects.filter(review=review, state="held").first()
    if motion.kind == MotionKind.OVERRIDE and held is not None and held.deadline > now:
        ends = min(ends, held.deadline)
    if motion.suspension is not None and motion.suspension.ratified_at is None:
        ends = min(ends, motion.suspension.ratify_by)
    return ends


def _keep_deadline(
    ballot: Ballot, reckoned: Reckoned, wished: datetime | None, actor: User, now: datetime
) -> None:
    """Keep how the end of the ballot came about: by the term, by somebody's choice, or by another date before it."""
    if ballot.deadline == reckoned.due:
        keep(ballot, reckoned, now=now, request=ballot.request)
        return
    chosen = ballot.deadline == wished
    keep_chosen(
        ballot, DateKind.BALLOT, reckoned.board, ballot.deadline, now=now, request=ballot.request,
        actor=actor if chosen else None, source=None if chosen else TermSource("earlier_end"),
    )  # fmt: skip


def _to_balloting(review: BoardReview, now: datetime) -> None:
    """Move the review; one that was tabled has its quorum back, as was just counted."""
    if review.state == ReviewState.TABLED:
        move_review(review, ReviewEvent.REGAIN_QUORUM, now)
    deliberate(review, now)
    if review.state != ReviewState.BALLOTING:
        move_review(review, ReviewEvent.OPEN_BALLOT, now)
