"""Presets: real settings, each with its source, and nothing told as law that wasn't read."""

import pytest

from reviews.rules.policy import as_json, parse
from reviews.rules.policy_presets import PRESETS, begun_from, policy_of_preset, preset_of
from reviews.rules.policy_sources import (
    BOARD_SETTINGS,
    SourceMark,
    changed_settings,
    setting_paths,
    settings_of,
)
from reviews.rules.quorum import QuorumKind


@pytest.mark.parametrize("code", PRESETS)
def test_a_preset_is_a_whole_policy_with_a_source_for_each_thing_it_says(code: str) -> None:
    policy = policy_of_preset(code)
    assert policy.preset == code
    assert as_json(policy) == PRESETS[code].content
    said = {path for path, value in settings_of(PRESETS[code].content).items() if value is not None}
    assert said == set(policy.sources)
    assert all(source.text_en and source.text_zh for source in policy.sources.values())


@pytest.mark.parametrize("code", PRESETS)
def test_what_was_not_read_says_so_in_its_own_words(code: str) -> None:
    words = {
        SourceMark.SECOND_HAND: ("second-hand", "Read in part"),
        SourceMark.MEMORY: ("From memory",),
        SourceMark.DEFAULT: ("efault of this software",),
    }
    for path, source in policy_of_preset(code).sources.items():
        assert source.is_law is (source.mark == SourceMark.VERIFIED)
        if not source.is_law:
            assert any(word in source.text_en for word in words[source.mark]), path


def test_the_american_board_needs_half_of_its_seats_a_non_scientist_and_half_of_those_present() -> None:
    policy = policy_of_preset("us-irb")
    assert policy.quorum.kind == QuorumKind.MAJORITY
    assert policy.threshold.strict
    assert (policy.threshold.numerator, policy.threshold.denominator) == (1, 2)
    assert [rule.any_of for rule in policy.composition] == [("non_technical",)]
    assert {path for path, source in policy.sources.items() if source.mark == "V"} == {
        "seats_minimum", "quorum", "composition", "threshold", "procedures.expedited.reviewers",
        "procedures.expedited.may_reject",
    }  # fmt: skip


def test_the_chinese_committee_needs_five_of_seven_and_two_thirds_which_is_from_memory() -> None:
    policy = policy_of_preset("cn-ethics-2023")
    assert (policy.seats_minimum, policy.quorum.count) == (7, 5)
    assert policy.threshold.passed(4, 6)
    assert not policy.threshold.passed(3, 5)
    assert policy.sources["threshold"].mark == SourceMark.MEMORY
    assert policy.sources["procedures.full.term"].mark == SourceMark.SECOND_HAND
    assert policy.sources["composition"].mark == SourceMark.DEFAULT


def test_nothing_of_the_internal_board_is_told_as_law() -> None:
    assert not any(source.is_law for source in policy_of_preset("internal-release").sources.values())


def test_a_changed_setting_loses_its_source_and_the_others_keep_theirs() -> None:
    base = PRESETS["us-irb"].content
    changed = begun_from(base, {"ballot_days": 5, "quorum": {"kind": "count", "count": 4}})
    kept = changed["sources"]
    assert changed_settings(base, changed) == ("quorum", "ballot_days")
    assert changed["preset"] == "us-irb"
    assert "quorum" not in kept
    assert "ballot_days" not in kept
    assert kept["threshold"] == base["sources"]["threshold"]
    assert len(kept) == len(base["sources"]) - 2


def test_a_change_inside_a_procedure_touches_that_setting_only() -> None:
    base = dict(PRESETS["us-irb"].content)
    changed = as_json(parse({**base, "procedures": base["procedures"] | {"expedited": {"reviewers": 2}}}))
    assert changed_settings(base, changed) == ("procedures.expedited.reviewers",)


def test_every_setting_has_a_path_of_its_own() -> None:
    paths = setting_paths()
    assert len(paths) == len(set(paths))
    assert set(BOARD_SETTINGS) < set(paths)
    assert set(settings_of(PRESETS["us-irb"].content)) == set(paths)


def test_another_code_is_no_preset() -> None:
    assert preset_of("eu-rec") is None
