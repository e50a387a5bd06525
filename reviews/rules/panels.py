"""Panels formed for one request: who may be chosen, and what a panel has to have before it is formed.

An expert panel reviews a listed activity a second time (process.md, section 4: at least five outside experts, none
from the board, two thirds of all of them; V in part). An appeal panel hears an appeal (section 2: it shares no voter
with the first decision). Both are boards with a purpose, so that they read, deliberate and vote as every board does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reviews.rules.boards_together import NOT_OVERRULED_BY_OTHERS, BoardKind
from reviews.rules.composition import CompositionRule, check_composition
from reviews.rules.quorum import QuorumRule, count_quorum
from reviews.rules.recusal import Parties, conflicts_of
from reviews.rules.roster import Person, Seated, SeatRole

PANEL_MINIMUM = 5  # experts, where a policy names no other number (P after process.md, section 4)


class BoardPurpose(StrEnum):
    """What a board is for: reviews of every day, or one request."""

    STANDING = "standing"
    EXPERTS = "experts"
    APPEAL = "appeal"


AD_HOC = (BoardPurpose.EXPERTS, BoardPurpose.APPEAL)


class NotForPanel(StrEnum):
    """Why somebody can't be chosen."""

    INACTIVE = "inactive"
    ADMINISTRATOR = "administrator"
    FORMS_IT = "forms_it"
    HAS_A_PART = "has_a_part"
    RECUSED = "recused"
    ON_REVIEWING_BOARD = "on_reviewing_board"
    VOTED = "voted"
    SUSPENDED_IT = "suspended_it"
    SIGNED_IT = "signed_it"
    NOT_OUTSIDE = "not_outside"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be asked: `conflicted` by another rule of the policy, `outside` no part of the project."""

    person: Person
    active: bool = True
    administers: bool = False
    conflicted: bool = False
    outside: bool = True


@dataclass(frozen=True, slots=True)
class Screen:
    """What candidates are held against.

    `reviewing`: who holds a seat, an alternate's too, on a board that reviews the request. `voted`: whose vote or block
    stands in a ballot of the first decision, and who entered one for somebody. `suspended`: who suspended what is
    appealed. `signed`: who signed the first decision or would not.
    """

    purpose: BoardPurpose
    forming: Person
    parties: Parties
    recused: frozenset[Person] = frozenset()
    reviewing: frozenset[Person] = frozenset()
    voted: frozenset[Person] = frozenset()
    suspended: frozenset[Person] = frozenset()
    signed: frozenset[Person] = frozenset()


def why_not_on_panel(candidate: Candidate, screen: Screen) -> tuple[NotForPanel, ...]:
    """Return why the person can't be on the panel, the gravest first; empty if they can."""
    person = candidate.person
    found = [
        (NotForPanel.INACTIVE, not candidate.active),
        (NotForPanel.ADMINISTRATOR, candidate.administers),
        (NotForPanel.RECUSED, person in screen.recused),
        (
            NotForPanel.HAS_A_PART,
            person not in screen.recused
            and (candidate.conflicted or bool(conflicts_of(person, screen.parties))),
        ),
        (NotForPanel.FORMS_IT, person == screen.forming),
    ]
    if screen.purpose == BoardPurpose.EXPERTS:
        found.append((NotForPanel.ON_REVIEWING_BOARD, person in screen.reviewing))
        found.append((NotForPanel.NOT_OUTSIDE, not candidate.outside))
    else:
        found.append((NotForPanel.VOTED, person in screen.voted))
        found.append((NotForPanel.SUSPENDED_IT, person in screen.suspended))
        found.append((NotForPanel.SIGNED_IT, person in screen.signed))
    return tuple(reason for reason, holds in found if holds)


class PanelProblem(StrEnum):
    """Why the people chosen are no panel yet."""

    TOO_FEW = "too_few"
    NO_CHAIR = "no_chair"
    NOT_QUORATE = "not_quorate"
    NOT_COMPOSED = "not_composed"


APPEAL_MINIMUM = 3  # people on an appeal panel: one could not vote on a motion that another moved (P)


def problems_of_panel(
    people: Sequence[Person],
    chair: Person | None,
    *,
    minimum: int,
    quorum: QuorumRule,
    composition: Iterable[CompositionRule] = (),
    attributes: Mapping[Any, frozenset[str]] | None = None,
) -> tuple[PanelProblem, ...]:
    """Return why these people can't be formed into a panel; a panel that could never open a ballot isn't formed."""
    chosen = tuple(dict.fromkeys(people))
    found = [PanelProblem.TOO_FEW] if len(chosen) < minimum else []
    if chair is None or chair not in chosen:
        found.append(PanelProblem.NO_CHAIR)
    given = attributes or {}
    roster = tuple(
        Seated(
            person,
            SeatRole.CHAIR if person == chair else SeatRole.MEMBER,
            given.get(person, frozenset()),
        )
        for person in chosen
    )
    if not count_quorum(quorum, roster).met:
        found.append(PanelProblem.NOT_QUORATE)
    if not all(check.met for check in check_composition(composition, roster)):
        found.append(PanelProblem.NOT_COMPOSED)
    return tuple(found)


def kind_of_panel(kinds: Collection[BoardKind]) -> BoardKind:
    """Return of which kind a panel is that stands in for boards of these kinds; raises ValueError without any.

    Safety and legal boards are not overruled by another kind (P), so their kind goes first.
    """
    if not kinds:
        raise ValueError("A panel stands in for a board.")
    guarded = [kind for kind in BoardKind if kind in kinds and kind in NOT_OVERRULED_BY_OTHERS]
    return guarded[0] if guarded else next(kind for kind in BoardKind if kind in kinds)


def waits_for_experts(*, is_expert_procedure: bool, boards_approved: bool, panel_assigned: bool) -> bool:
    """Say whether a request whose boards all approve is still undecided because no panel was formed yet."""
    return is_expert_procedure and boards_approved and not panel_assigned
