"""Who may be on a panel that was formed for one request, and when its people are a panel."""

import pytest

from reviews.rules.boards_together import BoardKind
from reviews.rules.composition import CompositionRule
from reviews.rules.panels import (
    APPEAL_MINIMUM,
    PANEL_MINIMUM,
    BoardPurpose,
    Candidate,
    NotForPanel,
    PanelProblem,
    Screen,
    kind_of_panel,
    problems_of_panel,
    waits_for_experts,
    why_not_on_panel,
)
from reviews.rules.quorum import QuorumKind, QuorumRule
from reviews.rules.recusal import Parties

PARTIES = Parties(
    "requester",
    contributors=frozenset({"contributor"}),
    line_managers=frozenset({"manager"}),
    declared=frozenset({"recused"}),
)
EVERYBODY = {
    "recused": frozenset({"recused"}),
    "reviewing": frozenset({"member", "alternate"}),
    "voted": frozenset({"member", "proxy"}),
    "suspended": frozenset({"safety lead"}),
    "signed": frozenset({"legal"}),
}
EXPERTS = Screen(BoardPurpose.EXPERTS, "secretary", PARTIES, **EVERYBODY)
APPEAL = Screen(BoardPurpose.APPEAL, "secretary", PARTIES, **EVERYBODY)
MAJORITY = QuorumRule()
N = NotForPanel


@pytest.mark.parametrize(
    ("person", "experts", "appeal"),
    [
        ("stranger", (), ()),
        ("requester", (N.HAS_A_PART,), (N.HAS_A_PART,)),
        ("contributor", (N.HAS_A_PART,), (N.HAS_A_PART,)),
        ("manager", (N.HAS_A_PART,), (N.HAS_A_PART,)),
        ("recused", (N.RECUSED,), (N.RECUSED,)),
        ("secretary", (N.FORMS_IT,), (N.FORMS_IT,)),
        ("member", (N.ON_REVIEWING_BOARD,), (N.VOTED,)),
        ("alternate", (N.ON_REVIEWING_BOARD,), ()),
        ("proxy", (), (N.VOTED,)),
        ("safety lead", (), (N.SUSPENDED_IT,)),
        ("legal", (), (N.SIGNED_IT,)),
    ],
)
def test_who_may_be_chosen_for_which_panel(
    person: str, experts: tuple[NotForPanel, ...], appeal: tuple[NotForPanel, ...]
) -> None:
    assert why_not_on_panel(Candidate(person), EXPERTS) == experts
    assert why_not_on_panel(Candidate(person), APPEAL) == appeal


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (Candidate("a", active=False), N.INACTIVE),
        (Candidate("a", administers=True), N.ADMINISTRATOR),
        (Candidate("a", conflicted=True), N.HAS_A_PART),
    ],
)
def test_who_could_have_no_seat_or_has_a_conflict_by_rule_is_not_chosen(
    candidate: Candidate, reason: NotForPanel
) -> None:
    assert why_not_on_panel(candidate, EXPERTS) == (reason,)
    assert why_not_on_panel(candidate, APPEAL) == (reason,)


def test_an_expert_is_from_outside_and_an_appeal_panel_needn_t_be() -> None:
    insider = Candidate("a", outside=False)
    assert why_not_on_panel(insider, EXPERTS) == (N.NOT_OUTSIDE,)
    assert why_not_on_panel(insider, APPEAL) == ()


def test_the_default_is_five_experts_and_an_appeal_panel_has_three() -> None:
    assert (PANEL_MINIMUM, APPEAL_MINIMUM) == (5, 3)


@pytest.mark.parametrize(
    ("people", "chair", "problems"),
    [
        ("abcde", "a", ()),
        ("abcd", "a", (PanelProblem.TOO_FEW,)),
        ("aabbcde", "a", ()),
        ("aabbcd", "a", (PanelProblem.TOO_FEW,)),
        ("abcde", None, (PanelProblem.NO_CHAIR,)),
        ("abcde", "z", (PanelProblem.NO_CHAIR,)),
        ("", None, (PanelProblem.TOO_FEW, PanelProblem.NO_CHAIR, PanelProblem.NOT_QUORATE)),
    ],
)
def test_a_panel_has_its_number_and_a_chair_among_them(
    people: str, chair: str | None, problems: tuple[PanelProblem, ...]
) -> None:
    assert problems_of_panel(list(people), chair, minimum=5, quorum=MAJORITY) == problems


def test_a_panel_that_could_never_open_a_ballot_is_not_formed() -> None:
    five = QuorumRule(QuorumKind.COUNT, count=5)
    lay = [CompositionRule(1, ("lay", "external"))]
    assert problems_of_panel(list("abc"), "a", minimum=3, quorum=five) == (PanelProblem.NOT_QUORATE,)
    without = problems_of_panel(list("abc"), "a", minimum=3, quorum=MAJORITY, composition=lay)
    assert without == (PanelProblem.NOT_COMPOSED,)
    attributes = {"b": frozenset({"lay"})}
    found = problems_of_panel(
        list("abc"), "a", minimum=3, quorum=MAJORITY, composition=lay, attributes=attributes
    )
    assert found == ()


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        ({BoardKind.ETHICS}, BoardKind.ETHICS),
        ({BoardKind.SAFETY}, BoardKind.SAFETY),
        ({BoardKind.ETHICS, BoardKind.SAFETY}, BoardKind.SAFETY),
        ({BoardKind.LEGAL, BoardKind.ETHICS}, BoardKind.LEGAL),
    ],
)
def test_a_panel_is_of_the_kind_whose_word_it_weighs(kinds: set[BoardKind], kind: BoardKind) -> None:
    assert kind_of_panel(kinds) == kind


def test_a_panel_in_place_of_nobody_is_none() -> None:
    with pytest.raises(ValueError, match="stands in for a board"):
        kind_of_panel([])


@pytest.mark.parametrize(
    ("expert", "approved", "assigned", "waits"),
    [
        (True, True, False, True),
        (True, True, True, False),
        (True, False, False, False),
        (False, True, False, False),
    ],
)
def test_boards_alone_never_approve_what_experts_have_to_see(
    expert: bool, approved: bool, assigned: bool, waits: bool
) -> None:
    assert (
        waits_for_experts(is_expert_procedure=expert, boards_approved=approved, panel_assigned=assigned)
        is waits
    )
