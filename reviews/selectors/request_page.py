"""Everything that the page of a request shows to one person, in one value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import get_language

from accounts.models import User
from reviews.models import BoardReview, ReviewRequest
from reviews.permissions.reviewing import why_not_declare
from reviews.permissions.sight import why_not_see_deliberation
from reviews.permissions.standing import standing_of
from reviews.rules.policy import BoardPolicy
from reviews.rules.review_lifecycle import Matter
from reviews.selectors.arithmetic_in_words import ballot_in_words
from reviews.selectors.discussion import Reader, Thread, numbered, threads_of
from reviews.selectors.looks import Looked, looked_before
from reviews.selectors.next_step import steps_for
from reviews.selectors.positions import Standpoint
from reviews.selectors.questionnaires import questionnaire
from reviews.selectors.request_rows import Rows, rows_for
from reviews.selectors.seat_strip import Strip, badge_of, closed_strip, strip_of_ballot, strip_of_positions
from reviews.selectors.shown_dossier import ShownDossier, shown_dossier
from reviews.selectors.shown_motions import ShownMotion, shown_motions
from reviews.selectors.steps import Asking, Steps
from reviews.selectors.talk import Said, SaidKind, of_kind
from reviews.selectors.words import REQUEST_STATES, Badge


@dataclass(frozen=True, slots=True)
class RequestPage:
    """The page. `hidden_from` says why the person doesn't see what the boards say among themselves ("" if they do).

    `asks_interest`: a member reads it who has not said yet whether anything ties them to it.
    """

    request: ReviewRequest
    badge: Badge
    rows: Rows
    strips: tuple[Strip, ...]
    steps: Steps
    dossier: ShownDossier | None
    motions: tuple[ShownMotion, ...]
    hidden_from: str
    due: datetime | None
    due_of: int | None  # the board's review that is due last
    paused_since: datetime | None
    open_questions: int
    may_discuss: bool
    must_fix: int = 0
    looked: Looked | None = None
    acts: tuple[tuple[BoardReview, frozenset[str]], ...] = ()
    asks_interest: bool = False
    has_letters: bool = False

    @property
    def needs_gates(self) -> bool:
        """Say whether checklists of compliance may stand before an approval."""
        return any(strip.review.state != "closed" for strip in self.strips)


def request_page(
    actor: User, request: ReviewRequest, now: datetime, *, show: str = "diff", since: int | None = None
) -> RequestPage:
    """Return the page; `show` is "diff" or "clean", `since` the revision to compare with."""
    rows = _told(rows_for(request, since, actor, now), actor)
    hidden_from = why_not_see_deliberation(actor, request, now) or ""
    sees_boards = not hidden_from
    reader = Reader(actor, request, rows.reviews, now, sees_boards)
    order = [question.key for question in questionnaire(request.questionnaire).questions]
    threads = tuple(numbered(threads_of(rows.said, reader), order))
    asking = Asking(actor, rows, threads, sees_boards, now)
    open_reviews = [
        review for review in rows.reviews if review.state != "closed" and review.matter == Matter.RELEASE
    ]
    last = max(open_reviews, key=lambda review: review.due_at, default=None)
    return RequestPage(
        request=request,
        badge=REQUEST_STATES[request.state],
        rows=rows,
        strips=tuple(_strip(actor, rows, review, sees_boards, now) for review in rows.reviews),
        steps=steps_for(asking),
        dossier=_dossier(rows, threads, show),
        motions=tuple(shown_motions(asking)) if sees_boards else (),
        hidden_from=hidden_from,
        due=last.due_at if last else None,
        due_of=last.pk if last else None,
        paused_since=getattr(request, "paused_since", None),
        open_questions=sum(1 for thread in threads if thread.kind == "question" and thread.is_open),
        may_discuss=reader.may_write,
        must_fix=sum(thread.must_be_fixed for thread in threads),
        looked=looked_before(request, rows.revisions, now),
        asks_interest=_asks_interest(actor, request, open_reviews, now),
        has_letters=_has_letters(actor, request, now),
    )


def threads_shown(actor: User, request: ReviewRequest, now: datetime) -> list[Thread]:
    """Return the discussions beside the dossier as the page shows them to this person."""
    rows = _told(rows_for(request, None, actor, now), actor)
    sees_boards = why_not_see_deliberation(actor, request, now) is None
    reader = Reader(actor, request, rows.reviews, now, sees_boards)
    order = [question.key for question in questionnaire(request.questionnaire).questions]
    return list(numbered(threads_of(rows.said, reader), order))


def _has_letters(actor: User, request: ReviewRequest, now: datetime) -> bool:
    """Say whether there are letters that the person may read: who is recused reads none, as no record."""
    standing = standing_of(actor, request, now)
    return getattr(request, "has_letters", False) and (standing.is_asking or not standing.conflicts)


def _asks_interest(
    actor: User, request: ReviewRequest, open_reviews: Sequence[BoardReview], now: datetime
) -> bool:
    """Say whether the person sits on a board that reviews it, may declare, and has declared nothing yet."""
    standing = standing_of(actor, request, now)
    sits = any(standing.sits_on(review.board_id) for review in open_reviews)
    return sits and not getattr(request, "told_interests", True) and not why_not_declare(actor, request, now)


def _told(rows: Rows, actor: User) -> Rows:
    """Leave out the blocks that others raised with their votes on a ballot that hides positions."""
    hidden = {found.ballot.pk for found in rows.ballots if are_hidden(found.policy, found.ballot.state)}
    if not hidden:
        return rows

    def is_told(one: Said) -> bool:
        return one.kind != SaidKind.BLOCK or one.question not in hidden or one.person_id == actor.pk

    return replace(rows, said=tuple(filter(is_told, rows.said)))


def _dossier(rows: Rows, threads: Sequence[Thread], show: str) -> ShownDossier | None:
    """Return the last revision compared with an earlier one."""
    if rows.revision is None:
        return None
    before = rows.revisions[1] if len(rows.revisions) > 1 else None
    for revision in rows.revisions:
        revision.request = rows.request
    return shown_dossier(
        rows.revision, before, threads, language=get_language() or "en", show=show,
        looked_at=getattr(rows.revision, "looked_number", None),
    )  # fmt: skip


def _strip(actor: User, rows: Rows, review: BoardReview, sees_boards: bool, now: datetime) -> Strip:
    """Return the state of a board's review as the person may see it."""
    found = rows.ballot_of(review)
    if review.state == "closed":
        strip = closed_strip(review, found, blocked=False)
        return (
            strip
            if sees_boards
            else replace(strip, summary=review.note, arithmetic="", conditions=0, ballot=None)
        )
    blockers = rows.blockers(review)
    runs = found is not None and found.ballot.state != "closed"
    if not sees_boards or (review.matter != Matter.RELEASE and not runs):
        return Strip(review=review, badge=badge_of(review, blocked=False))
    if found is not None:
        return strip_of_ballot(
            review, found, blockers, actor.pk, hidden=are_hidden(found.policy, found.ballot.state)
        )
    recused = standing_of(actor, rows.request, now).parties.recused
    strip = strip_of_positions(
        review,
        rows.seats,
        _standpoints(rows, review),
        blockers,
        [p for p in recused if isinstance(p, int)],
        actor.pk,
    )
    counted = [one.ballot for one in rows.ballots_of(review) if one.ballot.state == "closed"]
    return replace(strip, arithmetic=ballot_in_words(counted[-1])) if counted else strip


def are_hidden(policy: BoardPolicy, state: str) -> bool:
    """Say whether positions are hidden from others: while the ballot is open, if the policy says so."""
    return policy.positions_hidden and state == "open"


def _standpoints(rows: Rows, review: BoardReview) -> dict[int, Standpoint]:
    """Return the last position of each person in the review: taken in deliberation, or cast on an earlier ballot."""
    found: dict[int, Standpoint] = {}
    for ballot in rows.ballots_of(review):
        if ballot.ballot.kind == "override":
            continue
        for seat in ballot.seats:
            position, at = getattr(seat, "vote_position", None), getattr(seat, "vote_at", None)
            if position and at:
                stale = ballot.ballot.revision_id != review.revision_id
                found[seat.person_id] = Standpoint(
                    seat.person_id, seat.name, position, "", at, 0, stale, ballot.ballot.number
                )
    for said in of_kind(rows.said, SaidKind.STANCE):
        earlier = found.get(said.person_id)
        if said.review_id == review.pk and (earlier is None or earlier.at <= said.at):
            stale = said.revision_id != review.revision_id
            found[said.person_id] = Standpoint(
                said.person_id, said.person, said.code, said.text, said.at, said.revision, stale
            )
    return found
