"""The papers of a meeting as one PDF: asked for, built by a job, kept for each agenda and class of readers.

A working copy, not a record: it says so on every page, and is made again when the agenda or what lies before the board
has changed. Who is recused from an item gets a copy without it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, BinaryIO

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import files, trail
from audit.refusal import Refused
from jobs import queue
from records.context import Language
from reviews.models import AgendaItem, Meeting, Papers
from reviews.permissions.meetings import MeetingStanding, meeting_standing, meeting_to_read, request_of
from reviews.permissions.reasons import WrongPerson, require
from reviews.selectors.papers import agenda_digest, class_of, items_of

BUILD = "reviews.papers"


def papers_for(
    actor: User, meeting_id: int, now: datetime
) -> tuple[Meeting, Sequence[AgendaItem], list[int]]:
    """Return the meeting, its items, and the ids of those that the person doesn't get.

    Raises Http404, PermissionDenied.
    """
    meeting = meeting_to_read(actor, meeting_id, now)
    require(why_not_read_papers(meeting_standing(actor, meeting, now)))
    items, kept = items_of(meeting), kept_from(actor, meeting, now)
    return meeting, items, sorted(item.pk for item in items if item.pk in kept)


def kept_from(actor: User, meeting: Meeting, now: datetime) -> set[int]:
    """Return the ids of the items that the person may not read, also of those that were taken off since."""
    rows = AgendaItem.objects.filter(meeting=meeting).select_related("review", "condition__decision")
    items = list(rows)
    standing = meeting_standing(actor, meeting, now, requests=[request_of(item) for item in items])
    return {item.pk for item in items if not standing.sees(item)}


def why_not_read_papers(standing: MeetingStanding) -> str | None:
    """Return why the person may not have the papers; None if they may."""
    if standing.of_board:
        return None
    return WrongPerson(_("The papers are for the board. Guests read what they were sent."))


@transaction.atomic
def ask_for_papers(*, actor: User, meeting_id: int, language: Language, now: datetime) -> Papers:
    """Return the papers for the person's class of readers, and have them built when they aren't there yet."""
    meeting, items, kept = papers_for(actor, meeting_id, now)
    if not items:
        raise Refused(_("The agenda is empty. There are no papers yet."))
    with override("en"):  # titles are frozen in the language that is active: one for all readers
        agenda = agenda_digest(meeting, items)
    papers, made = Papers.objects.get_or_create(
        meeting=meeting, agenda_sha256=agenda, readers=class_of(kept), language=language,
        defaults={"kept_from": kept, "asked_by": actor, "asked_at": now},
    )  # fmt: skip
    again = papers.state == "failed"
    if again:
        papers.state, papers.failure, papers.asked_by, papers.asked_at = "building", "", actor, now
        papers.save(update_fields=["state", "failure", "asked_by", "asked_at"])
    if made or again:
        trail.record(
            "papers.asked", obj=papers, actor=actor, now=now,
            data={"agenda_sha256": agenda, "left_out": kept, "language": language},
        )  # fmt: skip
        queue.enqueue(BUILD, {"papers": papers.pk}, now=now)
    return papers


def build_papers(payload: Mapping[str, Any]) -> None:
    """Body of the job "reviews.papers"; builds once, and a failure stands in the row with its reason."""
    build(papers_id=int(payload["papers"]), now=timezone.now())


def build(*, papers_id: int, now: datetime) -> None:
    """Print, join and keep the papers; raises what went wrong, after the row says so."""
    papers = Papers.objects.get(pk=papers_id)
    if papers.state == "ready":
        return
    try:
        built = import_module("reviews.services.papers_building").build(papers, now)
        kept = files.keep_chunks([built.content])
    except Exception as fault:
        _finish(papers_id, now, state="failed", failure=f"{type(fault).__name__}: {fault}"[:500])
        raise
    _finish(
        papers_id, now, state="ready", failure="", sha256=kept.sha256, size=kept.size, pages=built.pages,
        problems=built.problems, made_at=now,
    )  # fmt: skip


@transaction.atomic
def _finish(papers_id: int, now: datetime, **values: object) -> None:
    papers = Papers.objects.select_for_update().get(pk=papers_id)
    if papers.state == "ready" or (papers.state, papers.failure) == (values["state"], values["failure"]):
        return
    for name, value in values.items():
        setattr(papers, name, value)
    papers.save()
    verb = "papers.made" if papers.state == "ready" else "papers.failed"
    trail.record(
        verb, obj=papers, actor=None, now=now, reason=papers.failure,
        data={"sha256": papers.sha256, "pages": papers.pages, "not_joined": len(papers.problems)},
    )  # fmt: skip


def take_papers(*, actor: User, papers_id: int, now: datetime) -> tuple[Papers, BinaryIO]:
    """Return the papers with their open file, and leave the event; raises Http404 for papers of other readers."""
    papers = Papers.objects.select_related("meeting__board").filter(pk=papers_id).first()
    if papers is None:
        raise Http404
    papers_for(actor, papers.meeting_id, now)
    if not kept_from(actor, papers.meeting, now) <= set(papers.kept_from):
        raise Http404
    if papers.state != "ready":
        raise Refused(_("The papers aren't made yet."))
    try:
        file = files.open_file(papers.sha256)
    except files.Lost:
        raise Refused(_("The file is not on the disk any more. Tell an administrator.")) from None
    with transaction.atomic():
        trail.record("papers.taken", obj=papers, actor=actor, now=now, data={"sha256": papers.sha256})
    return papers, file


def papers_name(papers: Papers) -> str:
    """Return what the file is called: "papers-ethics-2026-11-25.pdf"; reads the meeting with its board."""
    return f"papers-{papers.meeting.board.slug}-{papers.meeting.starts_at:%Y-%m-%d}.pdf"
