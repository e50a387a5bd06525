"""What may happen, and what a dossier adds."""

import pytest

from compliance.rules.happenings import (
    Happening,
    base_changed,
    data_sets_added,
    in_order,
    names_of_data_sets,
)


def test_happenings_stand_in_one_order_and_once() -> None:
    assert in_order(["incident", "version_created", "incident"]) == [
        Happening.VERSION_CREATED,
        Happening.INCIDENT,
    ]
    with pytest.raises(ValueError, match="full_moon"):
        in_order(["full_moon"])


@pytest.mark.parametrize(
    ("base", "relation", "former", "changed"),
    [
        ("Cutter 3", "finetuned", ("Cutter 3", "finetuned"), False),
        (" cutter  3", "finetuned", ("Cutter 3", "finetuned"), False),
        ("Cutter 4", "finetuned", ("Cutter 3", "finetuned"), True),
        ("Cutter 3", "adapter", ("Cutter 3", "finetuned"), True),
        ("", "none", ("Cutter 3", "finetuned"), True),
        ("Cutter 3", "finetuned", None, False),
    ],
)
def test_a_base_model_changes_between_a_version_and_its_predecessor(
    base: str, relation: str, former: tuple[str, str] | None, changed: bool
) -> None:
    assert base_changed(base, relation, former) is changed


def test_data_sets_are_named_in_rows_or_lines() -> None:
    assert names_of_data_sets([{"name": " Tide tables "}, {"name": ""}, {"right": "CC0"}, 7]) == [
        "Tide tables"
    ]
    assert names_of_data_sets("Tide tables\n\nLogbooks") == ["Tide tables", "Logbooks"]
    assert names_of_data_sets(None) == []


def test_only_a_name_that_was_not_there_is_added() -> None:
    before = [{"name": "Tide tables"}, {"name": "Logbooks"}]
    after = [{"name": "tide  Tables"}, {"name": "Charts"}, {"name": "charts"}]
    assert [name.casefold() for name in data_sets_added(before, after)] == ["charts"]
    assert data_sets_added(after, [{"name": "Charts"}]) == []
    assert data_sets_added(None, "Charts") == ["Charts"]
