"""What the files of a model's folder state about it: facts of the version and answers, each with its source."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from imprimatur.cards.reading import LARGEST_JSON, read
from imprimatur.cards.stated import Card, CardFault, Kind, Place, Stated
from imprimatur.dossier.facts import StatedFact, facts_of
from imprimatur.dossier.prefill import matches
from imprimatur.dossier.questionnaire import Question, Questionnaire, QuestionType, Row, Value

MOST_WEIGHTS = 64
_READ_OF_WEIGHTS = LARGEST_JSON + 8
_FIRST = ("readme.md", "model_card.md", "model-card.md", "modelcard.md", "card.md")


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read: file, place in it, and its words."""

    file: str
    place: Place
    quote: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What files say about a question; without a value nothing of it is an answer as it stands."""

    question: Question
    value: Value
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was read, and what was left out."""

    cards: tuple[str, ...]
    facts: tuple[StatedFact, ...]
    answers: tuple[Answered, ...]
    model: StatedFact | None
    doubts: tuple[str, ...]

    def answer(self, key: str) -> Answered | None:
        """Return what files say about a question."""
        return next((one for one in self.answers if one.question.key == key), None)

    def fact(self, name: str) -> StatedFact | None:
        """Return what files say of a fact of the version."""
        return next((one for one in self.facts if one.field == name), None)


def cards_in(folder: Path) -> list[Path]:
    """Return the files at the top of the folder that describe the model, or a dataset: best first.

    Of weights in several files the index is read if there is one.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    texts = [path for path in files if path.suffix.lower() in {".md", ".markdown"}]
    named = [path for path in texts if path.name.lower() in _FIRST]
    named.sort(key=lambda path: _FIRST.index(path.name.lower()))
    data = [path for path in files if _may_be_croissant(path.name.lower())]
    index = [path for path in files if path.name.endswith(".safetensors.index.json")]
    weights = [path for path in files if path.suffix == ".safetensors"]
    return [*(named or texts[:1]), *data, *(index or weights[:MOST_WEIGHTS])]


def find(cards: Iterable[tuple[str, Path]], questionnaire: Questionnaire) -> Found:
    """Read the files (name under which each is told, and where it lies); raises OSError for one that can't be read."""
    read_cards: list[tuple[str, Card]] = []
    doubts: list[str] = []
    for name, path in cards:
        try:
            card = read_card(path)
        except CardFault as fault:
            doubts.append(f"{name}: {fault.doubt}")
            continue
        read_cards.append((name, card))
        doubts += [f"{name}: {doubt}" for doubt in card.doubts]
    names = tuple(name for name, _card in read_cards)
    return Found(
        names, tuple(facts_of(read_cards)), tuple(_answers(read_cards, questionnaire)), _model(read_cards),
        tuple(doubts),
    )  # fmt: skip


def read_card(path: Path) -> Card:
    """Read one file; of weights the header only."""
    with path.open("rb") as file:
        if path.suffix == ".safetensors":
            return read(io.BytesIO(file.read(_READ_OF_WEIGHTS)), path.name, path.stat().st_size)
        return read(file, path.name)


def _may_be_croissant(name: str) -> bool:
    return name.endswith(".jsonld") or (name.endswith(".json") and "croissant" in name)


def _model(cards: Iterable[tuple[str, Card]]) -> StatedFact | None:
    """Return the name that a card of the model gives it."""
    for file, card in cards:
        for stated in card.of("model_name") if card.kind != Kind.CROISSANT else ():
            if len(stated.text) <= 120 and "\n" not in stated.text:
                return StatedFact("model", stated.text, file, stated)
    return None


def _answers(cards: list[tuple[str, Card]], questionnaire: Questionnaire) -> Iterator[Answered]:
    found: dict[str, Answered] = {}
    for file, card in cards:
        for match in matches(card, questionnaire.questions):
            new = Answered(match.question, match.value, _sources(file, match.stated))
            old = found.get(match.question.key)
            found[match.question.key] = new if old is None else _joined(old, new)
    order = [question.key for question in questionnaire.questions]
    yield from sorted(found.values(), key=lambda one: order.index(one.question.key))


def _sources(file: str, stated: Iterable[Stated]) -> tuple[Source, ...]:
    return tuple(Source(file, one.place, one.quote) for one in stated)


def _joined(old: Answered, new: Answered) -> Answered:
    """Return both: rows about other things are added, of anything else the first file's counts."""
    if old.value is None or new.value is None:
        return old if new.value is None else new
    if old.question.type != QuestionType.ROWS:
        return old
    first = old.question.columns[0].key
    rows = [*_rows(old.value)]
    known = {str(row.get(first, "")).casefold() for row in rows}
    more = [row for row in _rows(new.value) if str(row.get(first, "")).casefold() not in known]
    return Answered(old.question, [*rows, *more], old.sources + (new.sources if more else ()))


def _rows(value: Value) -> list[Row]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
