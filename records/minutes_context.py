"""The shape of the minutes of a meeting (45 CFR 46.115(a)(2)); the rules of the format are those of `context.py`.

Who fills it puts nothing into it that a reader of the minutes may not know: where the board's policy doesn't print
positions by name, the seats of a ballot have neither position nor reason, and `positions_by_name` says so.
"""

from typing import Literal, NotRequired, TypedDict

from records.context import Ballot, Block, Condition, Language, Opinion
from records.head_context import LogHead

MINUTES: Literal["imprimatur/minutes/v1"] = "imprimatur/minutes/v1"

How = Literal["in_person", "video", "phone"]
Presence = Literal["present", "excused", "absent"]
GuestKind = Literal["guest", "expert"]
ItemState = Literal["decided", "discussed", "tabled", "deferred", "not_reached"]
ApprovedHow = Literal["in_meeting", "by_circulation", "by_chair"]


class TemplateUsed(TypedDict):
    """The text that an administrator keeps, by which a letter or the frame of the minutes was written."""

    kind: str  # "minutes", or the kind of the letter
    language: Language
    version: int  # 0: the shipped text
    sha256: str  # of the text


class Stay(TypedDict):
    """A stretch in which somebody was there."""

    came_at: str  # instant
    left_at: str | None  # instant; None: stayed to the end
    how: How


class Attendant(TypedDict):
    """Somebody with a seat on the board, whether they came or not."""

    name: str
    role: Literal["chair", "member", "alternate"]
    attributes: list[str]  # labels: external, lay, non-technical, field of expertise
    sits_for: str  # whom an alternate replaced; empty: nobody
    presence: Presence
    stays: list[Stay]  # arrivals and departures, in their order
    note: str


class Guest(TypedDict):
    """Somebody who was there without a vote."""

    name: str
    role: str  # in words: secretary, requester, expert for speech
    kind: GuestKind  # "expert": a non-voting expert whom the board asked
    items: list[str]  # numbers of the items for which they were there; none: for the whole meeting
    stays: list[Stay]


class Recused(TypedDict):
    """Somebody who took no part in an item."""

    name: str
    reason: str
    left_at: str | None  # instant at which they left the room; None: wasn't in it


class AboutRequest(TypedDict):
    """The request that an item is about, and the exact dossier that was before the board."""

    reference: str
    model: str  # with its version
    requester: str
    procedure: str  # in words
    revision: int
    revision_sha256: str  # of the dossier
    manifest_sha256: str  # of the model


class Vote(TypedDict):
    """A ballot of the item, with its quorum, composition and threshold when it opened and when it closed."""

    ballot: Ballot
    positions_by_name: bool  # False: counts only; seats have no position, reason, time


class Disputed(TypedDict):
    """A disputed issue and its resolution."""

    issue: str  # Markdown
    raised_by: str  # empty: not by name
    resolution: str  # Markdown; empty: unresolved
    resolved: bool


class Item(TypedDict):
    """An item of the agenda as it went."""

    number: str  # "1"
    title: str
    request: AboutRequest | None  # None: an item of another kind, for example the minutes of the last meeting
    state: ItemState
    state_note: str  # why tabled, deferred by whom and why, what became of it
    deferred_until: str | None  # day
    eligible: list[str]  # who could vote on it, after recusals, with the alternates who stepped in
    recusals: list[Recused]
    discussion: str  # Markdown
    votes: list[Vote]  # in their order, also those that failed, were tabled or stopped
    basis: str  # Markdown: why changes were asked for, or why it was refused; else the reasons of what was passed
    disputed: list[Disputed]
    blocks: list[Block]
    minority_opinions: list[Opinion]
    conditions: list[Condition]
    notes: str  # Markdown


class Approval(TypedDict):
    """Who found the minutes right, and when."""

    by: str
    role: str  # in words: Chair
    at: str  # instant
    how: ApprovedHow
    note: str  # for example the meeting in which


class MinutesContext(TypedDict):
    """All that the minutes of a meeting say."""

    schema: Literal["imprimatur/minutes/v1"]
    language: Language  # the board's
    time_zone: str  # IANA name; times in print are local to it
    organisation: str
    reference: str  # of the minutes, unique: "RB-2026-07"
    title: str  # the board
    subtitle: str  # for example "Meeting 7 of 2026"
    board: str
    number: int  # of the meeting on this board
    place: str  # a room, or an address of a video conference
    planned_from: str  # instant
    planned_until: str  # instant
    opened_at: str  # instant
    closed_at: str  # instant
    led_by: str
    minutes_by: str
    attendance: list[Attendant]
    guests: list[Guest]
    opening: str  # Markdown: the frame's introduction, filled in
    items: list[Item]
    other_business: str  # Markdown
    closing: str  # Markdown: the frame's closing text, filled in
    next_meeting: str | None  # instant
    approval: Approval
    template: TemplateUsed
    translation_of: NotRequired[str]  # SHA-256 of the data of the minutes that these translate
    log: NotRequired[LogHead | None]  # added at freezing
