"""Discussions beside the dossier: read, and written as comments, findings and questions; questions are answered."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field
from pydantic import StringConstraints

from accounts.api.fields import Id, IdIn, In, Out, Words, WordsOrNone
from accounts.api.rooms import Room
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.requests import Reference, found_request
from reviews.models import Block, Comment, Question, ReviewRequest
from reviews.permissions.noting import notes_for
from reviews.selectors.discussion import Thread
from reviews.selectors.discussion_kinds import review_to_ask_for, review_to_find_for
from reviews.selectors.request_page import threads_shown
from reviews.services import blocks, discussing, noting, reading, staleness

room = Room("Discussion")


class MessageOut(Out):
    """Something that somebody said."""

    author: str = Field(examples=["Noor Haddad"])
    role: str = Field(description="On whose behalf.", examples=["Ethics board"])
    text: str = Field(examples=["Which dialects were evaluated?"])
    at: datetime


class ThreadOut(Out):
    """A discussion: a comment, a finding, a question of a board, a blocking position or a note."""

    kind: str = Field(examples=["question"])
    id: int = Field(examples=[14])
    about: str = Field(description="Question of the dossier; empty: the whole.", examples=["evaluation"])
    quote: str = Field(description="Words of the answer that it is about.", examples=["in eleven languages"])
    is_open: bool
    finding: str = Field(description="must_fix, should_fix or note; empty: no finding.", examples=[""])
    for_boards_only: bool
    due: datetime | None
    acts: list[str] = Field(description="What this person may do with it.", examples=[["answer"]])
    messages: list[MessageOut]


class ThreadsOut(Out):
    """The discussions that this person sees."""

    items: list[ThreadOut]


class PlaceIn(In):
    """What somebody says, and about what: a question of the dossier, and words of its answer."""

    text: Words = Field(examples=["Which dialects were evaluated?"])
    about: Annotated[str, StringConstraints(max_length=60)] = Field("", examples=["evaluation"])
    quote: Annotated[str, StringConstraints(max_length=2000)] = Field("", examples=[""])
    nth: Annotated[IdIn, Field(le=10_000)] | None = Field(
        None, description="Which occurrence of the quote, counted from 1.", examples=[None]
    )


class CommentIn(PlaceIn):
    """A comment, or a reply to one."""

    audience: Literal["board", "everyone"] = "board"
    answers: IdIn | None = Field(None, description="Number of the comment that it answers.", examples=[None])
    question: IdIn | None = Field(
        None, description="Number of the question that it is about.", examples=[None]
    )


class FindingIn(PlaceIn):
    """A finding of a board's member."""

    finding: Literal["must_fix", "should_fix", "note"]


class NoteIn(PlaceIn):
    """A note that stays out of the review."""

    readers: Literal["private", "privileged"] = Field(
        description="Its author alone, or legal staff alone.", examples=["private"]
    )
    answers: IdIn | None = Field(
        None, description="Number of the privileged note that it answers.", examples=[None]
    )


class TextIn(In):
    """Somebody's words."""

    text: Words = Field(examples=["Cantonese and Teochew; see the evaluation, page 4."])


class WhyIn(In):
    """Why, where it isn't plain."""

    reason: WordsOrNone = Field("", examples=["The evaluation names them now."])


def threads(user: User, found: ReviewRequest, now: datetime) -> ThreadsOut:
    """Return the discussions that the person sees."""
    return ThreadsOut(items=[_thread(one) for one in threads_shown(user, found, now)])


def _thread(thread: Thread) -> ThreadOut:
    return ThreadOut(
        kind=thread.kind, id=thread.id, about=thread.key, quote=thread.quote, is_open=thread.is_open,
        finding=thread.finding, for_boards_only=thread.for_boards_only, due=thread.due, acts=sorted(thread.acts),
        messages=[
            MessageOut(author=one.author, role=str(one.role), text=one.text, at=one.at) for one in thread.messages
        ],
    )  # fmt: skip


def _place(given: PlaceIn) -> dict[str, Any]:
    return {"question_key": given.about, "quote": given.quote, "nth": given.nth, "text": given.text}


@room.get("/requests/{reference}/discussion", ThreadsOut, Scope.REQUESTS_READ)
def read_discussion(request: HttpRequest, reference: Reference) -> ThreadsOut:
    """Read the discussions beside the dossier, as far as this person sees them."""
    return threads(*found_request(request, reference))


@room.post("/requests/{reference}/comments", ThreadsOut, Scope.REQUESTS_WRITE, status=201)
def comment(request: HttpRequest, reference: Reference, given: CommentIn) -> ThreadsOut:
    """Comment on an answer, or reply."""
    user, found, now = found_request(request, reference)
    discussing.comment_on_answer(
        actor=user, request_id=found.pk, audience=given.audience, answers=given.answers, question=given.question,
        now=now, **_place(given),
    )  # fmt: skip
    return threads(user, found, now)


@room.post("/requests/{reference}/findings", ThreadsOut, Scope.BOARDS_WRITE, status=201)
def find_fault(request: HttpRequest, reference: Reference, given: FindingIn) -> ThreadsOut:
    """Say as a member that something must or should be fixed."""
    user, found, now = found_request(request, reference)
    _in_review(found)
    review = review_to_find_for(user, found, now)
    discussing.find_fault(actor=user, review_id=review.pk, finding=given.finding, now=now, **_place(given))
    return threads(user, found, now)


@room.post("/requests/{reference}/notes", ThreadsOut, Scope.REQUESTS_WRITE, status=201)
def write_note(request: HttpRequest, reference: Reference, given: NoteIn) -> ThreadsOut:
    """Write a note for oneself alone, or as legal staff for legal staff alone."""
    user, found, now = found_request(request, reference)
    noting.write_note(
        actor=user,
        request_id=found.pk,
        readers=given.readers,
        answers=given.answers,
        now=now,
        **_place(given),
    )
    return threads(user, found, now)


@room.delete("/requests/{reference}/notes/{note_id}", Scope.REQUESTS_WRITE)
def erase_note(request: HttpRequest, reference: Reference, note_id: Id) -> None:
    """Erase one's private note; that there was one stays in the log."""
    user, found, now = found_request(request, reference)
    note = get_object_or_404(notes_for(user, found, now), pk=note_id)
    noting.erase_note(actor=user, note_id=note.pk, now=now)


@room.post("/requests/{reference}/comments/{comment_id}/settlement", ThreadsOut, Scope.REQUESTS_WRITE)
def settle_comment(request: HttpRequest, reference: Reference, comment_id: Id, given: WhyIn) -> ThreadsOut:
    """Settle a comment or a finding."""
    user, found, now = found_request(request, reference)
    one = get_object_or_404(Comment, pk=comment_id, request=found)
    discussing.settle_comment(actor=user, comment_id=one.pk, why=given.reason, now=now)
    return threads(user, found, now)


@room.post("/requests/{reference}/comments/{comment_id}/reopening", ThreadsOut, Scope.REQUESTS_WRITE)
def reopen_comment(request: HttpRequest, reference: Reference, comment_id: Id, given: WhyIn) -> ThreadsOut:
    """Open a settled comment or finding again."""
    user, found, now = found_request(request, reference)
    one = get_object_or_404(Comment, pk=comment_id, request=found)
    discussing.reopen_comment(actor=user, comment_id=one.pk, why=given.reason, now=now)
    return threads(user, found, now)


@room.post("/requests/{reference}/questions", ThreadsOut, Scope.BOARDS_WRITE, status=201)
def ask_question(request: HttpRequest, reference: Reference, given: PlaceIn) -> ThreadsOut:
    """Ask the requester for a board; the clock stands until it is answered."""
    user, found, now = found_request(request, reference)
    _in_review(found)
    review = review_to_ask_for(user, found, now)
    reading.ask_question(actor=user, review_id=review.pk, now=now, **_place(given))
    return threads(user, found, now)


@room.post("/requests/{reference}/questions/{question_id}/answer", ThreadsOut, Scope.REQUESTS_WRITE)
def answer_question(request: HttpRequest, reference: Reference, question_id: Id, given: TextIn) -> ThreadsOut:
    """Answer a question of a board."""
    user, found, now = found_request(request, reference)
    question = get_object_or_404(Question, pk=question_id, request=found)
    reading.answer_question(actor=user, question_id=question.pk, text=given.text, now=now)
    return threads(user, found, now)


@room.post(
    "/requests/{reference}/questions/{question_id}/withdrawal", ThreadsOut, Scope.BOARDS_WRITE, takes=None
)
def withdraw_question(request: HttpRequest, reference: Reference, question_id: Id) -> ThreadsOut:
    """Withdraw an open question."""
    user, found, now = found_request(request, reference)
    question = get_object_or_404(Question, pk=question_id, request=found)
    reading.withdraw_question(actor=user, question_id=question.pk, now=now)
    return threads(user, found, now)


@room.post("/requests/{reference}/blocks/{block_id}/clearance", ThreadsOut, Scope.BOARDS_WRITE)
def clear_block(request: HttpRequest, reference: Reference, block_id: Id, given: WhyIn) -> ThreadsOut:
    """Clear one's own blocking position, with what settled it."""
    user, found, now = found_request(request, reference)
    block = get_object_or_404(Block, pk=block_id, review__request=found)
    blocks.clear_block(actor=user, block_id=block.pk, reason=given.reason, now=now)
    return threads(user, found, now)


@room.post("/requests/{reference}/blocks/{block_id}/affirmation", ThreadsOut, Scope.BOARDS_WRITE, takes=None)
def affirm_block(request: HttpRequest, reference: Reference, block_id: Id) -> ThreadsOut:
    """Affirm one's own blocking position for the present revision."""
    user, found, now = found_request(request, reference)
    block = get_object_or_404(Block, pk=block_id, review__request=found)
    staleness.affirm_block(actor=user, block_id=block.pk, now=now)
    return threads(user, found, now)


def _in_review(found: ReviewRequest) -> None:
    if not found.board_reviews.all():
        raise Http404
