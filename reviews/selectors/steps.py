"""What a step on a request is, who asks for it, and the motions that wait."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from reviews.models import Motion
from reviews.permissions.standing import Standing, standing_of
from reviews.selectors.discussion import Thread
from reviews.selectors.request_rows import Rows
from reviews.selectors.talk import Said, SaidKind, of_kind


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: a sentence, a button and where it leads; `until` is the moment, `by` the day until which.

    `inline`: it leads to a short form, which may open on the page; `posts`: one click does it.
    """

    sentence: str
    act: str
    icon: str
    url: str
    until: datetime | None = None
    by: date | None = None
    inline: bool = False
    posts: bool = False


@dataclass(frozen=True, slots=True)
class Locked:
    """A step that isn't possible now, and all reasons."""

    act: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """`first` is the next step of this person (None: nothing waits for them), `more` are others they may take."""

    first: Step | None
    more: tuple[Step, ...]
    locked: tuple[Locked, ...]
    otherwise: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks what to do next, with what the page has read."""

    actor: User
    rows: Rows
    threads: tuple[Thread, ...]
    sees_boards: bool
    now: datetime

    @property
    def reference(self) -> str:
        """Return the reference of the request, as it stands in addresses."""
        return self.rows.request.reference

    @property
    def standing(self) -> Standing:
        """Return what the person is to the request."""
        return standing_of(self.actor, self.rows.request, self.now)


def open_motions(rows: Rows) -> list[tuple[Said, Motion]]:
    """Return the motions on which no ballot has opened and that nobody withdrew, each with its row."""
    reviews = {review.pk: review for review in rows.reviews}
    return [
        (
            said,
            Motion(
                pk=said.id, review=reviews[said.review_id], kind=said.code, revision_id=said.revision_id,
                moved_by_id=said.person_id, seconded_by_id=-1 if said.ended_at else None,
            ),
        )
        for said in of_kind(rows.said, SaidKind.MOTION)
        if said.review_id in reviews and not said.question and not said.over_at
    ]  # fmt: skip


def running_in(rows: Rows, review_id: int) -> list[str]:
    """Return the states of the review's ballots that aren't closed."""
    return [
        found.ballot.state
        for found in rows.ballots
        if found.ballot.review_id == review_id and found.ballot.state != "closed"
    ]
