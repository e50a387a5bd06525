"""What an event changed, without a database."""

import json
from datetime import UTC, datetime
from typing import Any

from audit.differences import changes, changes_of
from audit.telling import Told

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def told(
    number: int, data: dict[str, Any], state: str | None = None, obj: str = "1", **disclosed: str
) -> Told:
    return Told(
        id=number, at=NOW, verb="thing.changed", label="Thing changed", sentence="", who="Ada", pseudonym="a",
        for_whom="", reason="", object_type="auth.group", object_id=obj, rows=(), hash="", erased={},
        leaf={"data": data, "state": state, "personal": {}}, disclosed=disclosed,
    )  # fmt: skip


def pairs(event: Told, *earlier: Told) -> list[tuple[str, str, str, int | None]]:
    return [(change.path, change.old, change.new, change.said_by) for change in changes(event, earlier)]


def test_an_event_that_says_old_and_new_needs_no_other() -> None:
    event = told(7, {"rows": {"old": 3, "new": 4}, "title": "A"})
    assert pairs(event) == [("rows", "3", "4", None)]


def test_the_old_value_is_that_of_the_newest_earlier_event_that_gave_one() -> None:
    event = told(9, {"size": 3, "title": "A", "channel": "api"})
    earlier = (told(8, {"title": "A"}), told(5, {"size": {"old": 1, "new": 2}}), told(4, {"size": 1}))
    assert pairs(event, *earlier) == [("size", "2", "3", 5)]


def test_an_event_that_left_the_fields_as_they_were_changed_nothing() -> None:
    event, before = told(9, {"count": 3}, state="aa"), told(8, {"count": 2}, state="aa")
    assert pairs(event, before) == []
    assert pairs(told(9, {"count": 3}, state="bb"), before) == [("count", "2", "3", 8)]
    assert pairs(told(9, {"language": {"old": "en", "new": "zh"}}, state="aa"), before) == [
        ("language", "en", "zh", None)
    ]


def test_personal_fields_are_compared_as_they_were_disclosed() -> None:
    before = told(3, {}, state="c1", state_=json.dumps({"email": "a@b.c", "name": "Ada", "is_active": True}))
    event = told(
        4, {}, state="c2", state_=json.dumps({"email": "a@b.c", "name": "Ada King", "is_active": True})
    )
    for one in (before, event):
        one.disclosed["state"] = one.disclosed.pop("state_")
    assert pairs(event, before) == [("name", "Ada", "Ada King", 3)]
    event.disclosed["name"] = "Ada, Countess"
    assert pairs(event, before) == [("name", "Ada", "Ada, Countess", 3)]
    del before.disclosed["state"]
    assert pairs(event, before) == []


def test_a_name_stands_instead_of_its_pseudonym_and_other_states_are_no_values() -> None:
    event = told(4, {"person": "p2"}, person="Grace", **{"states.accounts.user.7": "{}", "actor": "Ada"})
    assert pairs(event, told(3, {"person": "p1"}, person="Mary", actor="Eve")) == [
        ("person", "Mary", "Grace", 3)
    ]


def test_only_earlier_events_of_the_same_object_count() -> None:
    story = [told(5, {"size": 2}), told(4, {"size": 9}, obj="2"), told(3, {"size": 1})]
    found = changes_of(story, [told(2, {"size": 7}, obj="2")])
    assert {number: [(one.old, one.new, one.said_by) for one in listed] for number, listed in found.items()} == {
        5: [("1", "2", 3)], 4: [("7", "9", 2)], 3: [],
    }  # fmt: skip
