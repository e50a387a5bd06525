"""Who may read, comment, ask, answer, declare an interest and take a position before any ballot."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from reviews.models import BoardReview, Comment, Declaration, Question, ReviewRequest
from reviews.permissions.reasons import NotNow, WrongPerson, WrongState
from reviews.permissions.sight import why_not_see_deliberation
from reviews.permissions.standing import Standing, standing_of, why_conflicted
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import Matter, ReviewState

TALKING = (ReviewState.ASSIGNED, ReviewState.READING, ReviewState.QUESTIONS, ReviewState.DELIBERATING)


def why_not_member(standing: Standing, review: BoardReview) -> str | None:
    """Return why the person doesn't act as a member of the review's board; None if they do."""
    if not standing.sits_on(review.board_id):
        return WrongPerson(_("Only members of this board may do this."))
    return why_conflicted(standing)


def why_not_lead(standing: Standing, review: BoardReview) -> str | None:
    """Return why the person doesn't act as chair or secretary of the review's board; None if they do."""
    if not (standing.is_chair_of(review.board_id) or standing.is_secretary_of(review.board_id)):
        return WrongPerson(_("Only the chair or the secretary of this board may do this."))
    return why_conflicted(standing)


def why_closed(review: BoardReview) -> str | None:
    """Return that the review is closed, or None."""
    if review.state == ReviewState.CLOSED:
        return WrongState(_("The review of this board is closed."))
    return None


def why_not_release_matter(review: BoardReview) -> str | None:
    """Return that the board is at something else than the release, where only motions and ballots are."""
    if review.matter != Matter.RELEASE:
        return WrongState(
            _("The board is at a matter after the approval: it moves motions and votes on them.")
        )
    return None


def is_judged(request: ReviewRequest) -> bool:
    """Say whether boards judge the request now: its release, or something after the approval that they took up."""
    if request.state in (RequestState.IN_REVIEW, RequestState.DECIDED):
        return True
    reviews = request.board_reviews.all()
    return any(row.matter != Matter.RELEASE and row.state != ReviewState.CLOSED for row in reviews)


def why_not_comment(
    actor: User, request: ReviewRequest, now: datetime, *, audience: str = "everyone"
) -> str | None:
    """Return why the person may not comment; the requester's side writes for everyone only.

    Who only reads what a board does, by a grant or an engagement, writes nothing.
    """
    if not is_judged(request):
        return WrongState(_("Comments are written while boards review the request."))
    standing = standing_of(actor, request, now)
    if standing.has_role(Role.AUDITOR):
        return WrongPerson(_("Auditors read and change nothing."))
    if standing.is_asking:
        return None if audience == "everyone" else WrongPerson(_("You write for everyone."))
    if reason := why_not_see_deliberation(actor, request, now):
        return reason
    takes_part = any(standing.sits_on(board) or standing.is_secretary_of(board) for board in standing.boards)
    if takes_part or standing.has_role(Role.LEGAL, Role.SAFETY_LEAD):
        return None
    return WrongPerson(_("You read what the boards do; their members write."))


def why_not_read_comment(actor: User, comment: Comment, now: datetime) -> str | None:
    """Return why somebody who sees the request may not know of this comment."""
    return why_not_see_deliberation(actor, comment.request, now) if comment.audience == "board" else None


def why_not_find(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the person may not make a finding for this board: its members find, while it reviews."""
    return why_not_member(standing_of(actor, review.request, now), review) or why_closed(review)


def why_not_settle(actor: User, comment: Comment, now: datetime) -> str | None:
    """Return why the person may not call a thread settled, or resolve a finding."""
    if comment.settled_at:
        return WrongState(_("This is settled already."))
    return _why_not_turn(actor, comment, now)


def why_not_reopen(actor: User, comment: Comment, now: datetime) -> str | None:
    """Return why the person may not take up again what was settled: who could settle it may."""
    if not comment.settled_at:
        return WrongState(_("This is open already."))
    return _why_not_turn(actor, comment, now)


def _why_not_turn(actor: User, comment: Comment, now: datetime) -> str | None:
    """Findings are their finder's and their board's chair's; other threads their author's, a chair's, a secretary's."""
    standing = standing_of(actor, comment.request, now)
    if not standing.is_asking and (reason := why_conflicted(standing)):
        return reason
    if reason := why_not_comment(actor, comment.request, now, audience=comment.audience):
        return reason
    if comment.author_id == actor.pk:
        return None
    if comment.finding:
        if comment.review is not None and standing.is_chair_of(comment.review.board_id):
            return None
        return WrongPerson(_("Who made the finding, or the chair of their board, resolves it."))
    if any(standing.is_chair_of(b) or standing.is_secretary_of(b) for b in standing.boards):
        return None
    return WrongPerson(_("Who wrote it, a chair or a secretary calls it settled."))


def why_not_ask(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the person may not ask the requester a question on behalf of this board."""
    standing = standing_of(actor, review.request, now)
    secretary = standing.is_secretary_of(review.board_id)
    if reason := why_conflicted(standing) if secretary else why_not_member(standing, review):
        return reason
    if reason := why_closed(review) or why_not_release_matter(review):
        return reason
    if review.state == ReviewState.BALLOTING:
        return NotNow(_("A ballot is open. Ask before it opens or after it has closed."))
    if review.state not in TALKING:
        return NotNow(_("The review rests. Ask when it goes on."))
    return None


def why_not_answer(actor: User, question: Question, now: datetime) -> str | None:
    """Return why the person may not answer the question: the requester and contributors do."""
    if not standing_of(actor, question.request, now).is_asking:
        return WrongPerson(_("Questions are answered by the requester and contributors."))
    if not question.is_open:
        return WrongState(_("This question is closed already."))
    return None


def why_not_withdraw_question(actor: User, question: Question, now: datetime) -> str | None:
    """Return why the person may not withdraw the question: who asked may, and the chair or secretary."""
    if not question.is_open:
        return WrongState(_("This question is closed already."))
    if question.asked_by_id == actor.pk:
        return None
    return why_not_lead(standing_of(actor, question.request, now), question.review)


def why_not_take_position(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the person may not take or affirm a position outside a ballot."""
    if reason := why_not_member(standing_of(actor, review.request, now), review):
        return reason
    if reason := why_closed(review) or why_not_release_matter(review):
        return reason
    if review.state == ReviewState.BALLOTING:
        return NotNow(_("A ballot is open: vote instead."))
    return None


def why_not_deliberate(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the person may not begin the deliberation."""
    if reason := why_not_lead(standing_of(actor, review.request, now), review):
        return reason
    if review.state not in (ReviewState.ASSIGNED, ReviewState.READING, ReviewState.QUESTIONS):
        return WrongState(_("The board deliberates already, or its review is closed."))
    return None


def why_not_defer(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the member may not have the review put off: once for each member."""
    if reason := why_not_member(standing_of(actor, review.request, now), review):
        return reason
    if reason := why_not_release_matter(review):
        return reason
    if review.state not in (ReviewState.READING, ReviewState.DELIBERATING):
        return WrongState(_("The review can be put off while the board reads or deliberates."))
    if review.deferrals.filter(person=actor).exists():
        return NotNow(_("You had this review put off once; each member may once."))
    return None


def why_not_resume(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the person may not let a deferred review go on before its date."""
    if reason := why_not_lead(standing_of(actor, review.request, now), review):
        return reason
    if review.state != ReviewState.DEFERRED:
        return WrongState(_("This review wasn't put off."))
    return None


def why_not_declare(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person may not declare an interest or recuse themself from the request."""
    standing = standing_of(actor, request, now)
    judges = any(standing.sits_on(board) or standing.is_secretary_of(board) for board in standing.boards)
    if not judges and not standing.has_role(Role.LEGAL):
        return WrongPerson(
            _("Only members and secretaries of the boards, and legal staff, declare interests.")
        )
    if not is_judged(request):
        return WrongState(_("Interests are declared while boards review the request."))
    return why_conflicted(standing)


def why_not_judge_interest(actor: User, declaration: Declaration, now: datetime) -> str | None:
    """Return why the person may not judge the declared interest: a chair or secretary other than who declared."""
    standing = standing_of(actor, declaration.request, now)
    if declaration.person_id == actor.pk:
        return WrongPerson(_("Somebody else judges your interest."))
    if not any(standing.is_chair_of(b) or standing.is_secretary_of(b) for b in standing.boards):
        return WrongPerson(_("A chair or a secretary judges declared interests."))
    if reason := why_conflicted(standing):
        return reason
    if declaration.judged_at:
        return WrongState(_("This interest was judged already."))
    return None
