"""Discussions beside the answers as one person sees them: comments, findings, questions, blocking positions, notes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from reviews.models import Block, BoardReview, Comment, Note, Question, ReviewRequest
from reviews.permissions import balloting, noting, reviewing
from reviews.permissions.standing import standing_of
from reviews.selectors.talk import Said, SaidKind, of_kind
from reviews.selectors.threads import Message, Passage, Thread
from reviews.selectors.words import FINDINGS, Badge

__all__ = ["Message", "Passage", "Reader", "Thread", "numbered", "threads_of"]

NOTES: dict[str, Badge] = {
    "private": Badge("note", "lock", gettext_lazy("Private note, you alone read it")),
    "privileged": Badge("note", "shield-check", gettext_lazy("Privileged and confidential")),
}


class Reader:
    """Who reads the discussions: what they see and may do, computed from what the page has read already."""

    def __init__(
        self,
        actor: User,
        request: ReviewRequest,
        reviews: Iterable[BoardReview],
        now: datetime,
        sees_boards: bool,
    ) -> None:
        self.actor, self.request, self.now, self.sees_boards = actor, request, now, sees_boards
        self.reviews = {review.pk: review for review in (*request.board_reviews.all(), *reviews)}
        self.parties = standing_of(actor, request, now).parties
        self.may_comment = reviewing.why_not_comment(actor, request, now, audience="everyone") is None
        self.may_note = noting.why_not_note(actor, request, now, "private") is None
        self.may_note_privileged = noting.why_not_note(actor, request, now, "privileged") is None

    @property
    def may_write(self) -> bool:
        """Say whether the person may write anything: comments, questions, findings or notes."""
        return self.may_comment or self.may_note or self.may_note_privileged

    def role(self, said: Said) -> str:
        """Return on whose behalf somebody wrote."""
        if said.review_id in self.reviews:
            return self.reviews[said.review_id].board.name
        if said.person_id == self.parties.requester:
            return _("requester")
        return _("contributor") if said.person_id in self.parties.contributors else ""

    def may(self, act: str, reason: str | None) -> list[str]:
        """Return the act as a list if there is no reason against it."""
        return [act] if reason is None else []

    def message(self, said: Said) -> Message:
        """Return what somebody wrote, and what it does to its thread."""
        acts = {"settled": _("calls it settled"), "reopened": _("takes it up again")}
        return Message(
            said.person, self.role(said), said.at, said.text, said.revision, acts.get(said.sub, "")
        )


def threads_of(said: Sequence[Said], reader: Reader) -> list[Thread]:
    """Return the discussions that the reader sees, oldest first."""
    comments = [c for c in of_kind(said, SaidKind.COMMENT) if reader.sees_boards or c.code == "everyone"]
    notes = of_kind(said, SaidKind.NOTE)
    replies, about, below = _by(comments, "parent"), _by(comments, "question"), _by(notes, "parent")
    found = [_of_question(q, about[q.id], reader) for q in of_kind(said, SaidKind.QUESTION)]
    found += [_of_comment(c, replies[c.id], reader) for c in comments if not c.parent and not c.question]
    found += [_of_note(note, below[note.id], reader) for note in notes if not note.parent]
    if reader.sees_boards:
        found += [_of_block(b, reader) for b in of_kind(said, SaidKind.BLOCK)]
    return sorted(found, key=lambda thread: thread.first.at)


def _by(said: Sequence[Said], name: str) -> defaultdict[int | None, list[Said]]:
    """Return what was said by what it belongs to."""
    found: defaultdict[int | None, list[Said]] = defaultdict(list)
    for one in said:
        found[getattr(one, name)].append(one)
    return found


def _passage(one: Said) -> Passage:
    return Passage(one.quote, one.passage, one.place, one.edited_in, one.gone_since)


def _of_comment(one: Said, replies: Sequence[Said], reader: Reader) -> Thread:
    """Return a thread of comments or a finding: the first one and its replies."""
    settled = one.ended_at is not None
    comment = Comment(
        pk=one.id, request=reader.request, author_id=one.person_id, settled_at=one.ended_at, audience=one.code,
        finding=one.sub, review=reader.reviews.get(one.review_id or 0),
    )  # fmt: skip
    if settled:
        acts = reader.may("reopen", reviewing.why_not_reopen(reader.actor, comment, reader.now))
    else:
        acts = reader.may("settle", reviewing.why_not_settle(reader.actor, comment, reader.now))
        acts += ["reply"] if reader.may_comment else []
    return Thread(
        kind="comment",
        id=one.id,
        key=one.key,
        passage=_passage(one),
        badge=_badge_of_comment(one),
        first=reader.message(replace(one, sub="")),
        rest=tuple(reader.message(reply) for reply in replies),
        is_open=not settled,
        finding=one.sub,
        for_boards_only=one.code == "board",
        ended_by=one.ended_by,
        is_mine=one.person_id == reader.actor.pk,
        acts=frozenset(acts),
    )


def _badge_of_comment(one: Said) -> Badge:
    """Return whether it is open, and of a finding what it says."""
    if not one.sub:
        return (
            Badge("good", "check", _("Settled"))
            if one.ended_at
            else Badge("live", "message-2", _("Under discussion"))
        )
    badge = FINDINGS[one.sub]
    if one.ended_at is None:
        return badge
    return Badge("good", "check", _("{finding}: resolved").format(finding=badge.label))


def _of_note(one: Said, replies: Sequence[Said], reader: Reader) -> Thread:
    """Return a note that the reader may read; the query left out all others."""
    note = Note(pk=one.id, request=reader.request, author_id=one.person_id, readers=one.code)
    acts = reader.may("erase", noting.why_not_erase(reader.actor, note))
    if one.code == "privileged" and reader.may_note_privileged:
        acts.append("reply")
    return Thread(
        kind="note",
        id=one.id,
        key=one.key,
        passage=_passage(one),
        badge=NOTES[one.code],
        first=reader.message(one),
        rest=tuple(reader.message(reply) for reply in replies),
        is_open=True,
        readers=one.code,
        is_mine=one.person_id == reader.actor.pk,
        acts=frozenset(acts),
    )


def _of_question(one: Said, replies: Sequence[Said], reader: Reader) -> Thread:
    """Return a question with its answer and what was said about it."""
    question = Question(
        pk=one.id, request=reader.request, review=reader.reviews.get(one.review_id or 0), number=one.parent or 0,
        asked_by_id=one.person_id, answered_at=one.ended_at, withdrawn_at=one.over_at,
    )  # fmt: skip
    rest = [reader.message(reply) for reply in replies]
    if one.ended_at is not None:
        rest.append(Message(one.ended_by, _("the answer"), one.ended_at, one.ended_text, 0))
    acts = ["reply"] if reader.may_comment and question.is_open else []
    acts += reader.may("answer", reviewing.why_not_answer(reader.actor, question, reader.now))
    if question.review is not None:
        acts += reader.may(
            "withdraw", reviewing.why_not_withdraw_question(reader.actor, question, reader.now)
        )
    return Thread(
        kind="question",
        id=one.id,
        key=one.key,
        passage=_passage(one),
        badge=_question_badge(question),
        first=reader.message(one),
        rest=tuple(sorted(rest, key=lambda message: message.at)),
        is_open=question.is_open,
        waits_for=reader.request.requester.display_name if question.is_open else "",
        due=one.due if question.is_open else None,
        ordinal=question.number,
        is_mine=one.person_id == reader.actor.pk,
        acts=frozenset(acts),
    )


def _question_badge(question: Question) -> Badge:
    if question.is_open:
        return Badge(
            "warn", "clock-pause", _("Question {number}, pauses the clock").format(number=question.number)
        )
    if question.answered_at:
        return Badge("good", "check", _("Question {number}, answered").format(number=question.number))
    return Badge("", "minus", _("Question {number}, withdrawn").format(number=question.number))


def _of_block(one: Said, reader: Reader) -> Thread:
    """Return a blocking position."""
    review = reader.reviews.get(one.review_id or 0)
    stands = one.code == "standing"
    acts: list[str] = []
    if review is not None and stands:
        block = Block(pk=one.id, review=review, holder_id=one.person_id, state=one.code)
        acts = reader.may("clear", balloting.why_not_clear(reader.actor, block, reader.now))
    on = one.parent or one.revision
    badges = {
        "standing": Badge("bad", "hand-stop", _("Blocking position"), full=True),
        "cleared": Badge("good", "check", _("Block cleared")),
        "overridden": Badge("note", "gavel", _("Block overridden")),
    }
    ending = (
        [Message(one.person, "", one.ended_at, one.ended_text, 0)] if one.ended_at and one.ended_text else []
    )
    changed = stands and review is not None and on < review.revision.number
    return Thread(
        kind="block",
        id=one.id,
        key=one.key,
        passage=_passage(one),
        badge=badges[one.code],
        first=reader.message(one),
        rest=tuple(ending),
        is_open=stands,
        for_boards_only=True,
        waits_for=one.person if stands else "",
        changed_since=changed,
        is_mine=one.person_id == reader.actor.pk,
        acts=frozenset([*acts, "affirm"] if acts and changed else acts),
    )


def numbered(threads: Sequence[Thread], order: Sequence[str]) -> list[Thread]:
    """Number the threads in the order of the answers that they are about, those about all of it first."""
    place = {key: at for at, key in enumerate(order, start=1)}
    ordered = sorted(threads, key=lambda thread: place.get(thread.key, 0))
    return [replace(thread, number=number) for number, thread in enumerate(ordered, start=1)]
