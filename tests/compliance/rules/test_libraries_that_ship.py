"""What the libraries that ship must hold: every recurring obligation, both languages, sources, true mappings."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import compliance
from compliance.rules.applicability import Outcome, judge, read_applies
from compliance.rules.library_file import faults_of

FOLDER = Path(compliance.__file__).parent / "libraries"
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff]\s*[,;:!?()]|[,;:!?()]\s*[\u4e00-\u9fff]")
OBLIGATIONS = {
    f"{framework}{number:02}"
    for framework, count in {"E": 20, "N": 5, "I": 10, "C": 14, "B": 5}.items()
    for number in range(1, count + 1)
}


def read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return data


LIBRARIES = {data["code"]: data for data in map(read, sorted(FOLDER.glob("*.yaml")))}
CONTROLS = [(code, control) for code, data in LIBRARIES.items() for control in data["controls"]]


@pytest.mark.parametrize("code", sorted(LIBRARIES))
def test_every_library_is_sound_and_its_chinese_has_chinese_marks(code: str) -> None:
    data = LIBRARIES[code]
    assert faults_of(data) == []
    for control in data["controls"]:
        assert control.get("source") or data.get("source"), control["number"]
        for field in ("title", "text", "help", "evidence"):
            text = control.get(field, {"en": "-", "zh": "－"})
            assert not HALF_WIDTH.search(text["zh"]), (control["number"], text["zh"])
            assert not re.search(r"[\u4e00-\u9fff]", text["en"]), (control["number"], text["en"])
    if "applies" in data:
        assert read_applies(data["applies"]).to == data["applies"]["to"]


def test_every_recurring_obligation_stands_in_a_library_with_its_cadence() -> None:
    covered = Counter(id_ for _code, control in CONTROLS for id_ in control.get("obligations", []))
    assert len(OBLIGATIONS) == 54
    assert set(covered) == OBLIGATIONS
    for _code, control in CONTROLS:
        if control.get("obligations"):
            cadence = control["cadence"]
            assert cadence.get("every") or cadence.get("events"), control["number"]


def test_the_frameworks_are_whole() -> None:
    nist = Counter(control["number"].split("-")[0] for control in LIBRARIES["nist-ai-rmf"]["controls"])
    assert nist == {"GOVERN": 19, "MAP": 18, "MEASURE": 22, "MANAGE": 13}
    assert len(LIBRARIES["nist-ai-rmf"]["groups"]) == 19
    profile = Counter(control["group"] for control in LIBRARIES["nist-ai-600-1"]["controls"])
    assert (len(profile), min(profile.values()), profile.total()) == (12, 2, 40)
    annex = [c for c in LIBRARIES["iso-42001"]["controls"] if c["number"].startswith("A.")]
    assert (len(annex), len({control["group"] for control in annex})) == (38, 9)
    risks = [c for c in LIBRARIES["cn-tc260-003"]["controls"] if re.fullmatch(r"[A-E]\.\d\d", c["number"])]
    assert (len(risks), len({control["group"] for control in risks})) == (31, 5)


def test_every_mapping_leads_to_a_control_of_another_library() -> None:
    known = {f"{code}:{control['number']}" for code, control in CONTROLS}
    for code, control in CONTROLS:
        for mapping in control.get("mappings", []):
            assert mapping in known, f"{code} {control['number']}"
            assert not mapping.startswith(f"{code}:"), f"{code} {control['number']}"


DEEP = ("nist-ai-rmf", "nist-ai-600-1", "iso-42001", "release-readiness")


@pytest.mark.parametrize("code", DEEP)
def test_each_control_says_how_to_judge_it_and_what_shows_it_in_words_of_its_own(code: str) -> None:
    seen: Counter[str] = Counter()
    for control in LIBRARIES[code]["controls"]:
        texts = [control[field][language] for field in ("title", "text", "help") for language in ("en", "zh")]
        assert all([*texts, control["evidence"]]), control["number"]
        assert len(control["help"]["en"]) >= 120, control["number"]
        assert len(control["help"]["zh"]) >= 35, control["number"]
        assert max(len(title) for title in control["title"].values()) <= 100
        for text in texts:
            seen.update(
                part.strip()
                for part in re.split(r"(?<=[.?!])\s|(?<=[\u3002\uff1f\uff01])", text)
                if part.strip()
            )
    assert [sentence for sentence, times in seen.items() if times > 1] == []


def test_the_actions_of_the_generative_profile_lead_to_the_outcomes_that_their_ids_name() -> None:
    functions = {"GV": "GOVERN", "MP": "MAP", "MS": "MEASURE", "MG": "MANAGE"}
    for control in LIBRARIES["nist-ai-600-1"]["controls"]:
        named = re.findall(r"\b(GV|MP|MS|MG)-(\d+\.\d+)-\d{3}\b", control["article"])
        assert named, control["number"]
        assert control["confidence"] == "S", control["number"]
        outcomes = {f"nist-ai-rmf:{functions[short]}-{number}" for short, number in named}
        assert outcomes <= set(control["mappings"]), control["number"]


def test_a_version_that_only_classifies_is_no_generative_one_until_somebody_says_so() -> None:
    applies = read_applies(LIBRARIES["nist-ai-600-1"]["applies"])
    outcomes = [
        judge(applies, {"modality": [kind]}).outcome for kind in ("text", "image", "audio", "tabular")
    ]
    assert outcomes == [Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.NO]


@pytest.mark.parametrize(
    ("obligation", "every", "happening"),
    [
        ("N01", "yearly", ""), ("N02", "yearly", "version_created"), ("N03", "monthly", ""),
        ("N04", "half-yearly", ""), ("N05", "", "version_released"),
    ],
)  # fmt: skip
def test_what_nist_asks_again_and_again_comes_round_as_the_list_of_obligations_says(
    obligation: str, every: str, happening: str
) -> None:
    found = [
        control["cadence"] for _code, control in CONTROLS if obligation in control.get("obligations", [])
    ]
    assert found
    for cadence in found:
        assert cadence.get("every", "") == every
        assert not happening or happening in cadence["events"]
