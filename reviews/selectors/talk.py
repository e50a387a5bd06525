"""What people said about a request while boards review it: comments, questions, blocks, positions, motions.

All of it is read in one query, because the request page shows all of it and has few queries to spend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, F, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from reviews.models import Block, Comment, Motion, Question, ReviewRequest, Stance


class SaidKind(StrEnum):
    """What kind of thing was said."""

    COMMENT = "comment"
    QUESTION = "question"
    BLOCK = "block"
    STANCE = "stance"
    MOTION = "motion"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody said. What a field means depends on the kind:

    `code`: audience of a comment, state of a block, position of a stance, kind of a motion. `parent`: the comment
    replied to, the number of a question, the number of the revision on which a block was affirmed, the block that a
    motion overrides. `question`: the question that a comment belongs to, the ballot on a motion or with a block.
    `ended_…`: settled, answered, ended or seconded; `over_at`: withdrawn.
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
    parent: int | None
    question: int | None
    due: datetime | None
    ended_at: datetime | None
    ended_by: str
    ended_text: str
    over_at: datetime | None


_NO_ID = Cast(Value(None), BigIntegerField())
_NO_TIME = Cast(Value(None), DateTimeField())
_NO_TEXT = Cast(Value(""), TextField())


def said_about(request: ReviewRequest) -> list[Said]:
    """Return everything said about the request, oldest first in each kind; one query."""
    comments = _rows(
        Comment.objects.filter(request=request), SaidKind.COMMENT, person="author", at="made_at",
        key=F("question_key"), quote=F("quote"), code=F("audience"), parent=F("answers_id"), about=F("question_id"),
        ended_at=F("settled_at"), ended_by=F("settled_by__display_name"),
    )  # fmt: skip
    others = [
        _rows(
            Question.objects.filter(request=request), SaidKind.QUESTION, person="asked_by", at="asked_at",
            key=F("question_key"), quote=F("quote"), due=F("due_at"), parent=F("number"),
            ended_at=F("answered_at"), ended_by=F("answered_by__display_name"), ended_text=F("answer"),
            over_at=F("withdrawn_at"),
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
    ]  # fmt: skip
    said = [Said(*row) for row in comments.union(*others, all=True)]
    return sorted(said, key=lambda one: (one.kind, one.id))


def _rows(
    rows: "QuerySet[Any]", kind: SaidKind, *, person: str, at: str, text: str = "text", **given: F
) -> "QuerySet[Any, tuple[Any, ...]]":
    """Return the rows as tuples in the order of `Said`."""
    columns: dict[str, Any] = {
        "s_kind": Cast(Value(kind.value), CharField()),
        "s_review": F("review_id"),
        "s_revision_id": F("revision_id"),
        "s_revision": F("revision__number"),
        "s_key": _text(given, "key"),
        "s_quote": _text(given, "quote"),
        "s_text": Cast(F(text), TextField()),
        "s_person_id": F(f"{person}_id"),
        "s_person": F(f"{person}__display_name"),
        "s_at": F(at),
        "s_code": _text(given, "code"),
        "s_parent": Cast(given["parent"], BigIntegerField()) if "parent" in given else _NO_ID,
        "s_about": given.get("about", _NO_ID),
        "s_due": given.get("due", _NO_TIME),
        "s_ended_at": given.get("ended_at", _NO_TIME),
        "s_ended_by": _text(given, "ended_by"),
        "s_ended_text": _text(given, "ended_text"),
        "s_over_at": given.get("over_at", _NO_TIME),
    }
    names = list(columns)
    tuples: QuerySet[Any, tuple[Any, ...]] = (
        rows.order_by().annotate(**columns).values_list(names[0], "id", *names[1:])
    )
    return tuples


def _text(given: dict[str, F], name: str) -> Combinable:
    """Return the column, empty where nobody or nothing stands in it."""
    return (
        Coalesce(Cast(given[name], TextField()), Value(""), output_field=TextField())
        if name in given
        else _NO_TEXT
    )


def of_kind(said: Sequence[Said], kind: SaidKind) -> list[Said]:
    """Return what was said in one kind."""
    return [one for one in said if one.kind == kind]
