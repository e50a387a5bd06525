"""What the libraries of China and of the boards' own duties hold: figures, cadences, how to judge, what is unsure."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import compliance
from compliance.rules.applicability import Outcome, judge, read_applies

FOLDER = Path(compliance.__file__).parent / "libraries"
CODES = (
    "board-duties", "cn-algorithm-filing", "cn-ethics-review", "cn-genai-measures", "cn-labelling", "cn-pipl",
    "cn-tc260-003", "common-rule", "part-11",
)  # fmt: skip
UNSURE = re.compile(r"second-hand|from memory|understood|said to|reports on")
SENTENCE = re.compile(r"(?<=[.?!])\s|(?<=[\u3002\uff1f\uff01])")


def read(code: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load((FOLDER / f"{code}.yaml").read_bytes(), loader)
    return data


LIBRARIES = {code: read(code) for code in CODES}
CONTROLS = {
    (code, control["number"]): control for code, data in LIBRARIES.items() for control in data["controls"]
}


@pytest.mark.parametrize("code", CODES)
def test_each_control_says_how_to_judge_it_and_no_sentence_stands_there_twice(code: str) -> None:
    seen: Counter[str] = Counter()
    for control in LIBRARIES[code]["controls"]:
        assert len(control["help"]["en"]) >= 110, control["number"]
        assert len(control["help"]["zh"]) >= 35, control["number"]
        assert all([control["evidence"], control["article"], control["cadence"]]), control["number"]
        assert max(len(title) for title in control["title"].values()) <= 100, control["number"]
        for field in ("title", "text", "help", "evidence"):
            for text in control[field].values():
                seen.update(part.strip() for part in SENTENCE.split(text) if part.strip())
    assert [sentence for sentence, times in seen.items() if times > 1] == []


def test_the_risks_of_the_security_requirements_are_told_apart() -> None:
    risks = [
        control
        for control in LIBRARIES["cn-tc260-003"]["controls"]
        if re.fullmatch(r"[A-E]\.\d\d", control["number"])
    ]
    assert Counter(control["group"] for control in risks) == {"A": 8, "B": 9, "C": 5, "D": 7, "E": 2}
    for field in ("text", "help"):
        for language in ("en", "zh"):
            assert len({control[field][language] for control in risks}) == 31


@pytest.mark.parametrize(
    ("number", "figures"),
    [
        ("5.1-a", ["5 %"]), ("8.1", ["10,000", "17", "200", "100"]), ("8.2", ["2,000", "31", "50", "20"]),
        ("8.3", ["500", "17", "20"]), ("8.3-b", ["500", "20"]), ("9.2-a", ["4,000", "96 %"]),
        ("9.2-b", ["10 %", "98 %"]), ("9.3", ["1,000", "90 %"]), ("9.3-b", ["1,000", "90 %"]),
        ("9.4", ["300", "95 %"]), ("9.4-b", ["300", "5 %"]),
    ],
)  # fmt: skip
def test_figures_stand_in_both_languages_and_are_not_called_law(number: str, figures: list[str]) -> None:
    control = CONTROLS["cn-tc260-003", number]
    for figure in figures:
        assert figure in control["text"]["en"]
        assert figure.replace(" %", "%") in control["text"]["zh"]
    assert control["confidence"] in {"S", "M"}
    assert control["cadence"]["basis"] != "L"


@pytest.mark.parametrize(
    ("obligation", "every"),
    [
        ("C01", {"yearly"}), ("C02", {"half-yearly"}), ("C03", {"yearly", "monthly"}), ("C04", {"yearly"}),
        ("C05", {"weekly"}), ("C06", {"monthly"}), ("C10", {"monthly"}), ("C11", {"monthly"}),
        ("C13", {"two-yearly"}), ("C14", {"yearly"}), ("B01", {"yearly"}), ("B02", {"yearly"}),
        ("B03", {"quarterly"}), ("B04", {"monthly"}),
    ],
)  # fmt: skip
def test_what_comes_round_comes_round_at_its_own_pace(obligation: str, every: set[str]) -> None:
    found = [control for control in CONTROLS.values() if obligation in control.get("obligations", [])]
    assert {control["cadence"].get("every", "") for control in found} == every
    assert all(len(control["obligations"]) == 1 for control in found)


def test_two_years_of_an_audit_bind_above_ten_million_people_only() -> None:
    control = CONTROLS["cn-pipl", "54"]
    for text in (control["text"], control["cadence"]["note"]):
        assert "ten million" in text["en"]
        assert "一千万" in text["zh"]
    assert control["cadence"]["basis"] != "L"


def test_what_is_from_memory_is_never_called_law_and_law_that_calls_itself_unsure_is_not_marked_as_read() -> (
    None
):
    for place, control in CONTROLS.items():
        if control["confidence"] == "M":
            assert control["cadence"]["basis"] != "L", place
        if control["confidence"] == "V":
            assert not UNSURE.search(control["text"]["en"]), place


@pytest.mark.parametrize("code", ["cn-ethics-review", "common-rule", "part-11"])
def test_only_a_person_can_know_whether_a_board_works_under_these_rules(code: str) -> None:
    assert judge(read_applies(LIBRARIES[code]["applies"]), {}).outcome is Outcome.UNKNOWN
