"""Discussions beside the answers: threads of comments, questions with their answers, blocking positions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Block, BoardReview, Comment, Question, ReviewRequest
from reviews.permissions import balloting, reviewing
from reviews.permissions.standing import standing_of
from reviews.selectors.talk import Said, SaidKind, of_kind
from reviews.selectors.words import Badge

FEW = 3
"""So many messages of a thread are shown; older ones fold, so that a long thread leaves no white space."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote; `role` says on whose behalf ("Ethics"), `revision` on which revision."""

    author: str
    role: str
    at: datetime
    text: str
    revision: int


@dataclass(frozen=True, slots=True)
class Thread:
    """A discussion; `number` is its pin beside the text, `ordinal` that of a question, `acts` what one may do."""

    kind: str
    id: int
    key: str
    quote: str
    badge: Badge
    first: Message
    rest: tuple[Message, ...]
    is_open: bool
    for_boards_only: bool = False
    waits_for: str = ""
    due: datetime | None = None
    ended_by: str = ""
    changed_since: bool = False
    acts: frozenset[str] = frozenset()
    ordinal: int = 0
    number: int = 0

    @property
    def address(self) -> str:
        """Return its anchor on the page."""
        return f"{self.kind}-{self.ordinal or self.id}"

    @property
    def messages(self) -> tuple[Message, ...]:
        """Return all messages, the oldest first."""
        return (self.first, *self.rest)

    @property
    def older(self) -> tuple[Message, ...]:
        """Return the messages that fold."""
        return self.rest[: -FEW + 1] if len(self.rest) >= FEW else ()

    @property
    def newest(self) -> tuple[Message, ...]:
        """Return the messages that are shown after the first one."""
        return self.rest[-FEW + 1 :] if self.older else self.rest


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
        self.reviews = {review.pk: review for review in reviews}
        self.parties = standing_of(actor, request, now).parties
        self.may_comment = reviewing.why_not_comment(actor, request, now, audience="everyone") is None

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


def threads_of(said: Sequence[Said], reader: Reader) -> list[Thread]:
    """Return the discussions that the reader sees, oldest first."""
    comments = [c for c in of_kind(said, SaidKind.COMMENT) if reader.sees_boards or c.code == "everyone"]
    found = [_of_question(q, comments, reader) for q in of_kind(said, SaidKind.QUESTION)]
    found += [_of_comment(c, comments, reader) for c in comments if not c.parent and not c.question]
    if reader.sees_boards:
        found += [_of_block(b, reader) for b in of_kind(said, SaidKind.BLOCK)]
    return sorted(found, key=lambda thread: thread.first.at)


def _message(said: Said, reader: Reader) -> Message:
    return Message(said.person, reader.role(said), said.at, said.text, said.revision)


def _of_comment(one: Said, comments: Sequence[Said], reader: Reader) -> Thread:
    """Return a thread of comments: the first one and its replies."""
    settled = one.ended_at is not None
    comment = Comment(
        pk=one.id, request=reader.request, author_id=one.person_id, settled_at=one.ended_at, audience=one.code
    )
    acts = reader.may("settle", reviewing.why_not_settle(reader.actor, comment, reader.now))
    return Thread(
        kind="comment",
        id=one.id,
        key=one.key,
        quote=one.quote,
        badge=Badge("good", "check", _("Settled"))
        if settled
        else Badge("live", "message-2", _("Under discussion")),
        first=_message(one, reader),
        rest=tuple(_message(reply, reader) for reply in comments if reply.parent == one.id),
        is_open=not settled,
        for_boards_only=one.code == "board",
        ended_by=one.ended_by,
        acts=frozenset(acts + (["reply"] if reader.may_comment else [])) if not settled else frozenset(),
    )


def _of_question(one: Said, comments: Sequence[Said], reader: Reader) -> Thread:
    """Return a question with its answer and what was said about it."""
    question = Question(
        pk=one.id, request=reader.request, review=reader.reviews.get(one.review_id or 0), number=one.parent or 0,
        asked_by_id=one.person_id, answered_at=one.ended_at, withdrawn_at=one.over_at,
    )  # fmt: skip
    rest = [_message(reply, reader) for reply in comments if reply.question == one.id]
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
        quote=one.quote,
        badge=_question_badge(question),
        first=_message(one, reader),
        rest=tuple(sorted(rest, key=lambda message: message.at)),
        is_open=question.is_open,
        waits_for=reader.request.requester.display_name if question.is_open else "",
        due=one.due if question.is_open else None,
        ordinal=question.number,
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
        quote="",
        badge=badges[one.code],
        first=_message(one, reader),
        rest=tuple(ending),
        is_open=stands,
        for_boards_only=True,
        waits_for=one.person if stands else "",
        changed_since=changed,
        acts=frozenset([*acts, "affirm"] if acts and changed else acts),
    )


def numbered(threads: Sequence[Thread], order: Sequence[str]) -> list[Thread]:
    """Number the threads in the order of the answers that they are about, those about all of it first."""
    place = {key: at for at, key in enumerate(order, start=1)}
    ordered = sorted(threads, key=lambda thread: place.get(thread.key, 0))
    return [replace(thread, number=number) for number, thread in enumerate(ordered, start=1)]
