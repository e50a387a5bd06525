"""Who may take no part in a request, and why (process.md, sections 1 and 3.1)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reviews.rules.roster import Person, SeatRole


class ConflictReason(StrEnum):
    """Why somebody has to keep out; `DECLARED` is the person's own word, or a reason that no longer holds.

    The first three always apply (process.md, section 3.1). The next four are found by a board's rules (`ConflictRule`).
    """

    REQUESTER = "requester"
    CONTRIBUTOR = "contributor"
    LINE_MANAGER = "line_manager"
    CARD_AUTHOR = "card_author"
    SAME_PROJECT = "same_project"
    SAME_TEAM = "same_team"
    REPORTS_TO = "reports_to"
    DECLARED = "declared"


class ConflictRule(StrEnum):
    """A rule that a board's policy may set for its members (P).

    Same project: who may contribute to the project, or worked on a dossier of it; who may only read it isn't meant.
    Line manager: the other direction of what always applies, whose own line manager asks or contributes.
    """

    SAME_PROJECT = "same_project"
    SAME_TEAM = "same_team"
    LINE_MANAGER = "line_manager"
    CARD_AUTHOR = "card_author"


class SigningConflict(StrEnum):
    """Why somebody may not sign in a role."""

    HAS_A_PART = "has_a_part"
    SIGNED_AS_LEGAL = "signed_as_legal"
    CHAIR_SIGNS_AS_LEGAL = "chair_signs_as_legal"
    LEGAL_FIRST = "legal_first"
    ALREADY_SIGNED = "already_signed"


class SigningRole(StrEnum):
    """In which role a decision is signed, in the order of signing."""

    LEGAL = "legal"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class Parties:
    """Who has a part in a request. `line_managers` are those of the requester and of the contributors.

    The others were recused: by the rules of a board that found them (`ties_of`), or `declared` by themselves.
    """

    requester: Person
    contributors: frozenset[Person] = frozenset()
    line_managers: frozenset[Person] = frozenset()
    card_authors: frozenset[Person] = frozenset()
    same_project: frozenset[Person] = frozenset()
    same_team: frozenset[Person] = frozenset()
    reports_to: frozenset[Person] = frozenset()
    declared: frozenset[Person] = frozenset()

    @property
    def recused(self) -> frozenset[Person]:
        """Return who was recused, for whatever reason."""
        return self.declared | self.card_authors | self.same_project | self.same_team | self.reports_to


_GROUPS: dict[str, str] = {
    ConflictReason.CARD_AUTHOR: "card_authors",
    ConflictReason.SAME_PROJECT: "same_project",
    ConflictReason.SAME_TEAM: "same_team",
    ConflictReason.REPORTS_TO: "reports_to",
}


def by_reason(recusals: Iterable[tuple[Person, str]]) -> dict[str, frozenset[Person]]:
    """Return who was recused, by the fields of `Parties`: what a board's rule found each apart, all else as declared.

    So what a rule found counts like a person's own word, for good: also when they have left the project since.
    """
    groups: dict[str, set[Person]] = {"declared": set()}
    for person, kind in recusals:
        groups.setdefault(_GROUPS.get(kind, "declared"), set()).add(person)
    return {name: frozenset(people) for name, people in groups.items()}


def conflicts_of(person: Person, parties: Parties) -> tuple[ConflictReason, ...]:
    """Return why the person may take no part in triage, vote, signature or verification; empty if they may."""
    found = [ConflictReason.REQUESTER] if person == parties.requester else []
    groups = (
        (ConflictReason.CONTRIBUTOR, parties.contributors),
        (ConflictReason.LINE_MANAGER, parties.line_managers),
        (ConflictReason.CARD_AUTHOR, parties.card_authors),
        (ConflictReason.SAME_PROJECT, parties.same_project),
        (ConflictReason.SAME_TEAM, parties.same_team),
        (ConflictReason.REPORTS_TO, parties.reports_to),
        (ConflictReason.DECLARED, parties.declared),
    )
    return tuple(found + [reason for reason, people in groups if person in people])


def conflicted(people: Iterable[Person], parties: Parties) -> dict[Person, tuple[ConflictReason, ...]]:
    """Return those of the people who have to keep out, with the reasons."""
    found = {person: conflicts_of(person, parties) for person in people}
    return {person: reasons for person, reasons in found.items() if reasons}


@dataclass(frozen=True, slots=True)
class Member:
    """What the rules ask of somebody who holds a seat: team and line manager, empty where not known."""

    person: Person
    team: str = ""
    line_manager: Person | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What surrounds a request: who asks or contributes with their teams, who works on its project, who wrote the card.

    `on_project` are people with a part in the project; `card_authors` accounts that fit a name in the card.
    """

    asking: Mapping[Person, str]
    on_project: frozenset[Person] = frozenset()
    card_authors: frozenset[Person] = frozenset()


def ties_of(
    member: Member, around: Surroundings, rules: Collection[ConflictRule]
) -> tuple[ConflictReason, ...]:
    """Return why a board's rules keep the member out of the request; empty if they don't."""
    found = []
    if ConflictRule.CARD_AUTHOR in rules and member.person in around.card_authors:
        found.append(ConflictReason.CARD_AUTHOR)
    if ConflictRule.SAME_PROJECT in rules and member.person in around.on_project:
        found.append(ConflictReason.SAME_PROJECT)
    if ConflictRule.SAME_TEAM in rules and _team(member.team) in {*map(_team, around.asking.values())} - {""}:
        found.append(ConflictReason.SAME_TEAM)
    if ConflictRule.LINE_MANAGER in rules and member.line_manager in around.asking:
        found.append(ConflictReason.REPORTS_TO)
    return tuple(found)


def _team(name: str) -> str:
    """Return the name of a team so that spelling it with other capitals or blanks makes no other team."""
    return " ".join(name.split()).casefold()


def why_not_sign(
    person: Person,
    role: SigningRole,
    *,
    parties: Parties,
    chair: Person,
    signed: dict[SigningRole, Person],
) -> tuple[SigningConflict, ...]:
    """Return why the person may not sign now in the role; empty if they may.

    Legal signs first. Nobody signs the same decision twice, so the chair of the leading board cannot be
    its legal signer either.
    """
    found = [SigningConflict.HAS_A_PART] if conflicts_of(person, parties) else []
    if role in signed:
        found.append(SigningConflict.ALREADY_SIGNED)
    if role == SigningRole.LEGAL and person == chair:
        found.append(SigningConflict.CHAIR_SIGNS_AS_LEGAL)
    if role == SigningRole.CHAIR and SigningRole.LEGAL not in signed:
        found.append(SigningConflict.LEGAL_FIRST)
    if role == SigningRole.CHAIR and signed.get(SigningRole.LEGAL) == person:
        found.append(SigningConflict.SIGNED_AS_LEGAL)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A seat in force: who sits, in which role, who is their deputy, whether they are away, and since when they sit."""

    person: int
    role: str
    deputy: int | None = None
    is_away: bool = False
    since: datetime | None = None


def who_signs_for(seats: Sequence[Sitting], parties: Parties) -> int | None:
    """Return who signs for a board: its chair, or if they have to keep out or are away whoever has sat longest.

    `seats` are in the order in which people took them. The chair's deputy comes first, if they have a seat (P).
    Alternates don't sign. While everybody else is away too, the chair signs; None: nobody is left.
    """
    full = [seat for seat in seats if seat.role != SeatRole.ALTERNATE]
    chair = next((seat for seat in full if seat.role == SeatRole.CHAIR), None)
    free = [seat for seat in full if not conflicts_of(seat.person, parties)]
    deputy = chair.deputy if chair else None
    ranked = sorted(free, key=lambda seat: (seat.is_away, seat is not chair, seat.person != deputy))
    return ranked[0].person if ranked else None


def on_whose_behalf(person: int, seats: Sequence[Sitting], parties: Parties) -> int | None:
    """Return the chair in whose place the person signs because the chair is away; None: they sign in their own right.

    For a chair who has to keep out nobody acts: whoever signs then does so for the board alone.
    """
    chair = next((seat for seat in seats if seat.role == SeatRole.CHAIR), None)
    if chair is None or chair.person == person or not chair.is_away or conflicts_of(chair.person, parties):
        return None
    return chair.person
