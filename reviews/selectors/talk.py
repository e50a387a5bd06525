"""What people said about a request while boards review it: comments, questions, blocks, positions, motions, notes.

All of it is read in one query, because the request page shows all of it and has few queries to spend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, F, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat

from reviews.models import Block, Comment, Motion, Note, Question, ReviewRequest, Stance


class SaidKind(StrEnum):
    """What kind of thing was said."""

    COMMENT = "comment"
    QUESTION = "question"
    BLOCK = "block"
    STANCE = "stance"
    MOTION = "motion"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody said. What a field means depends on the kind:

    `code`: audience of a comment, state of a block, position of a stance, kind of a motion, readers of a note.
    `sub`: what a comment finds ("must_fix") or what a reply does to its thread ("settled"). `parent`: the comment
    replied to, the number of a question, the number of the revision on which a block was affirmed, the block that a
    motion overrides. `question`: the question that a comment belongs to, the ballot on a motion or with a block.
    `ended_…`: settled, answered, ended or seconded; `over_at`: withdrawn. `passage` is what the quote reads now, at
    which character; `edited_in` and `gone_since` are numbers of revisions.
    """

    kind: str
    id: int
    review_id: int | None
    revision_id: int
    revision: int
    key: str
    quote: str
    text: str
    person_id: int
    person: str
    at: datetime
    code: str
    sub: str
    parent: int | None
    question: int | None
    due: datetime | None
    ended_at: datetime | None
    ended_by: str
    ended_text: str
    over_at: datetime | None
    passage: str = ""
    place: int | None = None
    edited_in: int | None = None
    gone_since: int | None = None


_NO_ID = Cast(Value(None), BigIntegerField())
_NO_TIME = Cast(Value(None), DateTimeField())
_NO_TEXT = Cast(Value(""), TextField())
_ANCHORED: dict[str, Any] = {
    "key": F("question_key"),
    "quote": F("quote"),
    "passage": F("passage"),
    "place": F("at"),
    "edited_in": F("edited_in"),
    "gone_since": F("gone_since"),
}


def said_about(request: ReviewRequest, notes: "QuerySet[Note] | None" = None) -> list[Said]:
    """Return everything said about the request, and these notes, oldest first in each kind; one query."""
    comments = _rows(
        Comment.objects.filter(request=request), SaidKind.COMMENT, person="author", at="made_at",
        code=F("audience"), sub=Concat("finding", "act"), parent=F("answers_id"), about=F("question_id"),
        ended_at=F("settled_at"), ended_by=F("settled_by__display_name"), **_ANCHORED,
    )  # fmt: skip
    others = [
        _rows(
            Question.objects.filter(request=request), SaidKind.QUESTION, person="asked_by", at="asked_at",
            due=F("due_at"), parent=F("number"), ended_at=F("answered_at"), ended_by=F("answered_by__display_name"),
            ended_text=F("answer"), over_at=F("withdrawn_at"), **_ANCHORED,
        ),
        _rows(
            Block.objects.filter(review__request=request), SaidKind.BLOCK, person="holder", at="raised_at",
            key=F("question_key"), code=F("state"), parent=F("affirmed_on__number"), about=F("ballot_id"),
            ended_at=F("ended_at"), ended_text=F("ending_reason"),
        ),
        _rows(
            Stance.objects.filter(review__request=request), SaidKind.STANCE, person="person", at="taken_at",
            text="reason", code=F("position"),
        ),
        _rows(
            Motion.objects.filter(review__request=request), SaidKind.MOTION, person="moved_by", at="moved_at",
            code=F("kind"), parent=F("block_id"), about=F("ballot__id"), ended_at=F("seconded_at"),
            ended_by=F("seconded_by__display_name"), over_at=F("withdrawn_at"),
        ),
        *(
            [_rows(notes, SaidKind.NOTE, person="author", at="made_at", code=F("readers"), parent=F("answers_id"),
                   review=_NO_ID, **_ANCHORED)]
            if notes is not None else []
        ),
    ]  # fmt: skip
    said = [Said(*row) for row in comments.union(*others, all=True)]
    return sorted(said, key=lambda one: (one.kind, one.id))


def _rows(
    rows: "QuerySet[Any]", kind: SaidKind, *, person: str, at: str, text: str = "text", **given: Combinable
) -> "QuerySet[Any, tuple[Any, ...]]":
    """Return the rows as tuples in the order of `Said`."""
    columns: dict[str, Any] = {
        "s_kind": Cast(Value(kind.value), CharField()),
        "s_review": given.get("review", F("review_id")),
        "s_revision_id": F("revision_id"),
        "s_revision": F("revision__number"),
        "s_key": _text(given, "key"),
        "s_quote": _text(given, "quote"),
        "s_text": Cast(F(text), TextField()),
        "s_person_id": F(f"{person}_id"),
        "s_person": F(f"{person}__display_name"),
        "s_at": F(at),
        "s_code": _text(given, "code"),
        "s_sub": _text(given, "sub"),
        "s_parent": _number(given, "parent"),
        "s_about": given.get("about", _NO_ID),
        "s_due": given.get("due", _NO_TIME),
        "s_ended_at": given.get("ended_at", _NO_TIME),
        "s_ended_by": _text(given, "ended_by"),
        "s_ended_text": _text(given, "ended_text"),
        "s_over_at": given.get("over_at", _NO_TIME),
        "s_passage": _text(given, "passage"),
        "s_place": _number(given, "place"),
        "s_edited_in": _number(given, "edited_in"),
        "s_gone_since": _number(given, "gone_since"),
    }
    names = list(columns)
    tuples: QuerySet[Any, tuple[Any, ...]] = (
        rows.order_by().annotate(**columns).values_list(names[0], "id", *names[1:])
    )
    return tuples


def _number(given: dict[str, Combinable], name: str) -> Combinable:
    """Return the column as a whole number, None where there is none."""
    return Cast(given[name], BigIntegerField()) if name in given else _NO_ID


def _text(given: dict[str, Combinable], name: str) -> Combinable:
    """Return the column, empty where nobody or nothing stands in it."""
    return (
        Coalesce(Cast(given[name], TextField()), Value(""), output_field=TextField())
        if name in given
        else _NO_TEXT
    )


def of_kind(said: Sequence[Said], kind: SaidKind) -> list[Said]:
    """Return what was said in one kind."""
    return [one for one in said if one.kind == kind]
