"""What a discussion is on a page: its messages, its passage and how it stands; who reads it is decided elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from reviews.rules.anchors import readable
from reviews.selectors.words import Badge

FEW = 3
"""So many messages of a thread are shown; older ones fold, so that a long thread leaves no white space."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote; `role` says on whose behalf ("Ethics"), `revision` on which revision.

    `act` is what it does to its thread, in words ("resolved it"); its text says why and may be empty.
    """

    author: str
    role: str
    at: datetime
    text: str
    revision: int
    act: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of an answer that are discussed: as they were picked and as they read now, from which character.

    `gone_since` and `edited_in` are numbers of revisions. When it is gone, `now` is how it read last.
    """

    quote: str
    now: str = ""
    at: int | None = None
    edited_in: int | None = None
    gone_since: int | None = None

    @property
    def words(self) -> str:
        """Return how it reads, without signs of Markdown."""
        return readable(self.now or self.quote)

    @property
    def first_words(self) -> str:
        """Return how it read when it was picked, if it was edited since; else nothing."""
        return readable(self.quote) if self.now and self.now != self.quote else ""

    def stands_in(self, text: str) -> bool:
        """Say whether it stands in this text where it is said to be."""
        return (
            bool(self.now)
            and self.at is not None
            and not self.gone_since
            and text[self.at : self.at + len(self.now)] == self.now
        )


@dataclass(frozen=True, slots=True)
class Thread:
    """A discussion; `number` is its pin beside the text, `ordinal` that of a question, `acts` what one may do.

    `finding`: "must_fix", "should_fix", "note" or nothing; `readers`: of a note, "private" or "privileged".
    """

    kind: str
    id: int
    key: str
    passage: Passage
    badge: Badge
    first: Message
    rest: tuple[Message, ...]
    is_open: bool
    finding: str = ""
    readers: str = ""
    for_boards_only: bool = False
    waits_for: str = ""
    due: datetime | None = None
    ended_by: str = ""
    changed_since: bool = False
    is_mine: bool = False
    acts: frozenset[str] = frozenset()
    ordinal: int = 0
    number: int = 0

    @property
    def quote(self) -> str:
        """Return the words that it is about, as they read now; when they are gone, as they read last."""
        return self.passage.words

    @property
    def address(self) -> str:
        """Return its anchor on the page."""
        return f"{self.kind}-{self.ordinal or self.id}"

    @property
    def must_be_fixed(self) -> bool:
        """Say whether it is an open finding of what must be fixed."""
        return self.is_open and self.finding == "must_fix"

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
