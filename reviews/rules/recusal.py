"""Who may take no part in a request, and why (process.md, sections 1 and 3.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reviews.rules.roster import Person, SeatRole


class ConflictReason(StrEnum):
    """Why somebody has to keep out; `DECLARED` is the person's own word."""

    REQUESTER = "requester"
    CONTRIBUTOR = "contributor"
    LINE_MANAGER = "line_manager"
    CARD_AUTHOR = "card_author"
    DECLARED = "declared"


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
    """Who has a part in a request. `line_managers` are those of the requester and of the contributors."""

    requester: Person
    contributors: frozenset[Person] = frozenset()
    line_managers: frozenset[Person] = frozenset()
    card_authors: frozenset[Person] = frozenset()
    declared: frozenset[Person] = frozenset()


def conflicts_of(person: Person, parties: Parties) -> tuple[ConflictReason, ...]:
    """Return why the person may take no part in triage, vote, signature or verification; empty if they may."""
    found = [ConflictReason.REQUESTER] if person == parties.requester else []
    if person in parties.contributors:
        found.append(ConflictReason.CONTRIBUTOR)
    if person in parties.line_managers:
        found.append(ConflictReason.LINE_MANAGER)
    if person in parties.card_authors:
        found.append(ConflictReason.CARD_AUTHOR)
    if person in parties.declared:
        found.append(ConflictReason.DECLARED)
    return tuple(found)


def conflicted(people: Iterable[Person], parties: Parties) -> dict[Person, tuple[ConflictReason, ...]]:
    """Return those of the people who have to keep out, with the reasons."""
    found = {person: conflicts_of(person, parties) for person in people}
    return {person: reasons for person, reasons in found.items() if reasons}


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
    """A seat in force: who sits, in which role, and who is their deputy."""

    person: int
    role: str
    deputy: int | None = None


def who_signs_for(seats: Sequence[Sitting], parties: Parties) -> int | None:
    """Return who signs for a board: its chair, or if they have to keep out whoever has sat longest; None: nobody.

    `seats` are in the order in which people took them. The chair's deputy comes first, if they have a seat (P).
    Alternates don't sign.
    """
    full = [seat for seat in seats if seat.role != SeatRole.ALTERNATE]
    chair = next((seat for seat in full if seat.role == SeatRole.CHAIR), None)
    free = [seat for seat in full if not conflicts_of(seat.person, parties)]
    deputy = chair.deputy if chair else None
    ranked = sorted(free, key=lambda seat: (seat is not chair, seat.person != deputy))
    return ranked[0].person if ranked else None
