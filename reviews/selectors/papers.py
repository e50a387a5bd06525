"""What the papers of a meeting hold: the agenda, and for each item the dossier with all that was said about it."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from records.canonical import canonical, digest
from records.context import instant
from reviews.models import (
    AgendaItem,
    AnswerFile,
    BoardReview,
    Comment,
    Decision,
    Meeting,
    Question,
    Revision,
)
from reviews.selectors.meetings.sent import agenda_items, content_of
from reviews.selectors.meetings.words import title_of
from reviews.selectors.record.context import dossier_of, questions_of
from reviews.selectors.record.findings import findings_of
from reviews.selectors.record.model import model_of
from reviews.selectors.revisions import changes, dossier_in_words

SCHEMA = "imprimatur/papers/v1"


@dataclass(frozen=True, slots=True)
class ItemPapers:
    """An item with what is printed for it (None: no dossier). `kept`: these readers don't get it."""

    item: AgendaItem
    number: int
    title: str
    kept: bool
    printed: dict[str, Any] | None
    files: Sequence[AnswerFile]


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """Return the items of the agenda in their order."""
    return list(agenda_items(meeting))


def class_of(kept_from: Sequence[int]) -> str:
    """Return the name of the class of readers who are kept from these items, in order."""
    return digest(canonical(list(kept_from)))


def agenda_digest(meeting: Meeting, items: Sequence[AgendaItem]) -> str:
    """Return the digest of the agenda and of what lies before the board: another one asks for new papers."""
    content = json.loads(json.dumps(content_of(meeting, items)))
    requests = [item.review.request_id for item in items if item.review is not None]
    said = {
        "questions": _said(Question, requests, "answered_at", "withdrawn_at"),
        "findings": _said(Comment, requests, "settled_at"),
    }
    return digest(canonical({"schema": SCHEMA, "agenda": content, **said}))


def _said(model: type[Question] | type[Comment], requests: Collection[int], *moments: str) -> list[Any]:
    """Return how much was said about the requests, and when last."""
    counted = {f"n_{name}": Count(name) for name in moments} | {f"m_{name}": Max(name) for name in moments}
    rows = (
        model._default_manager.filter(request__in=requests)
        .order_by("request_id").values("request_id").annotate(last=Max("id"), **counted)
    )  # fmt: skip
    return [
        [instant(value) if isinstance(value, datetime) else value for _name, value in sorted(row.items())]
        for row in rows
    ]


def papers_of(
    items: Sequence[AgendaItem], kept_from: Collection[int], language: str, now: datetime
) -> list[ItemPapers]:
    """Return what is printed for each item, in the active language; `kept_from`: ids of items that are left out."""
    return [
        _papers(item, number, item.pk in kept_from, language, now) for number, item in enumerate(items, 1)
    ]


def revision_of(review: BoardReview) -> Revision:
    """Return the revision that is before the board, with its content."""
    return Revision.objects.get(pk=review.revision_id)


def _papers(item: AgendaItem, number: int, kept: bool, language: str, now: datetime) -> ItemPapers:
    review = item.review
    if kept or review is None:
        return ItemPapers(item, number, title_of(item), kept, None, ())
    revision = revision_of(review)
    # No decision: only what one would be about, for the parts that a record of it would have.
    about = Decision(
        request=review.request, revision=revision, revision_sha256=revision.sha256,
        manifest_sha256=revision.manifest_sha256, decided_at=now,
    )  # fmt: skip
    changed = changes(revision)
    dossier = dossier_of(revision, language)
    printed = {
        "reference": review.request.reference,
        "requester": review.request.requester.display_name,
        "purpose": review.request.purpose,
        "model": model_of(about),
        "revision": revision.number,
        "revision_sha256": revision.sha256,
        "frozen_at": instant(revision.frozen_at),
        "why": revision.why,
        "dossier": dossier,
        "changed": _changed_titles(dossier) if changed else [],
        "questions": questions_of(about, language),
        "findings": findings_of(about, language),
    }
    return ItemPapers(item, number, title_of(item), kept, printed, _attached(revision, language))


def _changed_titles(dossier: Iterable[Any]) -> list[str]:
    return [answer["question"] for topic in dossier for answer in topic["answers"] if answer["changed"]]


def _attached(revision: Revision, language: str) -> list[AnswerFile]:
    """Return the PDFs of the revision, in the order of the dossier."""
    order = [
        file.id
        for topic in dossier_in_words(revision, language)
        for answer in topic.answers
        for file in answer.files
        if file.name.lower().endswith(".pdf")
    ]
    rows = AnswerFile.objects.in_bulk(order)
    return [rows[key] for key in order if key in rows]
