"""What waits inside reviews (questions, findings, motions, positions, …) and who has a part: in one query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from reviews.models import (
    Assignment,
    Block,
    BoardReview,
    Comment,
    Contributor,
    Declaration,
    Motion,
    Question,
    Recusal,
    ReviewRequest,
    Stance,
)
from reviews.rules.recusal import Parties, by_reason


@dataclass(frozen=True, slots=True)
class Spoken:
    """One row: a stance, a motion without a ballot, a standing block, an open question or finding, an interest to
    judge, who reads first; or somebody with a part in the request, or recused from it.

    `other`: who seconded a motion; the line manager of who has a part. `revision`: what it is about, or was last
    affirmed for. `number` and `due` of a question, `code`: the kind of a motion or a recusal, of a finding
    what has to be done.
    """

    what: str
    id: int
    request_id: int
    review_id: int | None
    person_id: int
    other: int | None
    revision: int | None
    number: int | None
    at: datetime | None
    due: datetime | None
    code: str


_NO_ID = Cast(Value(None), BigIntegerField())
_NO_TIME = Cast(Value(None), DateTimeField())


def spoken_in(of: Q) -> Sequence[Spoken]:
    """Return the rows of these requests (`of` filters by `request`), in the order in which they were made."""
    reviews = BoardReview.objects.filter(of).exclude(state="closed").values("pk")
    motions = Motion.objects.filter(review__in=reviews, ballot__isnull=True, withdrawn_at__isnull=True)
    questions = Question.objects.filter(
        review__in=reviews, answered_at__isnull=True, withdrawn_at__isnull=True
    )
    rows = _alike(
        Stance.objects.filter(review__in=reviews), "stance", person="person", at="taken_at", review=True,
        revision=F("revision_id"),
    ).union(
        _alike(
            motions, "motion", person="moved_by", at="moved_at", review=True, revision=F("revision_id"),
            other=F("seconded_by_id"), code=F("kind"), due=F("seconded_at"),
        ),
        _alike(
            Block.objects.filter(review__in=reviews, state="standing"), "block", person="holder", at="raised_at",
            review=True, revision=Coalesce("affirmed_on_id", "revision_id"),
        ),
        _alike(
            questions, "question", person="asked_by", at="asked_at", review=True, number=F("number"), due=F("due_at")
        ),
        _alike(
            Comment.objects.filter(review__in=reviews, settled_at__isnull=True).exclude(finding__in=["", "note"]),
            "finding", person="author", at="made_at", review=True, revision=F("revision_id"), code=F("finding"),
        ),
        _alike(
            Declaration.objects.filter(of, judged_at__isnull=True), "interest", person="person", at="declared_at"
        ),
        _alike(
            Assignment.objects.filter(review__in=reviews, ended_at__isnull=True), "reader", person="person",
            at="assigned_at", review=True, code=F("role"),
        ),
        _alike(Contributor.objects.filter(of), "part", person="person", other=F("person__line_manager_id")),
        _alike(Recusal.objects.filter(of), "recusal", person="person", code=F("kind")),
        all=True,
    )  # fmt: skip
    return sorted((Spoken(*row) for row in rows), key=lambda one: one.id)


def _alike(
    rows: "QuerySet[Any]", what: str, *, person: str, at: str = "", review: bool = False, **given: Combinable
) -> "QuerySet[Any, tuple[Any, ...]]":
    in_review = (
        "review__request_id" if hasattr(rows.model, "review") and not hasattr(rows.model, "request") else ""
    )
    columns: dict[str, Any] = {
        "s_what": Cast(Value(what), CharField()),
        "s_request": F(in_review or "request_id"),
        "s_review": F("review_id") if review else _NO_ID,
        "s_person": F(f"{person}_id"),
        "s_other": given.get("other", _NO_ID),
        "s_revision": given.get("revision", _NO_ID),
        "s_number": Cast(given["number"], BigIntegerField()) if "number" in given else _NO_ID,
        "s_at": F(at) if at else _NO_TIME,
        "s_due": given.get("due", _NO_TIME),
        "s_code": Cast(given.get("code", Value("")), CharField()),
    }
    names = list(columns)
    tuples: QuerySet[Any, tuple[Any, ...]] = (
        rows.order_by().annotate(**columns).values_list(names[0], "id", *names[1:])
    )
    return tuples


def parties_from(request: ReviewRequest, rows: Iterable[Spoken]) -> Parties:
    """Return who has a part in the request, and who is recused from it by which reason."""
    rows = tuple(rows)
    parts = [row for row in rows if row.what == "part"]
    return Parties(
        requester=request.requester_id,
        contributors=frozenset(row.person_id for row in parts),
        line_managers=frozenset({request.requester.line_manager_id, *(row.other for row in parts)} - {None}),
        **by_reason((row.person_id, row.code) for row in rows if row.what == "recusal"),
    )
