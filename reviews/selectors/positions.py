"""Where the members of a board stand before a ballot: their last positions, and which of them are stale."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from reviews.models import Block, BoardReview, Stance, Vote


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A person's last position in a review; `from_ballot`: it was a vote on an earlier ballot."""

    person_id: int
    name: str
    position: str
    reason: str
    at: datetime
    revision: int
    is_stale: bool
    from_ballot: int | None = None


def last_stance(review: BoardReview, person: User) -> Stance | None:
    """Return the person's last position in the review, or None."""
    return (
        Stance.objects.filter(review=review, person=person).select_related("revision").order_by("-id").first()
    )


def standpoints(review: BoardReview) -> list[Standpoint]:
    """Return the last position of each person: taken in deliberation, or cast on a ballot; two queries."""
    found: dict[int, Standpoint] = {}
    votes = Vote.objects.filter(ballot__review=review).exclude(ballot__kind="override").order_by("id")
    for vote in votes.select_related("seat", "ballot__revision").defer("ballot__revision__content"):
        ballot = vote.ballot
        found[vote.seat.person_id] = Standpoint(
            vote.seat.person_id, vote.seat.name, vote.position, vote.reason, vote.cast_at,
            ballot.revision.number, ballot.revision_id != review.revision_id, ballot.number,
        )  # fmt: skip
    stances = Stance.objects.filter(review=review).select_related("person", "revision").order_by("id")
    for stance in stances.defer("revision__content"):
        earlier = found.get(stance.person_id)
        if earlier is None or earlier.at <= stance.taken_at:
            found[stance.person_id] = Standpoint(
                stance.person_id, stance.person.display_name, stance.position, stance.reason, stance.taken_at,
                stance.revision.number, stance.revision_id != review.revision_id,
            )  # fmt: skip
    return sorted(found.values(), key=lambda standpoint: standpoint.at)


def is_stale(block: Block, review: BoardReview) -> bool:
    """Say whether a standing block is about an older revision and was not affirmed for the present one."""
    return (block.affirmed_on_id or block.revision_id) != review.revision_id
