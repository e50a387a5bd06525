"""Prints and joins the papers of a meeting: agenda, then each item with what is attached to it. A job's work.

Loaded by the job alone, because the renderer is large.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import files
from jobs import progress
from records.context import Language, instant
from records.press.glyphs import missing, printed
from records.press.joining import Joined, join, pages_of
from records.press.page import HTML_LANGUAGES
from records.press.press import Printed, press
from records.press.spacing import spaced
from reviews.models import AnswerFile, Meeting, Papers
from reviews.rules.agenda import Planned, times_of
from reviews.selectors.meetings.words import name_of, when_in_words
from reviews.selectors.papers import ItemPapers, items_of, papers_of

LARGEST, LARGEST_IN_ALL = 50 * 1024**2, 300 * 1024**2  # bytes of what is attached


@dataclass(frozen=True, slots=True)
class Built:
    """The papers: their bytes, how many pages, and what couldn't be joined, in sentences."""

    content: bytes
    pages: int
    problems: list[str]


@dataclass(slots=True)
class _Part:
    """An item with its own pages, what is attached, and what of that couldn't be joined."""

    item: ItemPapers
    pdf: bytes
    pages: int
    attached: list[tuple[AnswerFile, bytes, int]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def build(papers: Papers, now: datetime) -> Built:
    """Return the papers in their language; says how far it is, and raises what the press raises."""
    language = cast(Language, papers.language)
    meeting = Meeting.objects.select_related("board").get(pk=papers.meeting_id)
    with override(language):
        items = items_of(meeting)
        found = papers_of(items, papers.kept_from, language, now)
        parts = []
        for place, item in enumerate(found):
            progress.report(5 + 70 * place // max(len(found), 1), item.title)
            parts.append(_part(item, meeting, language, now))
        _attach(parts)
        progress.report(80, _("Joining"))
        return _joined(parts, meeting, papers, language, now)


def _page(template: str, meeting: Meeting, language: Language, now: datetime, **more: object) -> str:
    values = {
        "organisation": settings.ORGANISATION, "title": name_of(meeting), "lang": HTML_LANGUAGES[language],
        "created": instant(now), "zone": meeting.zone, **more,
    }  # fmt: skip
    return spaced(printed(_without_missing(render_to_string(template, values))))


def _without_missing(html: str) -> str:
    """Put a sign where the fonts have no glyph: a copy for reading is not refused for a rare character."""
    for letter in missing(html):
        html = html.replace(letter, "□")
    return html


def _part(item: ItemPapers, meeting: Meeting, language: Language, now: datetime) -> _Part:
    record: Mapping[str, Any] = (
        {**item.printed, "decision": {"revision": item.printed["revision"]}} if item.printed else {}
    )
    if not record and not item.kept:
        return _Part(item, b"", 0)  # the agenda says all of it
    html = _page("reviews/print/papers_item.html", meeting, language, now, item=item, record=record)
    done = press(html, created=now, embedded=[], fields={})
    return _Part(item, done.content, done.pages)


def _attach(parts: Sequence[_Part]) -> None:
    """Read what is attached, and find out what can be joined; what can't is named and leaves the rest alone."""
    total = 0
    for part in parts:
        for row in part.item.files:
            if row.size > LARGEST or total + row.size > LARGEST_IN_ALL:
                part.problems.append(
                    _("{name} is too large to be joined. Read it on the request.").format(name=row.name)
                )
                continue
            try:
                with files.open_file(row.sha256) as file:
                    content = file.read()
            except (files.Lost, OSError):
                part.problems.append(_("{name} can't be read. Tell an administrator.").format(name=row.name))
                continue
            total += row.size
            part.attached.append((row, content, 0))
    counted = pages_of([content for part in parts for _row, content, _pages in part.attached])
    for part in parts:
        seen = [(row, content, counted.pop(0)) for row, content, _pages in part.attached]
        part.attached = [each for each in seen if each[2]]
        part.problems += [
            _("{name} is broken or locked, and can't be joined. Read it on the request.").format(
                name=row.name
            )
            for row, _content, pages in seen
            if not pages
        ]


def _joined(parts: list[_Part], meeting: Meeting, papers: Papers, language: Language, now: datetime) -> Built:
    first = _agenda(parts, meeting, papers, language, now, starts_after=0)
    agenda = _agenda(parts, meeting, papers, language, now, starts_after=first.pages)
    total = agenda.pages + sum(part.pages + sum(pages for *_row, pages in part.attached) for part in parts)
    joined = [Joined(_("Agenda"), 0, agenda.content)]
    for part in filter(lambda each: each.pages, parts):
        joined.append(Joined(f"{part.item.number} {part.item.title}", 0, part.pdf))
        joined += [Joined(row.name, 1, content) for row, content, _pages in part.attached]
    stamps = press(
        printed(
            render_to_string(
                "reviews/print/papers_stamps.html",
                {"numbers": range(1, total + 1), "total": total, "lang": HTML_LANGUAGES[language]},
            )
        ),
        created=now, embedded=[], fields={},
    )  # fmt: skip
    content = join(joined, stamps.content, title=name_of(meeting), language=HTML_LANGUAGES[language])
    return Built(content, total, [problem for part in parts for problem in part.problems])


def _agenda(
    parts: Sequence[_Part],
    meeting: Meeting,
    papers: Papers,
    language: Language,
    now: datetime,
    *,
    starts_after: int,
) -> Printed:
    times = times_of(meeting.starts_at, [Planned(part.item.item.takes) for part in parts])
    lines, page = [], starts_after + 1
    for part, begins in zip(parts, times, strict=True):
        line: dict[str, Any] = {
            "number": part.item.number, "title": part.item.title, "note": part.item.item.note,
            "page": page if part.pages else None,
            "begins": date_format(begins.astimezone(meeting.tz), "H:i"), "kept": part.item.kept, "files": [],
            "problems": part.problems,
        }  # fmt: skip
        page += part.pages
        for row, _content, pages in part.attached:
            line["files"].append({"name": row.name, "page": page})
            page += pages
        lines.append(line)
    some, every = _("For readers who are recused from some items."), _("For readers who see all items.")
    html = _page(
        "reviews/print/papers_agenda.html", meeting, language, now,
        board=meeting.board.name, when=when_in_words(meeting), place=meeting.place, lines=lines,
        readers_note=some if papers.kept_from else every,
    )  # fmt: skip
    return press(html, created=now, embedded=[], fields={})
