"""Whom a secretary may choose for a panel, and who can't be chosen and why."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from reviews.models import (
    Appeal,
    Block,
    Board,
    Refusal,
    ReviewRequest,
    Seat,
    Signature,
    Suspension,
    Vote,
)
from reviews.permissions.policies import conflicts_in_force
from reviews.permissions.reasons import NotNow
from reviews.permissions.standing import standing_of
from reviews.rules.panels import BoardPurpose, Candidate, NotForPanel, Screen, why_not_on_panel
from reviews.rules.recusal import ConflictRule, Parties
from reviews.rules.roster import SeatAttribute
from reviews.selectors.conflicts import ties_of_people
from reviews.selectors.panel_words import reasons_in_words

OUTSIDE = (ConflictRule.SAME_PROJECT, ConflictRule.SAME_TEAM, ConflictRule.LINE_MANAGER)
"""What makes an expert no outsider, whatever the board's own rules of conflict are."""
FROM_OUTSIDE = frozenset({SeatAttribute.EXPERT.value, SeatAttribute.EXTERNAL.value})


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who may be asked, with the attributes of their seats; `reasons`: why they can't be chosen."""

    person: User
    attributes: frozenset[str]
    reasons: tuple[NotForPanel, ...]


@dataclass(frozen=True, slots=True)
class Screened:
    """What candidates are held against, and what their seats say of them: former ones too, and on expert panels."""

    screen: Screen
    known: Mapping[int, frozenset[str]]


def screen_for_experts(actor: User, request: ReviewRequest, now: datetime) -> Screened:
    """Return what outside experts are held against: nobody who reviews the request, or did."""
    parties = standing_of(actor, request, now).parties
    heard, known = _heard(request, None)
    screen = Screen(
        purpose=BoardPurpose.EXPERTS,
        forming=actor.pk,
        parties=parties,
        recused=_recused(parties),
        reviewing=heard["voted"] | heard["seated"],
    )
    return Screened(screen, known)


def screen_for_appeal(actor: User, appeal: Appeal, now: datetime) -> Screened:
    """Return what an appeal panel is held against: nobody who had a word in what is appealed."""
    parties = standing_of(actor, appeal.request, now).parties
    heard, known = _heard(appeal.request, appeal)
    screen = Screen(
        purpose=BoardPurpose.APPEAL,
        forming=actor.pk,
        parties=parties,
        recused=_recused(parties),
        voted=heard["voted"],
        suspended=heard["suspended"],
        signed=heard["signed"],
    )
    return Screened(screen, known)


def _recused(parties: Parties) -> frozenset[Any]:
    """Return who was recused, by a rule or by their own word."""
    by_rule = parties.card_authors | parties.same_project | parties.same_team | parties.reports_to
    return parties.declared | by_rule


def _heard(
    request: ReviewRequest, appeal: Appeal | None
) -> tuple[dict[str, frozenset[int]], dict[int, frozenset[str]]]:
    """Return who had a word in the request, by what they did, and what seats say of people; one query.

    `voted`: whose vote or block stands in any of its ballots, and who entered one for somebody. Not only the ballots
    that passed: nobody both reviews and re-examines one request (process.md, section 6; S).
    """
    found: dict[str, set[int]] = {"voted": set(), "seated": set(), "signed": set(), "suspended": set()}
    known: dict[int, frozenset[str]] = {}
    for what, person, more in _rows(request, appeal):
        if what == "known":
            known[person] = known.get(person, frozenset()) | frozenset(json.loads(more))
        elif person is not None:
            found[what].add(person)
    return {what: frozenset(people) for what, people in found.items()}, known


def _rows(request: ReviewRequest, appeal: Appeal | None) -> "QuerySet[Any, tuple[Any, ...]]":
    votes = Vote.objects.filter(ballot__request=request)
    standing = Seat.objects.filter(board__purpose=BoardPurpose.STANDING)
    known = Seat.objects.exclude(board__purpose=BoardPurpose.APPEAL)
    rows = [
        _tagged(votes, "voted", "entered_by_id"),
        _tagged(Block.objects.filter(review__request=request), "voted", "holder_id"),
        _tagged(known, "known", "person_id", Cast("attributes", TextField())),
    ]
    if appeal is None:
        here = standing.filter(board__reviews__request=request, until__isnull=True)
        rows.append(_tagged(here, "seated", "person_id"))
    else:
        decision = appeal.decision_id
        rows += [
            _tagged(Signature.objects.filter(decision=decision), "signed", "signer_id"),
            _tagged(Refusal.objects.filter(decision=decision), "signed", "person_id"),
            _tagged(Suspension.objects.filter(appeals=appeal), "suspended", "suspended_by_id"),
        ]
    return _tagged(votes, "voted", "seat__person_id").union(*rows)


def _tagged(
    rows: "QuerySet[Any]", what: str, person: str, more: Cast | None = None
) -> "QuerySet[Any, tuple[Any, ...]]":
    told = more or Value("", output_field=TextField())
    tagged = rows.order_by().annotate(what=Value(what), who=F(person), more=told)
    tuples: QuerySet[Any, tuple[Any, ...]] = tagged.values_list("what", "who", "more")
    return tuples


def people_to_ask(
    purpose: BoardPurpose, known: Mapping[int, frozenset[str]], words: str = ""
) -> "QuerySet[User]":
    """Return who is offered: for experts who sits or sat as expert or from outside, else who sits or sat on a board.

    `words`: people whose name or address holds them are offered too, whoever they are.
    """
    wanted = Q(
        pk__in=[
            person
            for person, attributes in known.items()
            if purpose != BoardPurpose.EXPERTS or attributes & FROM_OUTSIDE
        ]
    )
    if words.strip():
        wanted |= Q(display_name__icontains=words.strip()) | Q(email__icontains=words.strip())
    return _with_office(User.objects.filter(wanted)).order_by("display_name", "pk")


def people_named(keys: Collection[int]) -> "QuerySet[User]":
    """Return these people, as `asked` takes them."""
    return _with_office(User.objects.filter(pk__in=keys))


def _with_office(people: "QuerySet[User]") -> "QuerySet[User]":
    administers = User.groups.through.objects.filter(
        user=OuterRef("pk"), group__name=Role.ADMINISTRATOR.value
    )
    return people.annotate(administers=Exists(administers))


def asked(
    people: Iterable[User],
    request: ReviewRequest,
    board: Board,
    held: Screened,
    now: datetime,
) -> list[Asked]:
    """Return the people with why they can't be chosen, those who can first; `board` is whose rules of conflict hold."""
    found = list(people)
    own = conflicts_in_force(board)
    ties = ties_of_people(request, found, (*own, *OUTSIDE), now, parties=held.screen.parties)
    listed = []
    for person in found:
        tied = ties.get(person.pk, frozenset())
        candidate = Candidate(
            person.pk,
            active=person.is_active,
            administers=bool(getattr(person, "administers", False)),
            conflicted=bool(tied & set(own)),
            outside=not tied & set(OUTSIDE),
        )
        listed.append(
            Asked(person, held.known.get(person.pk, frozenset()), why_not_on_panel(candidate, held.screen))
        )
    return sorted(listed, key=lambda one: bool(one.reasons))


def why_not_join_panel(actor: User, person: User, panel: Board, now: datetime) -> str | None:
    """Return why somebody can't be given a seat on a panel in place of who left it; None for boards."""
    request = panel.formed_for
    if request is None:
        return None
    appeal = Appeal.objects.filter(panel=panel).select_related("request__requester").first()
    held = screen_for_appeal(actor, appeal, now) if appeal else screen_for_experts(actor, request, now)
    found = asked(people_named([person.pk]), request, panel, held, now)[0]
    if not found.reasons:
        return None
    return NotNow(
        _("{person}: {reason}.").format(person=person.display_name, reason=reasons_in_words(found.reasons))
    )
