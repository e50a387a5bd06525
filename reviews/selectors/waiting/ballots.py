"""Ballots that wait: for votes, for the secretary once their result is certain; and blocks to affirm or clear."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reminders.waiting import Waiting
from reviews.models import Ballot, BallotSeat
from reviews.rules.ballot import why_not_close
from reviews.rules.explaining import DateKind
from reviews.rules.recusal import conflicts_of
from reviews.selectors.addresses import ballot_address
from reviews.selectors.waiting.rows import Reading
from reviews.selectors.waiting.why import why_of
from reviews.selectors.waiting.wording import of_board


def votes_due(reading: Reading) -> Iterator[Waiting]:
    """Yield who is on the roster of an open ballot, may vote and has not."""
    for ballot, seats in _open(reading):
        chair = next((seat.person_id for seat in seats if seat.role == "chair"), None)
        parties = reading.parties_of(ballot.request)
        for seat in seats:
            if _has_voted(seat) or not seat.is_eligible or conflicts_of(seat.person_id, parties):
                continue
            if reading.asks(seat.person_id):
                yield of_board(
                    reading, ballot.review, seat.person_id,
                    needs=_("Vote for {board}.").format(board=ballot.review.board.name),
                    act=_("Vote on revision {number}").format(number=ballot.revision.number), short=_("vote"),
                    object_type="reviews.ballot", object_id=str(ballot.pk), since=ballot.opened_at,
                    due=ballot.deadline, url=ballot_address(ballot.request.reference, ballot.number),
                    **why_of(DateKind.BALLOT, ballot.request, ballot.pk, reading.now),
                    escalates_to=chair,
                )  # fmt: skip


def ballots_to_close(reading: Reading) -> Iterator[Waiting]:
    """Yield the secretaries of boards with an open ballot whose result can't change any more."""
    for ballot, seats in _open(reading):
        keepers = sorted(reading.office.keepers_of(ballot.review.board_id))
        if not any(reading.asks(person) for person in keepers):
            continue
        if why_not_close(reading.count_of(ballot, seats)) is not None:
            continue
        parties = reading.parties_of(ballot.request)
        for person in keepers:
            if reading.asks(person) and not conflicts_of(person, parties):
                yield of_board(
                    reading, ballot.review, person,
                    needs=_("The result of the ballot of {board} can't change any more, or its quorum is lost.").format(
                        board=ballot.review.board.name
                    ),
                    act=_("Close the ballot"), short=_("closing the ballot"), one_of=_("Secretary"),
                    object_type="reviews.ballot", object_id=str(ballot.pk), since=ballot.opened_at,
                    due=ballot.deadline, url=ballot_address(ballot.request.reference, ballot.number),
                    **why_of(DateKind.BALLOT, ballot.request, ballot.pk, reading.now),
                )  # fmt: skip


def _open(reading: Reading) -> Iterator[tuple[Ballot, list[BallotSeat]]]:
    for ballot, seats in reading.ballots:
        if ballot.state == "open" and ballot.deadline > reading.now:
            ballot.review.request = ballot.request
            yield ballot, seats


def _has_voted(seat: BallotSeat) -> bool:
    return getattr(seat, "vote_id", None) is not None


def stale_blocks(reading: Reading) -> Iterator[Waiting]:
    """Yield who holds a blocking position on an older revision: to be affirmed or cleared."""
    for review in reading.reviews:
        for block in reading.said("block", review.pk):
            if block.revision != review.revision_id and reading.asks(block.person_id):
                yield of_board(
                    reading, review, block.person_id,
                    needs=_("Your blocking position is about an older revision: affirm or clear it."),
                    act=_("Look at the new revision"), short=_("blocking position to affirm"),
                    object_type="reviews.block", object_id=str(block.id),
                    holds_up=_("Nothing is approved while it stands."),
                )  # fmt: skip
