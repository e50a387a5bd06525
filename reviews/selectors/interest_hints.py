"""Where what members disclosed seems to meet a request: hints for the chair and the secretary, who judge."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.models import User
from registry.models import CardAuthor
from reviews.models import Declaration, DisclosedInterest, Disclosure, ReviewRequest, Seat
from reviews.permissions.disclosing import boards_led
from reviews.permissions.standing import standing_of
from reviews.rules.interest_match import Fact, FactKind, Interest, InterestKind, meetings
from reviews.selectors.reviews import last_revision
from reviews.selectors.revisions import content_of
from reviews.selectors.words import INTEREST_KINDS

FACT_KINDS: dict[str, StrOrPromise] = {
    FactKind.PROJECT: gettext_lazy("the project of the request"),
    FactKind.MODEL: gettext_lazy("the model"),
    FactKind.BASE_MODEL: gettext_lazy("the base model"),
    FactKind.DATA_SUPPLIER: gettext_lazy("a data set"),
    FactKind.PARTNER: gettext_lazy("what the dossier says of partners"),
    FactKind.REQUESTER: gettext_lazy("who made the request"),
    FactKind.CONTRIBUTOR: gettext_lazy("a contributor"),
    FactKind.CARD_AUTHOR: gettext_lazy("an author of the model's card"),
}
ROWS_OF_DATA = ("datasets",)
PASSAGES_ON_PARTNERS = ("partner_interests", "supply", "annotators")
ANSWERS_ON_BASES = ("base_model",)


@dataclass(frozen=True, slots=True)
class Hint:
    """A line of a member's disclosure that seems to meet the request, and what of it; nobody has judged it yet."""

    person: User
    interest: DisclosedInterest
    kind: str
    met: tuple[str, ...]
    disclosed_at: datetime


def hints_for(actor: User, request: ReviewRequest, now: datetime) -> tuple[Hint, ...]:
    """Return the hints on members of the boards that the person leads; none on themself. At most four queries."""
    boards = boards_led(standing_of(actor, request, now))
    return hints_on(request, boards, without=actor.pk) if boards else ()


def hints_on(request: ReviewRequest, boards: Collection[int], *, without: int) -> tuple[Hint, ...]:
    """Return the hints on members of these boards, apart from one person."""
    rows = {row.pk: row for row in _in_force(request, boards).exclude(disclosure__person=without)}
    if not rows:
        return ()
    interests = [Interest(key, InterestKind(row.kind), row.name) for key, row in rows.items()]
    met: dict[int, list[str]] = {}
    for meeting in meetings(interests, facts_of(request)):
        met.setdefault(meeting.interest.key, []).append(_in_words(meeting.fact))
    return tuple(_hint(rows[key], found) for key, found in met.items())


def _in_force(request: ReviewRequest, boards: Collection[int]) -> "QuerySet[DisclosedInterest]":
    """Return the lines of the newest disclosures of the boards' members that weren't judged for the request yet."""
    newer = Disclosure.objects.filter(person=OuterRef("disclosure__person"), pk__gt=OuterRef("disclosure"))
    judged = Declaration.objects.filter(request=request, disclosed=OuterRef("pk"))
    people = Seat.objects.filter(board__in=boards, until__isnull=True, person__is_active=True)
    rows = DisclosedInterest.objects.filter(disclosure__person__in=people.values("person"))
    return rows.filter(~Exists(newer), ~Exists(judged)).select_related("disclosure__person").order_by("pk")


def _hint(row: DisclosedInterest, met: list[str]) -> Hint:
    return Hint(
        person=row.disclosure.person,
        interest=row,
        kind=str(INTEREST_KINDS[row.kind]),
        met=tuple(dict.fromkeys(met)),
        disclosed_at=row.disclosure.made_at,
    )


def _in_words(fact: Fact) -> str:
    return f"{FACT_KINDS[fact.kind]}: {Truncator(fact.name).chars(80)}"


def facts_of(request: ReviewRequest) -> list[Fact]:
    """Return the names that stand in the request: in its dossier, in its project, among who works on it."""
    version = request.version
    found = [
        Fact(FactKind.PROJECT, version.model.project.name),
        Fact(FactKind.MODEL, version.model.name),
        Fact(FactKind.BASE_MODEL, version.base_model),
        Fact(FactKind.REQUESTER, request.requester.display_name),
    ]
    found += [Fact(FactKind.CONTRIBUTOR, person.display_name) for person in request.contributors.all()]
    authors = CardAuthor.objects.filter(version=version.pk).values_list("name", flat=True)
    found += [Fact(FactKind.CARD_AUTHOR, name) for name in authors if name]
    return [fact for fact in (*found, *_said(request)) if fact.name.strip()]


def _said(request: ReviewRequest) -> Iterator[Fact]:
    revision = last_revision(request)
    if revision is None:
        return
    answers = {answer["question"]: answer["value"] for answer in content_of(revision).get("answers", ())}
    kinds = (
        (ROWS_OF_DATA, FactKind.DATA_SUPPLIER),
        (PASSAGES_ON_PARTNERS, FactKind.PARTNER),
        (ANSWERS_ON_BASES, FactKind.BASE_MODEL),
    )
    for questions, kind in kinds:
        for question in questions:
            yield from (Fact(kind, text) for text in _texts(answers.get(question)))


def _texts(value: object) -> Iterable[str]:
    """Return the texts of an answer: of rows, one for each."""
    if isinstance(value, str):
        return [value]
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return [" · ".join(cell for cell in row.values() if isinstance(cell, str)) for row in rows]
