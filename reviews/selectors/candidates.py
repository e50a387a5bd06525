"""Whom a secretary may choose for a panel, and who can't be chosen and why."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from reviews.models import (
    Appeal,
    Block,
    Board,
    Recusal,
    Refusal,
    ReviewRequest,
    Seat,
    Signature,
    Suspension,
    Vote,
)
from reviews.permissions.reasons import NotNow
from reviews.permissions.standing import parties_of
from reviews.rules.panels import BoardPurpose, Candidate, NotForPanel, Screen, why_not_on_panel
from reviews.rules.recusal import ConflictRule
from reviews.rules.roster import SeatAttribute
from reviews.selectors.boards_page import policy_of
from reviews.selectors.conflicts import ties_of_people
from reviews.selectors.panel_words import REASONS

OUTSIDE = (ConflictRule.SAME_PROJECT, ConflictRule.SAME_TEAM, ConflictRule.LINE_MANAGER)
"""What makes an expert no outsider, whatever the board's own rules of conflict are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who may be asked, with the attributes of their seats; `reasons`: why they can't be chosen."""

    person: User
    attributes: frozenset[str]
    reasons: tuple[NotForPanel, ...]


def screen_for_experts(actor: User, request: ReviewRequest) -> Screen:
    """Return what outside experts are held against: nobody who reviews the request, or did."""
    return Screen(
        purpose=BoardPurpose.EXPERTS,
        forming=actor.pk,
        parties=parties_of(request),
        recused=_recused(request),
        reviewing=_on_its_boards(request) | voters_of(request),
    )


def screen_for_appeal(actor: User, appeal: Appeal) -> Screen:
    """Return what an appeal panel is held against: nobody who had a word in what is appealed."""
    request = appeal.request
    suspending = (
        set()
        if appeal.suspension_id is None
        else set(Suspension.objects.filter(pk=appeal.suspension_id).values_list("suspended_by", flat=True))
    )
    return Screen(
        purpose=BoardPurpose.APPEAL,
        forming=actor.pk,
        parties=parties_of(request),
        recused=_recused(request),
        voted=voters_of(request),
        suspended=frozenset(suspending - {None}),
        signed=_signers(appeal.decision_id),
    )


def voters_of(request: ReviewRequest) -> frozenset[int]:
    """Return whose vote or block stands in any ballot of the request, and who entered one for somebody.

    All its ballots, not only those that passed: nobody both reviews and re-examines one request (process.md,
    section 6; S).
    """
    votes = Vote.objects.filter(ballot__request=request).values_list("seat__person", "entered_by")
    blocks = Block.objects.filter(review__request=request).values_list("holder", flat=True)
    return frozenset(person for pair in votes for person in pair) | frozenset(blocks)


def _signers(decision_id: int) -> frozenset[int]:
    signed = Signature.objects.filter(decision=decision_id).values_list("signer", flat=True)
    refused = Refusal.objects.filter(decision=decision_id).values_list("person", flat=True)
    return frozenset(signed) | frozenset(refused)


def _recused(request: ReviewRequest) -> frozenset[int]:
    return frozenset(Recusal.objects.filter(request=request).values_list("person", flat=True))


def _on_its_boards(request: ReviewRequest) -> frozenset[int]:
    seats = Seat.objects.filter(
        board__reviews__request=request, board__purpose=BoardPurpose.STANDING, until__isnull=True
    )
    return frozenset(seats.values_list("person", flat=True))


def people_to_ask(purpose: BoardPurpose, words: str = "") -> "QuerySet[User]":
    """Return who is offered: for experts who sits or sat as expert or from outside, else who sits or sat on a board.

    `words`: people whose name or address holds them are offered too, whoever they are.
    """
    seats = Seat.objects.filter(board__purpose=BoardPurpose.STANDING)
    if purpose == BoardPurpose.EXPERTS:
        known = [
            seat
            for seat, attributes in seats.values_list("pk", "attributes")
            if {SeatAttribute.EXPERT.value, SeatAttribute.EXTERNAL.value} & set(attributes)
        ]
        seats = seats.filter(pk__in=known)
    wanted = Q(pk__in=seats.values("person"))
    if words.strip():
        wanted |= Q(display_name__icontains=words.strip()) | Q(email__icontains=words.strip())
    return User.objects.filter(wanted).order_by("display_name", "pk")


def asked(
    people: Iterable[User], request: ReviewRequest, board: Board, screen: Screen, now: datetime
) -> list[Asked]:
    """Return the people with why they can't be chosen, those who can first; `board` is whose rules of conflict hold."""
    found = list(people)
    keys = {person.pk for person in found}
    own = policy_of(board).conflicts
    ties = ties_of_people(request, found, (*own, *OUTSIDE), now)
    administrators = set(
        User.objects.filter(pk__in=keys, groups__name=Role.ADMINISTRATOR.value).values_list("pk", flat=True)
    )
    attributes = attributes_of(keys)
    listed = [
        Asked(
            person,
            attributes.get(person.pk, frozenset()),
            why_not_on_panel(
                Candidate(
                    person.pk,
                    active=person.is_active,
                    administers=person.pk in administrators,
                    conflicted=bool(ties.get(person.pk, frozenset()) & set(own)),
                    outside=not ties.get(person.pk, frozenset()) & set(OUTSIDE),
                ),
                screen,
            ),
        )
        for person in found
    ]
    return sorted(listed, key=lambda one: bool(one.reasons))


def why_not_join_panel(actor: User, person: User, panel: Board, now: datetime) -> str | None:
    """Return why somebody can't be given a seat on a panel in place of who left it; None for boards."""
    request = panel.formed_for
    if request is None:
        return None
    appeal = Appeal.objects.filter(panel=panel).select_related("request__requester").first()
    screen = screen_for_appeal(actor, appeal) if appeal else screen_for_experts(actor, request)
    found = asked([person], request, panel, screen, now)[0]
    if not found.reasons:
        return None
    return NotNow(
        _("{person}: {reason}").format(person=person.display_name, reason=str(REASONS[found.reasons[0]]))
    )


def attributes_of(people: Collection[int]) -> dict[int, frozenset[str]]:
    """Return what each person's seats on standing boards say of them (lay, external, ...), former seats too."""
    found: dict[int, frozenset[str]] = {}
    seats = Seat.objects.filter(person__in=people, board__purpose=BoardPurpose.STANDING)
    for person, attributes in seats.values_list("person", "attributes"):
        found[person] = found.get(person, frozenset()) | frozenset(attributes)
    return found
