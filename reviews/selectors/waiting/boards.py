"""What waits inside boards: positions, motions to put and to second, ballots to open, interests to judge."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from reminders.waiting import Waiting
from reviews.models import BoardReview
from reviews.rules.assigning import ReaderRole
from reviews.rules.ballot import MotionKind
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.addresses import request_address
from reviews.selectors.waiting.procedures import deciding
from reviews.selectors.waiting.rows import Reading
from reviews.selectors.waiting.spoken import Spoken
from reviews.selectors.waiting.wording import chair_or_secretary, later, of_board

READS = (ReviewState.ASSIGNED, ReviewState.READING, ReviewState.QUESTIONS, ReviewState.DELIBERATING)
MOVES = (*READS, ReviewState.TABLED)
LEAD_DAYS = 8
"""So many days before its date a board's decision begins to wait for who leads it, in time for the first reminder."""


def positions(reading: Reading) -> Iterator[Waiting]:
    """Yield the members who have not said where they stand, while their board reads."""
    for review in reading.reviews:
        if review.state not in READS or reading.said("motion", review.pk):
            continue
        spoke = {row.person_id for row in reading.said("stance", review.pk)}
        spoke |= {row.person_id for row in reading.said("reader", review.pk)}  # asked as readers
        for person in deciding(reading).members(review):
            if person not in spoke and reading.asks(person):
                yield of_board(
                    reading, review, person,
                    needs=_("Read it, ask what is missing, and say where you stand for {board}.").format(
                        board=review.board.name
                    ),
                    act=_("Take a position"), short=_("position"), url=_position(review), since=review.opened_at,
                )  # fmt: skip


def readings(reading: Reading) -> Iterator[Waiting]:
    """Yield who was asked to read first for the board, until they say where they stand or a motion is on the table."""
    for review in reading.reviews:
        if review.state not in READS or reading.said("motion", review.pk):
            continue
        spoke = {row.person_id for row in reading.said("stance", review.pk)}
        members = reading.office.members_of(review.board_id, reading.parties_of(review.request))
        for row in reading.said("reader", review.pk):
            if row.person_id in spoke or row.person_id not in members or not reading.asks(row.person_id):
                continue
            lead = row.code == ReaderRole.LEAD
            needs = (
                _("You read this first for {board}: begin the discussion, and say where you stand.")
                if lead
                else _("You are the second reader for {board}: read it, and say where you stand.")
            )
            yield of_board(
                reading, review, row.person_id, needs=needs.format(board=review.board.name), act=_("Read it"),
                short=_("lead reading") if lead else _("second reading"), object_type="reviews.assignment",
                object_id=str(row.id), since=row.at or review.opened_at,
            )  # fmt: skip


def reviews_due(reading: Reading) -> Iterator[Waiting]:
    """Yield chair and secretaries of a board whose date is near or past, where nothing else reminds them of it.

    While a motion is to be put or a ballot runs, that has reminders of its own.
    """
    for review in reading.reviews:
        begins = review.due_at - timedelta(days=LEAD_DAYS)
        motions = reading.said("motion", review.pk)
        if reading.now < begins or review.state not in READS or reading.running_in(review.pk):
            continue
        if _ready(motions, review, set()) or (not motions and _talked_over(reading, review)):
            continue
        for person in reading.office.leaders_of(review.board_id, reading.parties_of(review.request)):
            if reading.asks(person):
                yield of_board(
                    reading, review, person,
                    needs=_("{board} has no motion yet, and its decision is due.").format(board=review.board.name),
                    act=_("See where it stands"), short=_("decision of {board}").format(board=review.board.name),
                    one_of=chair_or_secretary(), since=max(begins, review.opened_at),
                    url=reverse("reviews:board_review", args=[review.request.reference, review.board.slug]),
                )  # fmt: skip


def stale_positions(reading: Reading) -> Iterator[Waiting]:
    """Yield the members whose last position is about an older revision."""
    for review in reading.reviews:
        if review.state not in MOVES:
            continue
        last = {row.person_id: row for row in reading.said("stance", review.pk)}
        members = reading.office.members_of(review.board_id, reading.parties_of(review.request))
        for person, stance in last.items():
            if stance.revision != review.revision_id and person in members and reading.asks(person):
                yield of_board(
                    reading, review, person,
                    needs=_("Your position for {board} is about an older revision: affirm or change it.").format(
                        board=review.board.name
                    ),
                    act=_("Affirm your position"), short=_("position to affirm"), url=_position(review),
                )  # fmt: skip


def _position(review: BoardReview) -> str:
    return reverse("reviews:position", args=[review.request.reference, review.board.slug])


def findings_to_check(reading: Reading) -> Iterator[Waiting]:
    """Yield who found something in an older revision: whether it is met is for them to say."""
    for review in reading.reviews:
        members = reading.office.members_of(review.board_id, reading.parties_of(review.request))
        for row in reading.said("finding", review.pk):
            if (
                row.revision != review.revision_id
                and row.person_id in members
                and reading.asks(row.person_id)
            ):
                yield of_board(
                    reading, review, row.person_id,
                    needs=_("A newer revision came since your finding: say whether it is met."),
                    act=_("See whether the finding is met"), short=_("finding to check"),
                    object_type="reviews.comment", object_id=str(row.id),
                    url=request_address(review.request.reference, f"comment-{row.id}"),
                )  # fmt: skip


def motions_to_second(reading: Reading) -> Iterator[Waiting]:
    """Yield the members who may second a motion that has no seconder yet."""
    for review in reading.at_work:
        members = reading.office.members_of(review.board_id, reading.parties_of(review.request))
        for motion in reading.said("motion", review.pk):
            if motion.other is not None or not deciding(reading).needs_seconder(review):
                continue
            for person in members:
                if person != motion.person_id and reading.asks(person):
                    yield of_board(
                        reading, review, person,
                        needs=_("A motion of {board} needs a seconder.").format(board=review.board.name),
                        act=_("Read the motion"), short=_("seconding the motion"), one_of=_("Another member"),
                        object_type="reviews.motion", object_id=str(motion.id), since=motion.at or review.state_since,
                        url=request_address(review.request.reference, f"motion-{motion.id}"),
                    )  # fmt: skip


def motions_to_put(reading: Reading) -> Iterator[Waiting]:
    """Yield the chairs, or the reviewers of an expedited review, where all was said and no motion was put."""
    for review in reading.at_work:
        if (
            review.state not in MOVES
            or reading.said("motion", review.pk)
            or not _talked_over(reading, review)
        ):
            continue
        for person in filter(reading.asks, deciding(reading).movers(review)):
            yield of_board(
                reading, review, person,
                needs=_("{board} lost its quorum: put a motion when it is back.").format(board=review.board.name)
                if review.state == ReviewState.TABLED
                else _("{board} deliberates: no motion has been put yet.").format(board=review.board.name),
                act=_("Put a motion"), short=_("motion"),
                url=reverse("reviews:move", args=[review.request.reference, review.board.slug]),
            )  # fmt: skip


def _talked_over(reading: Reading, review: BoardReview) -> bool:
    """Say whether a motion is next: the board deliberates, or nobody's position is missing."""
    if review.state in (ReviewState.DELIBERATING, ReviewState.TABLED):
        return True
    spoke = {row.person_id for row in reading.said("stance", review.pk)}
    members = deciding(reading).members(review)
    return bool(members) and set(members) <= spoke and review.state == ReviewState.READING


def ballots_to_open(reading: Reading) -> Iterator[Waiting]:
    """Yield chair and secretaries where a motion was seconded and no ballot stands in its way."""
    for review in reading.at_work:
        motions = [row for row in reading.said("motion", review.pk) if _is_seconded(reading, review, row)]
        motion = _ready(motions, review, reading.running_in(review.pk))
        if motion is None:
            continue
        for person in reading.office.leaders_of(review.board_id, reading.parties_of(review.request)):
            if reading.asks(person):
                yield of_board(
                    reading, review, person,
                    needs=_("{board} deliberates: a motion waits for its ballot.").format(
                        board=review.board.name
                    ),
                    act=_("Open the ballot"), short=_("opening the ballot"), one_of=chair_or_secretary(),
                    object_type="reviews.motion", object_id=str(motion.id),
                    since=later(review.state_since, motion.due),
                    url=reverse("reviews:open_ballot", args=[review.request.reference, motion.id]),
                )  # fmt: skip


def _is_seconded(reading: Reading, review: BoardReview, motion: Spoken) -> bool:
    return motion.other is not None or not deciding(reading).needs_seconder(review)


def _ready(motions: Sequence[Spoken], review: BoardReview, running: set[str]) -> Spoken | None:
    """Return the first motion on which a ballot can open as far as ballots and revisions go."""
    if "open" in running:
        return None
    fit = [row for row in motions if row.revision == review.revision_id]
    if "held" in running:
        fit = [row for row in fit if row.code == MotionKind.OVERRIDE]
    return fit[0] if fit else None


def interests(reading: Reading) -> Iterator[Waiting]:
    """Yield chairs and secretaries where an interest is not judged, once though several boards review the request."""
    told: set[tuple[int, int]] = set()
    for review in reading.reviews:
        leaders = reading.office.leaders_of(review.board_id, reading.parties_of(review.request))
        for row in reading.said("interest", review.request_id):
            for person in leaders:
                if person == row.person_id or not reading.asks(person) or (row.id, person) in told:
                    continue
                told.add((row.id, person))
                yield of_board(
                    reading, review, person,
                    needs=_("An interest was declared and isn't judged yet."),
                    act=_("Judge the interest"), short=_("judging an interest"), one_of=chair_or_secretary(),
                    object_type="reviews.declaration", object_id=str(row.id), since=row.at or review.state_since,
                    url=reverse("reviews:interests", args=[review.request.reference]),
                )  # fmt: skip
