"""The nearest decision holds; what has parts is asked about through them."""

import pytest

from compliance.rules.applicability import Known, Level, Outcome, judge, read_applies
from compliance.rules.nearest import Decided, Settled, any_of, counting, nearest, settle, settle_of_parts

YES, NO, UNKNOWN, ELSEWHERE = Outcome.YES, Outcome.NO, Outcome.UNKNOWN, Outcome.ELSEWHERE
VERSION, MODEL, PROJECT, ORGANISATION = Level.VERSION, Level.MODEL, Level.PROJECT, Level.ORGANISATION


@pytest.mark.parametrize(
    ("to", "subject", "levels"),
    [
        (VERSION, VERSION, [VERSION, MODEL, PROJECT, ORGANISATION]),
        (VERSION, PROJECT, [PROJECT, ORGANISATION]),
        (MODEL, MODEL, [MODEL, PROJECT, ORGANISATION]),
        (MODEL, VERSION, [VERSION]),
        (PROJECT, VERSION, [VERSION, MODEL]),
        (ORGANISATION, VERSION, [VERSION, MODEL, PROJECT]),
        (ORGANISATION, ORGANISATION, [ORGANISATION]),
        (None, MODEL, [MODEL, PROJECT, ORGANISATION]),
    ],
)
def test_decisions_of_these_levels_count_the_nearest_first(
    to: Level | None, subject: Level, levels: list[Level]
) -> None:
    assert list(counting(to, subject)) == levels


def test_the_nearest_decision_wins_and_what_the_rule_says_is_kept() -> None:
    far, near = Decided(1, ORGANISATION, applies=False), Decided(2, MODEL, applies=True)
    both = {ORGANISATION: far, MODEL: near}
    assert nearest(VERSION, VERSION, both) == (None, near)
    assert nearest(VERSION, MODEL, both) == (near, far)
    assert nearest(ORGANISATION, PROJECT, both) == (None, None), (
        "nor does it make a framework one of projects"
    )
    assert settle(UNKNOWN, None, near) == Settled(YES, UNKNOWN, near)
    assert settle(NO, None, None) == Settled(NO, NO)
    assert settle(ELSEWHERE, None, None).outcome is ELSEWHERE


@pytest.mark.parametrize(
    ("outcomes", "outcome", "those"),
    [
        ([NO, YES, UNKNOWN, YES], YES, (1, 3)),
        ([NO, UNKNOWN], UNKNOWN, (1,)),
        ([NO, NO], NO, ()),
        ([], NO, ()),
    ],
)
def test_something_applies_when_it_applies_to_any_part(
    outcomes: list[Outcome], outcome: Outcome, those: tuple[int, ...]
) -> None:
    assert any_of(outcomes) == (outcome, those)


def test_a_decision_from_above_holds_until_a_part_has_a_nearer_one() -> None:
    project, version = Decided(1, PROJECT, applies=False), Decided(2, VERSION, applies=True)
    inherited, decided = settle(YES, None, project), settle(NO, version, project)
    assert settle_of_parts(None, project, [inherited, inherited]) == Settled(NO, YES, project, (), (0, 1))
    mixed = settle_of_parts(None, project, [inherited, decided])
    assert (mixed.outcome, mixed.by, mixed.parts) == (YES, None, (1,))
    own = settle_of_parts(Decided(3, MODEL, applies=False), project, [decided])
    assert (own.outcome, own.by) == (NO, Decided(3, MODEL, applies=False))
    assert settle_of_parts(None, project, []) == Settled(NO, NO, project)


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        (Known(["crawled"], "dossier"), NO),
        (Known(["sensitive"], "dossier", ("personal",)), YES),
        (Known(["crawled"], "dossier", ("sensitive",)), UNKNOWN),
        (Known([], "dossier", ("other",)), NO),
        (Known(None, "dossier"), UNKNOWN),
    ],
)
def test_what_a_dossier_leaves_open_is_unknown_and_its_source_is_kept(known: Known, outcome: Outcome) -> None:
    rule = read_applies({"to": "version", "when": [{"fact": "data", "has_any": ["personal", "sensitive"]}]})
    told = judge(rule, {"data": known})
    assert told.outcome is outcome
    assert [finding.source for finding in told.deciding] == ["dossier"]


def test_none_of_these_codes_isnt_true_while_one_of_them_is_open() -> None:
    rule = read_applies({"to": "version", "when": [{"fact": "people", "has_none": ["minors"]}]})
    assert judge(rule, {"people": Known([], "", ("minors",))}).outcome is UNKNOWN
    assert judge(rule, {"people": Known(["patients"])}).outcome is YES
    assert judge(rule, {"people": Known(["minors"])}).outcome is NO
