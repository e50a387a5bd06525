"""Who of a request's boards has to keep out: by what always applies, and by the rules that each board's policy sets."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.grants import in_force
from accounts.models import User
from registry.models import CardAuthor, ProjectGroupGrant, ProjectUserGrant
from registry.permissions import CONTRIBUTE
from reviews.models import Board, Contributor, Policy, ReviewRequest, Seat
from reviews.permissions.policies import policy_in_force
from reviews.permissions.standing import parties_of
from reviews.rules.card_authors import Account, Named, accounts_meant
from reviews.rules.policy import parse
from reviews.rules.recusal import (
    ConflictReason,
    ConflictRule,
    Member,
    Parties,
    Surroundings,
    conflicts_of,
    ties_of,
)


@dataclass(frozen=True, slots=True)
class FoundConflict:
    """A seat whose holder has to keep out, the first reason, and what the rule found (`Recusal.detail`)."""

    seat: Seat
    reason: ConflictReason
    detail: dict[str, Any] = field(default_factory=dict)


def found_conflicts(
    request: ReviewRequest,
    boards: Iterable[Board],
    now: datetime,
    *,
    seats: Sequence[Seat] | None = None,
    parties: Parties | None = None,
) -> tuple[FoundConflict, ...]:
    """Return the seats of the boards, alternates too, whose holders have to keep out of the request.

    `seats` in force with their people and `parties`, where they are read already. At most seven queries; what no
    policy asks for is not looked for.
    """
    boards = list(boards)
    if seats is None:
        rows = Seat.objects.filter(board__in=boards, until__isnull=True)
        seats = list(rows.select_related("person", "board"))
    if parties is None:
        parties = parties_of(request)
    rules = rules_of(boards)
    around = _Around.of(request, parties, seats, {rule for each in rules.values() for rule in each}, now)
    found = (_found(seat, parties, around, rules.get(seat.board_id, ())) for seat in seats)
    return tuple(one for one in found if one is not None)


def ties_of_people(
    request: ReviewRequest,
    people: Iterable[User],
    rules: Collection[ConflictRule],
    now: datetime,
    *,
    parties: Parties | None = None,
) -> dict[int, frozenset[ConflictRule]]:
    """Return for each of the people by which of the rules they would have to keep out, before they have a seat."""
    seats = [Seat(person=person) for person in people]
    if parties is None:
        parties = parties_of(request)
    around = _Around.of(request, parties, seats, rules, now).surroundings
    return {
        seat.person_id: frozenset(
            rule
            for rule in rules
            if ties_of(Member(seat.person_id, seat.person.team, seat.person.line_manager_id), around, (rule,))
        )
        for seat in seats
    }


POLICY = "content_of_policy"


def with_policies(boards: "QuerySet[Board]") -> "QuerySet[Board]":
    """Annotate boards with the content of their present policy, for `rules_of`; no query more."""
    newest = Policy.objects.filter(board=OuterRef("pk")).order_by("-version")
    return boards.annotate(**{POLICY: Subquery(newest.values("content")[:1])})


def rules_of(boards: Sequence[Board]) -> dict[int, tuple[ConflictRule, ...]]:
    """Return which rules the present policy of each board sets; one query, none for a board whose policy was read."""
    read = [board for board in boards if POLICY in board.__dict__]
    if len(read) == len(boards):
        contents = {board.pk: board.__dict__[POLICY] for board in read}
        return {board: parse(content).conflicts for board, content in contents.items() if content}
    if len(boards) == 1:
        kept = policy_in_force(boards[0])
        return {boards[0].pk: parse(kept.content).conflicts} if kept else {}
    newest = Policy.objects.filter(board=OuterRef("board")).order_by("-version").values("pk")[:1]
    rows = Policy.objects.filter(board__in=boards, pk=Subquery(newest)).values_list("board_id", "content")
    return {board: parse(content).conflicts for board, content in rows}


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds the request, with the authors of the card as they stand there, and its project."""

    surroundings: Surroundings
    authors: Mapping[Any, CardAuthor]
    project: int

    @classmethod
    def of(
        cls,
        request: ReviewRequest,
        parties: Parties,
        seats: Sequence[Seat],
        rules: Collection[ConflictRule],
        now: datetime,
    ) -> "_Around":
        asking = {parties.requester, *parties.contributors}
        teams = dict.fromkeys(asking, "")
        if ConflictRule.SAME_TEAM in rules:
            teams = dict(
                User.objects.filter(pk__in=[int(str(person)) for person in asking]).values_list("pk", "team")
            )
        authors = _authors(request, seats) if ConflictRule.CARD_AUTHOR in rules else {}
        on_project = _on_project(request, seats, now) if ConflictRule.SAME_PROJECT in rules else frozenset()
        return cls(Surroundings(teams, on_project, frozenset(authors)), authors, request.project_id)


def _found(
    seat: Seat, parties: Parties, around: _Around, rules: Collection[ConflictRule]
) -> FoundConflict | None:
    person = seat.person
    if always := conflicts_of(person.pk, parties):
        return FoundConflict(seat, always[0])
    ties = ties_of(Member(person.pk, person.team, person.line_manager_id), around.surroundings, rules)
    return FoundConflict(seat, ties[0], _detail(seat, ties[0], around)) if ties else None


def _detail(seat: Seat, reason: ConflictReason, around: _Around) -> dict[str, Any]:
    """Return what the rule found, as ids and as words that stand in the card or in an account."""
    found: dict[str, Any] = {"board": seat.board_id}
    match reason:
        case ConflictReason.SAME_PROJECT:
            found["project"] = around.project
        case ConflictReason.SAME_TEAM:
            found["team"] = seat.person.team
        case ConflictReason.REPORTS_TO:
            found["manager"] = seat.person.line_manager_id
        case ConflictReason.CARD_AUTHOR:
            author = around.authors[seat.person_id]
            found |= {
                "author": author.name or author.email,
                "file": author.source_name,
                "place": author.place,
            }
    return found


def _on_project(request: ReviewRequest, seats: Sequence[Seat], now: datetime) -> frozenset[int]:
    """Return who of them may contribute to the project now, or worked on a dossier of it; reading it doesn't count."""
    people = [seat.person_id for seat in seats]
    granted = Q(in_force(now), content_object=request.project_id, permission__codename=CONTRIBUTE)
    own = ProjectUserGrant.objects.filter(granted, user__in=people).order_by().values_list("user")
    groups = ProjectGroupGrant.objects.filter(granted, group__user__in=people).order_by()
    parts = Contributor.objects.filter(request__project=request.project_id, person__in=people).order_by()
    asked = ReviewRequest.objects.filter(project=request.project_id, requester__in=people).order_by()
    rows = own.union(
        groups.values_list("group__user"), parts.values_list("person"), asked.values_list("requester")
    )
    return frozenset(person for (person,) in rows) & frozenset(people)


def _authors(request: ReviewRequest, seats: Sequence[Seat]) -> dict[Any, CardAuthor]:
    """Return who of them is meant by an author of the version's card; no query where it is known to name nobody."""
    if not getattr(request, "has_card_authors", True):
        return {}
    kept = {
        Named(author.name, author.email): author
        for author in CardAuthor.objects.filter(version=request.version_id).order_by("-id")
    }
    accounts = [Account(seat.person_id, seat.person.display_name, seat.person.email) for seat in seats]
    return {person: kept[named] for person, named in accounts_meant(kept, accounts).items()}
