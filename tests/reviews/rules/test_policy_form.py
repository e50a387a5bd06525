"""The form of a policy: it holds every setting, begins from a policy, and what was changed has no source any more."""

from typing import Any

import pytest
from django.http import QueryDict

from reviews.forms.policies import PolicyForm
from reviews.forms.policy_groups import groups_of
from reviews.rules.policy import BoardPolicy, as_json
from reviews.rules.policy_presets import PRESETS, policy_of_preset
from reviews.rules.policy_sources import BOARD_SETTINGS, setting_paths
from reviews.rules.procedures import KEYS_OF
from reviews.selectors.policy_page import GROUPS, board_groups, changes_between, procedure_groups
from reviews.selectors.policy_values import LABELS, VALUES


def sent(policy: BoardPolicy, **changes: str | list[str] | None) -> QueryDict:
    """Return what a browser sends of the form of this policy, with some of it written anew; None: left out."""
    form, data = PolicyForm(policy=policy), QueryDict(mutable=True)
    for name in form.fields:
        value = changes.get(name, form[name].value())
        if isinstance(value, list):
            data.setlist(name, [str(one) for one in value])
        elif value is not None and value is not False and value != "":
            data[name] = str(value)
    return data


@pytest.mark.parametrize(
    "policy", [BoardPolicy(), *map(policy_of_preset, PRESETS)], ids=["defaults", *PRESETS]
)
def test_a_form_that_is_sent_as_it_was_filled_is_the_same_policy(policy: BoardPolicy) -> None:
    form = PolicyForm(sent(policy), policy=policy)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["content"] == as_json(policy)


def test_a_setting_that_was_changed_was_set_by_this_organisation() -> None:
    preset = policy_of_preset("us-irb")
    changes: dict[str, Any] = {
        "quorum_kind": "fraction", "quorum_numerator": "2", "quorum_denominator": "3", "expedited_reviewers": "2",
        "emergency_own_threshold": "on", "emergency_threshold_numerator": "3", "emergency_threshold_denominator": "4",
        "emergency_threshold_of": "all_seated", "expiry_notices": "60，14", "conflicts": ["same_team"],
    }  # fmt: skip
    form = PolicyForm(sent(preset, **changes), policy=preset)
    assert form.is_valid(), form.errors
    content = form.cleaned_data["content"]
    assert content["quorum"] == {"kind": "fraction", "numerator": 2, "denominator": 3}
    assert content["procedures"]["expedited"]["reviewers"] == 2
    assert content["procedures"]["emergency"]["threshold"]["of"] == "all_seated"
    assert (content["expiry_notices"], content["conflicts"], content["preset"]) == (
        [60, 14],
        ["same_team"],
        "us-irb",
    )
    lost = set(as_json(preset)["sources"]) - set(content["sources"])
    assert lost == {"quorum", "procedures.expedited.reviewers", "expiry_notices", "conflicts"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (
            {"threshold_numerator": "1", "threshold_denominator": "2", "threshold_strict": None},
            "threshold_numerator",
        ),
        ({"quorum_kind": "count", "quorum_count": None}, "quorum_kind"),
        ({"present_2": "1"}, "present_2"),
        ({"expert_panel_numerator": "1", "expert_panel_denominator": "2"}, "expert_panel_numerator"),
        ({"emergency_own_quorum": "on"}, "emergency_quorum_kind"),
        ({"expedited_own_threshold": "on"}, "expedited_threshold_numerator"),
        ({"full_term_count": "800"}, "full_term_count"),
        ({"expedited_reviewers": "4"}, "expedited_reviewers"),
        ({"expiry_notices": "90, soon"}, "expiry_notices"),
        ({"expiry_notices": "0"}, "expiry_notices"),
        ({"ballot_days": None}, "ballot_days"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_its_procedure_unfolds(
    changes: dict[str, str | list[str] | None], field: str
) -> None:
    form = PolicyForm(sent(BoardPolicy(), **changes), policy=BoardPolicy())
    assert not form.is_valid()
    assert list(form.errors) == [field]
    unfolded = [group.title for group in groups_of(form) if group.open]
    code = field.split("_", maxsplit=1)[0]
    assert len(unfolded) == (1 if code in KEYS_OF else 0)


def test_an_expedited_review_can_not_be_made_to_reject() -> None:
    assert "expedited_may_reject" not in PolicyForm(policy=BoardPolicy()).fields
    form = PolicyForm(sent(BoardPolicy()), policy=BoardPolicy())
    assert form.is_valid()
    assert form.cleaned_data["content"]["procedures"]["expedited"]["may_reject"] is False


def test_every_setting_has_its_field_its_name_and_its_words() -> None:
    assert {key for _title, keys in GROUPS for key in keys} == set(BOARD_SETTINGS)
    keys = {path.rsplit(".", maxsplit=1)[-1] for path in setting_paths()}
    assert keys - set(LABELS) == set() == keys - set(VALUES)
    form = PolicyForm(policy=policy_of_preset("cn-ethics-2023"))
    laid_out = {field.name for group in groups_of(form) for row in group.rows for field in row.fields}
    assert set(form.fields) - laid_out == {"preset"}


def test_the_page_tells_each_setting_with_its_source_and_what_the_board_decides_by() -> None:
    policy = policy_of_preset("cn-ethics-2023")
    shown = {setting.path: setting for group in board_groups(policy) for setting in group.settings}
    assert (shown["quorum"].value, shown["threshold"].value) == (
        "5 people present", "two thirds of those who are present and may vote",
    )  # fmt: skip
    assert shown["quorum"].source is not None
    assert shown["quorum"].source.word == "Law, read in the text"
    assert shown["threshold"].source is not None
    assert shown["threshold"].source.word == "From memory"
    groups = {group.title: group for group in procedure_groups(policy)}
    assert list(groups) == ["Exempt", "Expedited", "Full", "Emergency", "Second review by experts"]
    said = {setting.label: setting.value for setting in groups["Emergency"].settings}
    assert (said["A decision is due within"], said["All else"]) == ("72 hours", "as for the board")
    assert "A motion passes with" not in said


def test_what_differs_between_two_policies_is_told_setting_by_setting() -> None:
    changes = list(changes_between(BoardPolicy(), policy_of_preset("us-irb")))
    told = {change.label: (change.before, change.after) for change in changes if not change.where}
    assert told["Who must be present"] == ("nobody in particular", "at least 1 non-technical")
    assert told["Ballots outside meetings"] == ("allowed", "not allowed")
    assert "Quorum" not in told
    assert list(changes_between(BoardPolicy(), BoardPolicy())) == []
