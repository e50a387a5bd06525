"""`imprimatur.yaml`: what a person writes about a release, beside the model; read strictly, each thing with its line.

    imprimatur: draft/v1
    folder: model
    questionnaire: 2026-2
    manifest: {sha256: …}
    project: Ferryman
    model: Ferryman-MT
    version: {number: 2.1, channel: api, …}
    request: {purpose: …, language: en, …}
    cards: [model/README.md]
    answers: {datasets: […], data_rights: …}
    files: {datasets: [evidence/ledger.csv]}

Every value stays the text that was written, so `no` is a code and 2.10 a number of a version. Paths start where the
file lies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from imprimatur.cards.located import Table
from imprimatur.cards.plain_text import decoded
from imprimatur.cards.stated import EXPLANATIONS, CardFault, Reason
from imprimatur.cards.yaml_header import LARGEST, read_header
from imprimatur.dossier.questionnaire import Given, Value

FORMAT = "draft/v1"
NAME = "imprimatur.yaml"
CHANNELS = ("open_weights", "api", "internal", "device")
MODALITIES = ("text", "code", "image", "audio", "video", "tabular", "sensor", "action")
RELATIONS = ("none", "finetuned", "adapter", "quantised", "distilled", "merged")
MARKETS = ("cn", "hk", "eu", "uk", "us", "jp", "kr", "sg", "other")
LANGUAGES = ("en", "zh-hans")
CODES = {"channel": CHANNELS, "modalities": MODALITIES, "relation": RELATIONS, "markets": MARKETS}
LISTS = ("modalities", "markets")
VERSION = (
    "number", "channel", "summary", "modalities", "relation", "base_model", "parameters", "training_compute_flop",
    "licence", "markets",
)  # fmt: skip
REQUEST = ("purpose", "language", "continues", "why")
TOP = (
    "imprimatur", "folder", "questionnaire", "manifest", "project", "model", "version", "request", "cards", "answers",
    "files",
)  # fmt: skip
ABOVE = 10**25
"""Floating-point operations of training from which on some questions are asked: Regulation (EU) 2024/1689, 51(2)."""
_INSTEAD = {
    Reason.NOT_YAML: "it is no valid YAML from here on; a text with a colon needs quotation marks",
    Reason.HEADER_TOO_LARGE: f"it is larger than {LARGEST // 1024} kB; give long texts as files",
    Reason.HEADER_NO_MAPPING: "it is no list of keys with values, as in “model: Ferryman-MT”",
    Reason.SECOND_DOCUMENT: "a second YAML document begins here; leave the line --- out",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the file, and where; line 0 is the file as a whole."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}" if self.line else self.sentence


class DraftInvalid(ValueError):  # noqa: N818  (it's an answer about somebody's file)
    """The file can't be used as it stands; `problems` has everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems[:3])))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Draft:
    """What the file says. Answers are in the shape in which they are kept; what is empty is left out."""

    folder: str
    questionnaire: str
    manifest: str
    project: str
    model: str
    version: Mapping[str, str | list[str]]
    request: Mapping[str, str]
    cards: tuple[str, ...]
    answers: Mapping[str, Value]
    files: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of each thing by its path: "answers.datasets"."""

    @property
    def given(self) -> Given:
        """Return what the rules of the questionnaire look at."""
        facts = {
            "channel": self._codes("channel"), "modality": self._codes("modalities"), "market": self._codes("markets"),
            "relation": self._codes("relation") or frozenset({"none"}),
            "compute": frozenset({"above_1e25"} if number(self.version.get("training_compute_flop")) > ABOVE else ()),
        }  # fmt: skip
        counts = {key: len(paths) for key, paths in self.files.items()}
        return Given(answers=self.answers, files=counts, facts=facts)

    def _codes(self, name: str) -> frozenset[str]:
        value = self.version.get(name, [])
        return frozenset([value] if isinstance(value, str) else value)


def in_lines(fault: DraftInvalid) -> str:
    """Return everything that is wrong, to stand behind a sentence; on lines of its own when there are several."""
    problems = [f"{str(problem).rstrip('.')}." for problem in fault.problems]
    if len(problems) == 1:
        return f" {problems[0][0].upper()}{problems[0][1:]}"
    return "\n  ".join(["", *problems]).rstrip()


def load(data: bytes) -> Table:
    """Return what the YAML says, with lines; raises DraftInvalid."""
    try:
        return read_header(decoded(data, LARGEST), 1)
    except CardFault as fault:
        sentence = _INSTEAD.get(fault.reason) or EXPLANATIONS[fault.reason].format(**fault.doubt.params)
        name = f"{fault.place.name}: " if fault.place.name else ""
        raise DraftInvalid([Problem(fault.place.line, name + sentence)]) from None


def outside(place: Path, folder: Path) -> bool:
    """Say whether the place isn't below the folder, whose manifest would otherwise be about it too."""
    return not place.resolve().is_relative_to(folder.resolve())


def number(value: str | list[str] | None) -> Decimal:
    """Return the number, -1 for what is none."""
    try:
        found = Decimal(value) if isinstance(value, str) and value else Decimal(-1)
    except InvalidOperation:
        return Decimal(-1)
    return found if found.is_finite() else Decimal(-1)
