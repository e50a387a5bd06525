"""The page of minutes: facts that nobody edits, texts that the secretary writes, versions, and who approves them.

Who is recused from an item doesn't get its part, neither here nor in the record of the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import override

from accounts.models import User
from records.models import Record
from reviews.models import AgendaItem, Meeting, Minutes, MinutesPart, MinutesVersion
from reviews.permissions.containers import containers_of
from reviews.permissions.meetings import (
    MeetingStanding,
    meeting_standing,
    meeting_to_read,
    request_of,
    why_not_approve_minutes,
    why_not_write,
)
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.rules.minutes import OF_ITEM, OF_MEETING, MinutesState
from reviews.selectors.meetings.sent import agenda_items
from reviews.selectors.meetings.words import MINUTES_STATES, PART_TITLES, name_of, title_of, when_in_words
from reviews.selectors.record.minutes import language_of_minutes, minutes_content, title_of_minutes
from reviews.selectors.words import Badge


@dataclass(frozen=True, slots=True)
class Text:
    """One free text; `why_not`: it can't be written by this person now."""

    kind: str
    title: str
    item: AgendaItem | None
    part: MinutesPart | None
    may_write: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as it went; `line` is None for who is recused from it."""

    item: AgendaItem
    title: str
    line: Mapping[str, Any] | None
    texts: tuple[Text, ...]

    @property
    def writes(self) -> bool:
        """Say whether the reader writes texts of this item now."""
        return any(text.may_write for text in self.texts)


@dataclass(frozen=True, slots=True)
class MinutesPage:
    """The page. `version` is what was circulated last, `sha256` what the reader would approve."""

    meeting: Meeting
    minutes: Minutes
    standing: MeetingStanding
    name: str
    title: str
    when: str
    badge: Badge
    content: Mapping[str, Any]
    entries: tuple[Entry, ...]
    opening: Text
    closing: Text
    versions: tuple[MinutesVersion, ...]
    record: Record | None
    acts: frozenset[str]
    why_not_approve: str | None

    @property
    def sha256(self) -> str:
        """Return the digest of the version that was circulated last, "" for none."""
        return self.versions[0].sha256 if self.versions else ""


def minutes_page(actor: User, meeting_id: int, now: datetime) -> MinutesPage:
    """Return the page, or raise Http404; guests don't see it, and drafts only who leads the meeting."""
    reached = containers_of(actor, now)
    meeting = meeting_to_read(actor, meeting_id, now, reached)
    items = list(agenda_items(meeting))
    requests = {request_of(item) for item in items}
    standing = meeting_standing(actor, meeting, now, requests=requests, reached=reached)
    minutes = (
        Minutes.objects.filter(meeting=meeting).select_related("writer", "approved_by", "record").first()
    )
    versions = list(
        MinutesVersion.objects.filter(minutes=minutes).select_related("made_by").order_by("-number")
    )
    if minutes is None or not standing.of_board or not (standing.leads or versions):
        raise Http404
    minutes.meeting = meeting
    parts = list(MinutesPart.objects.filter(minutes=minutes).select_related("saved_by"))
    writing = minutes.state == MinutesState.WRITING and standing.leads
    content = _content(minutes, versions, live=writing)
    return MinutesPage(
        meeting=meeting,
        minutes=minutes,
        standing=standing,
        name=name_of(meeting),
        title=title_of_minutes(meeting),
        when=when_in_words(meeting),
        badge=MINUTES_STATES[minutes.state],
        content=content,
        entries=tuple(_entries(items, content, parts, minutes, standing)),
        opening=_text(OF_MEETING[0], None, parts, minutes, standing),
        closing=_text(OF_MEETING[1], None, parts, minutes, standing),
        versions=tuple(versions),
        record=minutes.record if not standing.kept_from else None,
        acts=_acts(minutes, standing),
        why_not_approve=why_not_approve_minutes(standing, minutes, in_meeting=False),
    )


def _content(minutes: Minutes, versions: Sequence[MinutesVersion], *, live: bool) -> dict[str, Any]:
    """Return the minutes as they stand for who writes them, else as they were circulated last."""
    if versions and not live:
        found: dict[str, Any] = versions[0].content
        return found
    language = language_of_minutes(minutes.meeting)
    with override(language):
        return minutes_content(minutes, language)


def _entries(
    items: Sequence[AgendaItem], content: Mapping[str, Any], parts: Sequence[MinutesPart], minutes: Minutes,
    standing: MeetingStanding,
) -> list[Entry]:  # fmt: skip
    lines = {line["number"]: line for line in content["items"]}
    found = []
    for number, item in enumerate(items, 1):
        sees = standing.sees(item)
        texts = tuple(_text(kind, item, parts, minutes, standing) for kind in OF_ITEM) if sees else ()
        found.append(Entry(item, title_of(item), lines.get(str(number)) if sees else None, texts))
    return found


def _text(
    kind: str,
    item: AgendaItem | None,
    parts: Sequence[MinutesPart],
    minutes: Minutes,
    standing: MeetingStanding,
) -> Text:
    key = item.pk if item else None
    part = next((part for part in parts if part.kind == kind and part.item_id == key), None)
    return Text(str(kind), str(PART_TITLES[kind]), item, part, why_not_write(standing, minutes, item) is None)


def _acts(minutes: Minutes, standing: MeetingStanding) -> frozenset[str]:
    if not standing.leads:
        return frozenset()
    if minutes.state == MinutesState.WRITING:
        return frozenset({"circulate"} if minutes.meeting.state == MeetingState.CLOSED else ())
    return frozenset({"correct"} if minutes.state == MinutesState.CIRCULATED else ())


def may_read_minutes(actor: User, meeting_id: str, now: datetime) -> bool:
    """Say whether the person may read the record of the minutes: of the board, and recused from none of its items."""
    try:
        meeting = meeting_to_read(actor, int(meeting_id), now)
    except Http404:
        return False
    requests = {request_of(item) for item in agenda_items(meeting)}
    standing = meeting_standing(actor, meeting, now, requests=requests)
    return standing.of_board and not standing.kept_from
