"""Discussing: comments beside answers, findings, replies, and calling a thread settled or taking it up again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import BoardReview, Comment, Question, ReviewRequest
from reviews.permissions import reviewing
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.permissions.standing import standing_of
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.selectors.reviews import current_reviews
from reviews.services.locking import thread_to_change
from reviews.services.mentions import people_named, tell_named
from reviews.services.passages import place_of
from reviews.services.progress import move_review


@transaction.atomic
def comment_on_answer(
    *,
    actor: User,
    request_id: int,
    text: str,
    now: datetime,
    question_key: str = "",
    quote: str = "",
    nth: int | None = None,
    audience: str = "board",
    answers: int | None = None,
    question: int | None = None,
) -> Comment:
    """Write beside an answer of the dossier (`question_key`), or in reply to a comment or a question.

    `audience`: "board" is for the boards alone, "everyone" for the requester too, who can write for everyone only.
    A reply has the audience of what it answers. `quote`, `nth`: see `place_of`.
    """
    if (
        answers and question
    ):  # no form sends both: a question is everybody's, a comment may be the boards' alone
        raise Http404
    request = request_to_change(actor, request_id, now)
    parent = _thread(actor, request, answers, now) if answers else None
    about = get_object_or_404(Question, pk=question, request=request) if question else None
    audience = "everyone" if about else parent.audience if parent else audience
    require(reviewing.why_not_comment(actor, request, now, audience=audience))
    if parent is not None and parent.settled_at:
        raise Refused(_("This discussion is settled. Take it up again first."))
    reviews = list(current_reviews(request))
    standing = standing_of(actor, request, now)
    review = next((r for r in reviews if not standing.is_asking and standing.sits_on(r.board_id)), None)
    key = parent.question_key if parent else about.question_key if about else question_key
    given = {"answers": parent, "question": about, "audience": audience}
    return _say(
        actor, request, review, text, now, key=key, quote="" if parent or about else quote, nth=nth, **given
    )


@transaction.atomic
def find_fault(
    *,
    actor: User,
    review_id: int,
    finding: str,
    text: str,
    now: datetime,
    question_key: str = "",
    quote: str = "",
    nth: int | None = None,
) -> Comment:
    """Make a finding of a board's member: "must_fix", "should_fix" or "note"; open until they or the chair resolve it.

    It is for everyone who reads the request, and stands in the record of the decision with how it ended.
    """
    request_id = get_object_or_404(BoardReview, pk=review_id).request_id
    request = request_to_change(actor, request_id, now)
    review = BoardReview.objects.select_related("board").get(pk=review_id)
    review.request = request
    require(reviewing.why_not_comment(actor, request, now, audience="everyone"))
    require(reviewing.why_not_find(actor, review, now))
    given = {"finding": finding, "audience": "everyone"}
    return _say(actor, request, review, text, now, key=question_key, quote=quote, nth=nth, **given)


@transaction.atomic
def settle_comment(*, actor: User, comment_id: int, why: str = "", now: datetime) -> Comment:
    """Call a thread settled, or resolve a finding, which needs a word on why."""
    thread = thread_to_change(actor, comment_id, now)
    require(reviewing.why_not_settle(actor, thread, now))
    if thread.finding and not why.strip():
        raise Refused(_("Say why the finding is resolved: the record of the decision shows it."))
    thread.settled_at, thread.settled_by = now, actor
    return _turn(thread, "settled", actor, why, now)


@transaction.atomic
def reopen_comment(*, actor: User, comment_id: int, why: str = "", now: datetime) -> Comment:
    """Take up again what was settled; a finding needs a word on why."""
    thread = thread_to_change(actor, comment_id, now)
    require(reviewing.why_not_reopen(actor, thread, now))
    if thread.finding and not why.strip():
        raise Refused(_("Say why the finding is open again: the record of the decision shows it."))
    thread.settled_at, thread.settled_by = None, None
    return _turn(thread, "reopened", actor, why, now)


def _thread(actor: User, request: ReviewRequest, comment_id: int, now: datetime) -> Comment:
    """Return the first comment of the thread in which somebody replies; raises Http404 if they may not know of it."""
    found = get_object_or_404(Comment, pk=comment_id, request=request)
    return thread_to_change(actor, found.answers_id or found.pk, now)


def _say(
    actor: User,
    request: ReviewRequest,
    review: BoardReview | None,
    text: str,
    now: datetime,
    *,
    key: str,
    quote: str,
    nth: int | None,
    **given: Any,  # noqa: ANN401 -- fields of the comment
) -> Comment:
    """Write the comment down; who may was asked before."""
    if not text.strip():
        raise Refused(_("Write something first."))
    place = place_of(current_reviews(request).latest("revision_id").revision, key, quote, nth)
    named = people_named(text, request, given["audience"], now)
    moved = []
    if review is not None and review.state == ReviewState.ASSIGNED:
        move_review(review, ReviewEvent.READ, now)
        moved.append(review)
    comment = Comment.objects.create(
        request=request, review=review, text=text.strip(), author=actor, made_at=now, **place, **given
    )
    data = {"question": key, "audience": comment.audience}
    if comment.finding:
        data["finding"] = comment.finding
    verb = "finding.made" if comment.finding else "comment.made"
    trail.record(verb, obj=comment, actor=actor, now=now, data=data, also=moved)
    parent, about = given.get("answers"), given.get("question")
    address = f"question-{about.number}" if about else f"comment-{parent.pk if parent else comment.pk}"
    tell_named(named, comment, actor, address, now)
    return comment


def _turn(thread: Comment, act: str, actor: User, why: str, now: datetime) -> Comment:
    """Write down that the thread ended or goes on, as a reply that says why; return the thread."""
    named = people_named(why, thread.request, thread.audience, now)
    thread.save(update_fields=["settled_at", "settled_by"])
    reply = Comment.objects.create(
        request=thread.request, revision=current_reviews(thread.request).latest("revision_id").revision,
        question_key=thread.question_key, answers=thread, audience=thread.audience, act=act, text=why.strip(),
        author=actor, made_at=now,
    )  # fmt: skip
    data = {"question": thread.question_key, "thread": str(thread.pk)}
    if thread.finding:
        data["finding"] = thread.finding
    kind = "finding" if thread.finding else "comment"
    word = "resolved" if thread.finding and act == "settled" else act
    trail.record(f"{kind}.{word}", obj=reply, actor=actor, now=now, data=data, also=[thread])
    tell_named(named, reply, actor, f"comment-{thread.pk}", now)
    return thread
