"""What a library file may hold, and that everything wrong with one is named with its place."""

from copy import deepcopy
from typing import Any

import pytest

from compliance.rules.library_file import faults_of

WORDS = {"en": "words", "zh": "文字"}
SOUND: dict[str, Any] = {
    "code": "ours", "framework": "house-rules", "name": WORDS, "source": "Ours",
    "groups": [{"number": "G1", "name": WORDS}],
    "applies": {"to": "version", "when": [{"fact": "markets", "has_any": ["eu"]}], "reason": WORDS},
    "controls": [
        {
            "number": "A.1", "group": "G1", "title": WORDS, "text": WORDS, "confidence": "P", "obligations": ["E01"],
            "cadence": {"every": "quarterly", "events": ["incident"], "basis": "L", "note": WORDS},
            "mappings": ["eu-ai-act:9"],
        }
    ],
}  # fmt: skip


def changed(place: str, value: Any) -> dict[str, Any]:
    data = deepcopy(SOUND)
    control = data["controls"][0]
    if place.startswith("control."):
        control[place.removeprefix("control.")] = value
    elif place.startswith("cadence."):
        control["cadence"][place.removeprefix("cadence.")] = value
    elif place.startswith("applies."):
        data["applies"][place.removeprefix("applies.")] = value
    else:
        data[place] = value
    return data


def test_a_library_with_everything_is_sound() -> None:
    assert faults_of(SOUND) == []


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("code", "Not a slug", "code is no slug"),
        ("framework", "two words", "framework is no slug"),
        ("source", "", "A.1: source is missing"),
        ("groups", {}, "groups is no list"),
        ("groups", [{"name": WORDS}], "group 1: number is missing"),
        ("groups", [SOUND["groups"][0]] * 2, "group G1 stands there twice"),
        ("groups", [{"number": "G1", "name": WORDS, "kind": 1}], "group G1: unknown key kind"),
        ("control.group", "G2", "A.1: its group stands nowhere in groups"),
        ("control.number", "A 1", "A 1: number has up to 20 letters, digits, points and hyphens"),
        ("control.number", "A" * 21, "number has up to 20 letters"),
        ("control.title", {"en": "t" * 201, "zh": "题"}, "A.1: title is longer than 200 characters"),
        ("control.obligations", ["E1"], "A.1: obligations is no list of ids"),
        ("control.mappings", ["nowhere"], "A.1: mappings is no list of code:number"),
        ("control.mappings", "eu-ai-act:9", "A.1: mappings is no list of code:number"),
        ("control.cadence", "yearly", "A.1: cadence is no mapping"),
        ("cadence.every", "often", "A.1: cadence: every is not one of daily, weekly"),
        ("cadence.every", ["daily"], "A.1: cadence: every is not one of daily, weekly"),
        ("cadence.events", ["moon"], "A.1: cadence: events are not of"),
        ("cadence.basis", "X", "A.1: cadence: basis is not one of L, P, S, M"),
        ("cadence.then", 1, "A.1: cadence: unknown key then"),
        ("applies", [], "applies is no mapping"),
        ("applies.to", "moon", "applies: to is not one of organisation"),
        ("applies.reason", {"en": "x"}, "applies: reason needs en and zh"),
        ("applies.when", {}, "applies: when is no list"),
        ("applies.when", [{"fact": "moon", "has_any": ["x"]}], "applies: condition 1: needs a fact"),
        ("applies.when", [{"fact": "markets", "is": ["x"]}], "applies: condition 1: is is not one of"),
        ("applies.when", [{"fact": "markets", "has_any": []}], "has_any needs a list of codes"),
        ("applies.when", [{"fact": "compute", "at_least": "much"}], "at_least needs a number"),
        ("applies.when", [{"fact": "compute", "at_least": "NaN"}], "at_least needs a number"),
        ("applies.to", "project", "applies: conditions ask what is known of models and versions only"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(place: str, value: Any, said: str) -> None:
    assert said in "; ".join(faults_of(changed(place, value)))


def test_what_a_person_has_to_decide_needs_no_reason_but_both_languages() -> None:
    assert faults_of(changed("applies", {"to": "organisation", "depends": WORDS})) == []
    assert faults_of(changed("applies", {"to": "organisation", "depends": {"en": "x"}})) == [
        "applies: depends needs en and zh"
    ]


def test_a_library_without_groups_has_controls_without_one() -> None:
    data = changed("groups", [])
    assert faults_of(data) == ["A.1: its group stands nowhere in groups"]
    del data["controls"][0]["group"]
    assert faults_of(data) == []
