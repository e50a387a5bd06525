"""Passages that people speak about: where one stands when it is picked, and where it went in a new revision."""

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.refusal import Refused
from imprimatur.dossier.questionnaire import QuestionType
from reviews.models import Comment, Note, Question, ReviewRequest, Revision
from reviews.rules.anchors import Anchor, Gone, Journey, anchor_at, places_of
from reviews.selectors.questionnaires import questionnaire

PLACE = ("passage", "before", "after", "at", "edited_in", "gone_since")


class UnclearPassage(Refused):
    """The words don't stand in the answer, or in several places. `places`: the words around each of them."""

    def __init__(self, sentence: str, places: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.places = places


def texts_of(revision: Revision) -> dict[str, str]:
    """Return the written answers of the revision by question; choices, numbers, dates and tables have no passages."""
    written = {
        question.key
        for question in questionnaire(revision.questionnaire).questions
        if question.type == QuestionType.MARKDOWN
    }
    answers = json.loads(bytes(revision.content))["answers"]
    return {
        answer["question"]: answer["value"]
        for answer in answers
        if answer["question"] in written and isinstance(answer["value"], str)
    }


def place_of(revision: Revision, key: str, words: str, nth: int | None) -> dict[str, Any]:
    """Return the fields of `Anchored` for words picked in an answer of the revision.

    `nth` tells which one is meant when they stand there several times, counted from 0. Words about an answer that has
    no text of its own are about the whole answer. Raises UnclearPassage.
    """
    fields: dict[str, Any] = {"revision": revision, "question_key": key}
    text = texts_of(revision).get(key, "")
    if not words.strip() or not text:
        return fields
    places = places_of(words, text)
    if not places:
        raise UnclearPassage(
            _("These words don't stand in the answer of revision {number}. Copy them from there.").format(
                number=revision.number
            )
        )
    if len(places) > 1 and (nth is None or not 0 <= nth < len(places)):
        raise UnclearPassage(
            ngettext(
                "These words stand in the answer {count} time. Say which ones you mean.",
                "These words stand in the answer {count} times. Say which ones you mean.",
                len(places),
            ).format(count=len(places)),
            tuple(_around(text, start, end) for start, end in places),
        )
    anchor = anchor_at(text, *places[(nth or 0) if len(places) > 1 else 0])
    return fields | {"quote": anchor.quote} | _place(anchor)


def _around(text: str, start: int, end: int) -> str:
    """Return the words with some of what stands around them."""
    before, after = text[max(start - 40, 0) : start], text[end : end + 40]
    return f"{'…' if start > 40 else ''}{before}{text[start:end]}{after}{'…' if end + 40 < len(text) else ''}"


def _place(anchor: Anchor) -> dict[str, Any]:
    return {"passage": anchor.quote, "before": anchor.before, "after": anchor.after, "at": anchor.at}


def travel(request: ReviewRequest, before: Revision, revision: Revision) -> None:
    """Let every passage that somebody spoke about go along to the new revision, or say that it is gone."""
    old, new = texts_of(before), texts_of(revision)
    changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    if not changed:
        return
    ways: dict[str, Journey] = {}
    told: tuple[QuerySet[Any], ...] = (Comment.objects.all(), Question.objects.all(), Note.objects.all())
    for rows in told:
        moved = list(rows.filter(request=request, question_key__in=changed, at__isnull=False).order_by("pk"))
        for row in moved:
            key = row.question_key
            way = ways.setdefault(key, Journey(old.get(key, ""), new.get(key, "")))
            _take_along(row, way, revision.number)
        rows.bulk_update(moved, PLACE, batch_size=200)


def _take_along(row: Comment | Question | Note, way: Journey, number: int) -> None:
    """Write down where the passage went; one that is gone keeps how it read last, and may come back."""
    anchor = Anchor(row.passage, row.before, row.after, row.at or 0)
    found = way.again(anchor) if row.gone_since else way.take(anchor)
    if isinstance(found, Gone):
        row.gone_since = row.gone_since or number
        return
    row.gone_since = None
    if found.quote != row.passage:
        row.edited_in = number
    values: Mapping[str, Any] = _place(found)
    for name, value in values.items():
        setattr(row, name, value)
