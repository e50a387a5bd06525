"""Who keeps out of a request, and who may not sign it."""

import pytest

from reviews.rules.recusal import (
    ConflictReason,
    Parties,
    SigningConflict,
    SigningRole,
    conflicted,
    conflicts_of,
    why_not_sign,
)

PARTIES = Parties(
    requester="requester",
    contributors=frozenset({"contributor", "both"}),
    line_managers=frozenset({"manager", "both"}),
    card_authors=frozenset({"author"}),
    declared=frozenset({"declared"}),
)


@pytest.mark.parametrize(
    ("person", "reasons"),
    [
        ("requester", [ConflictReason.REQUESTER]),
        ("contributor", [ConflictReason.CONTRIBUTOR]),
        ("manager", [ConflictReason.LINE_MANAGER]),
        ("both", [ConflictReason.CONTRIBUTOR, ConflictReason.LINE_MANAGER]),
        ("author", [ConflictReason.CARD_AUTHOR]),
        ("declared", [ConflictReason.DECLARED]),
        ("member", []),
    ],
)
def test_who_has_a_part_keeps_out(person: str, reasons: list[ConflictReason]) -> None:
    assert list(conflicts_of(person, PARTIES)) == reasons


def test_of_a_roster_only_those_with_a_part_are_named() -> None:
    assert set(conflicted(["member", "manager", "chair"], PARTIES)) == {"manager"}


@pytest.mark.parametrize(
    ("person", "role", "signed", "reasons"),
    [
        ("legal", SigningRole.LEGAL, {}, []),
        ("chair", SigningRole.CHAIR, {SigningRole.LEGAL: "legal"}, []),
        ("chair", SigningRole.CHAIR, {}, [SigningConflict.LEGAL_FIRST]),
        ("chair", SigningRole.LEGAL, {}, [SigningConflict.CHAIR_SIGNS_AS_LEGAL]),
        ("legal", SigningRole.LEGAL, {SigningRole.LEGAL: "legal"}, [SigningConflict.ALREADY_SIGNED]),
        ("legal", SigningRole.CHAIR, {SigningRole.LEGAL: "legal"}, [SigningConflict.SIGNED_AS_LEGAL]),
        ("manager", SigningRole.LEGAL, {}, [SigningConflict.HAS_A_PART]),
        ("requester", SigningRole.CHAIR, {SigningRole.LEGAL: "legal"}, [SigningConflict.HAS_A_PART]),
    ],
)
def test_legal_signs_first_and_nobody_signs_twice_or_what_they_have_a_part_in(
    person: str, role: SigningRole, signed: dict[SigningRole, str], reasons: list[SigningConflict]
) -> None:
    found = why_not_sign(person, role, parties=PARTIES, chair="chair", signed=dict(signed))
    assert list(found) == reasons
