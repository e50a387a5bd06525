"""Who keeps out of a request, and who may not sign it."""

import pytest

from reviews.rules.recusal import (
    ConflictReason,
    ConflictRule,
    Member,
    Parties,
    SigningConflict,
    SigningRole,
    Surroundings,
    conflicted,
    conflicts_of,
    ties_of,
    why_not_sign,
)

PARTIES = Parties(
    requester="requester",
    contributors=frozenset({"contributor", "both"}),
    line_managers=frozenset({"manager", "both"}),
    card_authors=frozenset({"author"}),
    same_project=frozenset({"colleague"}),
    same_team=frozenset({"teammate"}),
    reports_to=frozenset({"report"}),
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
        ("colleague", [ConflictReason.SAME_PROJECT]),
        ("teammate", [ConflictReason.SAME_TEAM]),
        ("report", [ConflictReason.REPORTS_TO]),
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


AROUND = Surroundings(
    asking={"requester": "Speech", "contributor": ""},
    on_project=frozenset({"colleague"}),
    card_authors=frozenset({"author"}),
)
ALL = list(ConflictRule)


@pytest.mark.parametrize(
    ("member", "reasons"),
    [
        (Member("colleague"), [ConflictReason.SAME_PROJECT]),
        (Member("author"), [ConflictReason.CARD_AUTHOR]),
        (Member("teammate", team=" SPEECH "), [ConflictReason.SAME_TEAM]),
        (Member("report", line_manager="contributor"), [ConflictReason.REPORTS_TO]),
        (Member("report", line_manager="colleague"), []),
        (Member("other", team="Vision"), []),
        (Member("teamless"), []),
        (
            Member("colleague", team="speech", line_manager="requester"),
            [ConflictReason.SAME_PROJECT, ConflictReason.SAME_TEAM, ConflictReason.REPORTS_TO],
        ),
    ],
)
def test_the_rules_of_a_board_find_ties(member: Member, reasons: list[ConflictReason]) -> None:
    assert list(ties_of(member, AROUND, ALL)) == reasons
    assert not ties_of(member, AROUND, [])


@pytest.mark.parametrize("rule", ALL)
def test_each_rule_finds_its_own_tie_only(rule: ConflictRule) -> None:
    everything = Member("colleague", team="Speech", line_manager="requester")
    around = Surroundings({"requester": "Speech"}, frozenset({"colleague"}), frozenset({"colleague"}))
    assert len(ties_of(everything, around, [rule])) == 1
