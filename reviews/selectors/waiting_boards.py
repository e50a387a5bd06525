"""What waits for boards: votes, motions to put, ballots to open, stale blocks, signatures."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from reminders.waiting import Waiting
from reviews.models import Ballot, BallotSeat, Block, BoardReview, Decision, Motion, ReviewRequest, Seat, Vote
from reviews.permissions.signing import leading_review, signing_chair
from reviews.permissions.standing import parties_of
from reviews.rules.clocks import Term, Unit
from reviews.rules.lifecycle import RequestState
from reviews.rules.recusal import conflicts_of
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.addresses import ballot_address, request_address, signing_address
from reviews.selectors.calendar import calendar_of

People = frozenset[int] | None
SIGN_WITHIN = Term(5, Unit.WORKING_DAYS)


def is_asked(person_id: int, people: People) -> bool:
    """Say whether the source was asked about the person; None asks for everybody."""
    return people is None or person_id in people


def title_of(request: ReviewRequest) -> str:
    """Return what a person calls the request: model, version and reference."""
    return f"{request.version.model.name} {request.version.number}, {request.reference}"


def votes_due(now: datetime, people: People) -> Iterator[Waiting]:
    """Yield who is on the roster of an open ballot, may vote and has not."""
    seats = BallotSeat.objects.order_by("place")
    ballots = (
        Ballot.objects.filter(state="open", deadline__gt=now)
        .select_related("review__board", "request__version__model", "revision")
        .defer("revision__content")
        .prefetch_related(
            Prefetch("seats", seats), Prefetch("votes", Vote.objects.only("ballot_id", "seat_id"))
        )
    )
    for ballot in ballots:
        voted = {vote.seat_id for vote in ballot.votes.all()}
        chair = next((seat.person_id for seat in ballot.seats.all() if seat.role == "chair"), None)
        for seat in ballot.seats.all():
            if seat.pk in voted or not seat.is_eligible or not is_asked(seat.person_id, people):
                continue
            yield Waiting(
                person_id=seat.person_id,
                object_type="reviews.ballot",
                object_id=str(ballot.pk),
                since=ballot.opened_at,
                due=ballot.deadline,
                title=title_of(ballot.request),
                needs=_("Vote for {board}.").format(board=ballot.review.board.name),
                act=_("Vote on revision {number}").format(number=ballot.revision.number),
                url=ballot_address(ballot.request.reference, ballot.number),
                escalates_to=chair,
            )


def motions_to_put(now: datetime, people: People) -> Iterator[Waiting]:  # noqa: ARG001 (the shape of a source)
    """Yield the chairs whose board deliberates and has no ballot: a motion is to be put, or a ballot to be opened."""
    reviews = (
        BoardReview.objects.filter(
            state__in=[ReviewState.DELIBERATING, ReviewState.TABLED], request__state=RequestState.IN_REVIEW
        )
        .select_related("board", "request__version__model", "request__requester")
        .prefetch_related(
            Prefetch("motions", Motion.objects.filter(ballot__isnull=True, withdrawn_at__isnull=True)),
            Prefetch("board__seats", Seat.objects.filter(until__isnull=True)),
        )
    )
    for review in reviews:
        chair = next((seat.person_id for seat in review.board.seats.all() if seat.role == "chair"), None)
        if chair is None or not is_asked(chair, people) or conflicts_of(chair, parties_of(review.request)):
            continue
        ready = any(motion.seconded_by_id for motion in review.motions.all())
        yield Waiting(
            person_id=chair,
            object_type="reviews.boardreview",
            object_id=str(review.pk),
            since=review.state_since,
            due=review.due_at,
            title=title_of(review.request),
            needs=_("{board} deliberates: {what}").format(
                board=review.board.name,
                what=_("a seconded motion waits for its ballot.")
                if ready
                else _("no motion has been put yet."),
            ),
            act=_("Open the ballot") if ready else _("Put a motion"),
            url=request_address(review.request.reference),
        )


def stale_blocks(now: datetime, people: People) -> Iterator[Waiting]:  # noqa: ARG001 (the shape of a source)
    """Yield who holds a blocking position on an older revision: to be affirmed or cleared."""
    blocks = Block.objects.filter(state="standing").exclude(review__state=ReviewState.CLOSED)
    for block in blocks.select_related("review__board", "review__request__version__model"):
        review = block.review
        stale = (block.affirmed_on_id or block.revision_id) != review.revision_id
        if stale and is_asked(block.holder_id, people):
            yield Waiting(
                person_id=block.holder_id,
                object_type="reviews.block",
                object_id=str(block.pk),
                since=review.state_since,
                due=review.due_at,
                title=title_of(review.request),
                needs=_("Your blocking position is about an older revision: affirm or clear it."),
                act=_("Look at the new revision"),
                url=request_address(review.request.reference),
                holds_up=_("Nothing is approved while it stands."),
            )


def signatures_due(now: datetime, people: People) -> Iterator[Waiting]:  # noqa: ARG001 (the shape of a source)
    """Yield who may sign next: legal staff first, then the chair of the leading board."""
    decisions = (
        Decision.objects.filter(status="to_sign")
        .select_related("request__requester", "request__version__model")
        .prefetch_related("signatures", "request__board_reviews__board")
    )
    for decision in decisions:
        review = leading_review(decision)
        parties = parties_of(decision.request)
        chair = signing_chair(review, parties)
        signed = {signature.role: signature.signer_id for signature in decision.signatures.all()}
        signers = [chair] if "legal" in signed else [pk for pk in legal_staff() if pk != chair]
        for person_id in signers:
            if person_id is None or person_id in signed.values() or conflicts_of(person_id, parties):
                continue
            if is_asked(person_id, people):
                yield _signature(decision, review, person_id)


def legal_staff() -> list[int]:
    """Return the active people with the role of legal staff."""
    found = User.objects.filter(is_active=True, groups__name=Role.LEGAL.value).order_by("pk")
    return list(found.values_list("pk", flat=True))


def _signature(decision: Decision, review: BoardReview, person_id: int) -> Waiting:
    since = max([decision.decided_at, *(signature.signed_at for signature in decision.signatures.all())])
    return Waiting(
        person_id=person_id,
        object_type="reviews.decision",
        object_id=str(decision.pk),
        since=since,
        due=SIGN_WITHIN.due(since, calendar_of(review.board)),
        title=title_of(decision.request),
        needs=_("The approval waits for your signature."),
        act=_("Read and sign"),
        url=signing_address(decision.request.reference),
        holds_up=_("The approval is in force when all have signed."),
    )
