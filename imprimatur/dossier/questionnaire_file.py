"""Checking the data of a questionnaire's file: everything that is wrong with it is named at once.

The data may come from anybody: whatever stands in the place of a text or a list becomes a named fault. Mappings that
know their lines (`imprimatur.cards.located`) give their faults the line.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from imprimatur.dossier.questionnaire import (
    About,
    Condition,
    Option,
    Question,
    Questionnaire,
    QuestionType,
    Text,
    Topic,
)
from imprimatur.dossier.questionnaire_faults import Problem, QuestionnaireInvalid, Wrong

__all__ = ["MOST_COLUMNS", "SOURCES", "QuestionnaireInvalid", "read_questionnaire"]

_QUESTION_KEYS = {
    "key", "text", "help", "example", "type", "required", "files", "options", "unit", "minimum", "maximum", "places",
    "when", "columns", "from", "afresh",
}  # fmt: skip
_COLUMN_KEYS = {
    "key", "label", "help", "type", "required", "options", "unit", "minimum", "maximum", "places", "from",
}  # fmt: skip
_IN_CELLS = {
    QuestionType.TEXT,
    QuestionType.CHOICE,
    QuestionType.CHOICES,
    QuestionType.NUMBER,
    QuestionType.DATE,
}
SOURCES = ("model_card", "croissant", "safetensors")
"""Kinds of files that a question may name in `from`."""
MOST_COLUMNS = 12
MOST_TOPICS, MOST_QUESTIONS, MOST_OPTIONS = 40, 60, 100
LONGEST = 4_000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def read_questionnaire(data: Mapping[str, Any]) -> Questionnaire:
    """Return the questionnaire; raises QuestionnaireInvalid with all faults."""
    reader = _Reader()
    questionnaire = reader.questionnaire(data)
    if reader.found:
        raise QuestionnaireInvalid(reader.found)
    return questionnaire


class _Reader:
    """Reads from top to bottom, so that a condition can only look at an earlier question."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.seen: dict[str, Question] = {}
        self.line = 0

    def wrong(
        self,
        place: str,
        wrong: Wrong,
        at: object = None,
        key: str = "",
        *,
        name: str = "",
        other: str = "",
        limit: int = 0,
    ) -> None:
        """Note the fault, at the line of the key in the mapping `at` where that is known."""
        line = getattr(at, "lines", {}).get(key) or self.line
        self.found.append(Problem(place, wrong, line, name, other, limit))

    # What may stand where

    def items(self, data: Mapping[str, Any], name: str, place: str, most: int) -> Sequence[Mapping[str, Any]]:
        """Return the mappings of a list, none when it is absent."""
        value = data.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.wrong(place, Wrong.NO_LIST, data, name, name=name)
            return []
        if len(value) > most:
            self.wrong(place, Wrong.TOO_MANY, data, name, limit=most)
        return value[:most]

    def enter(self, data: Mapping[str, Any], name: str, at: int) -> None:
        """Remember the line on which an item of the list begins."""
        lines = getattr(data.get(name), "lines", ())
        self.line = lines[at] if at < len(lines) else 0

    def flag(self, data: Mapping[str, Any], name: str, place: str) -> bool:
        value = data.get(name, False)
        if not isinstance(value, bool):
            self.wrong(place, Wrong.NEITHER, data, name, name=name)
        return value is True

    def number(self, data: Mapping[str, Any], name: str, place: str) -> str:
        value = str(data.get(name, ""))
        if value and not _NUMBER.fullmatch(value):
            self.wrong(place, Wrong.NO_NUMBER, data, name, name=name)
            return ""
        return value

    def text(self, data: Mapping[str, Any], name: str, place: str) -> Text:
        value = data.get(name)
        words = value if isinstance(value, Mapping) else {}
        both = [words.get("en"), words.get("zh")]
        if not all(isinstance(text, str) and text.strip() for text in both):
            self.wrong(place, Wrong.TWO_LANGUAGES, data, name, name=name)
        elif any(len(str(text)) > LONGEST for text in both):
            self.wrong(place, Wrong.TOO_LONG, data, name, name=name, limit=LONGEST)
        return Text(*(text if isinstance(text, str) else "" for text in both))

    def optional(self, data: Mapping[str, Any], name: str, place: str) -> Text:
        return self.text(data, name, place) if name in data else Text("", "")

    def known(self, data: Mapping[str, Any], keys: set[str], place: str) -> None:
        for unknown in sorted(map(str, set(data) - keys)):
            self.wrong(place, Wrong.UNKNOWN_ENTRY, data, unknown, name=unknown[:80])

    # The parts of a questionnaire

    def questionnaire(self, data: Mapping[str, Any]) -> Questionnaire:
        if not isinstance(data, Mapping):
            self.wrong("file", Wrong.NO_MAPPING, name="file")
            return Questionnaire("", ())
        version = data.get("version")
        if not isinstance(version, str) or not version:
            self.wrong("version", Wrong.NO_VERSION)
        topics = []
        for place, item in enumerate(self.items(data, "topics", "topics", MOST_TOPICS)):
            self.enter(data, "topics", place)
            topics.append(self.topic(item, place + 1))
        self.line = 0
        if not topics:
            self.wrong("topics", Wrong.NO_TOPICS, data, "topics")
        if len({topic.key for topic in topics}) < len(topics):
            self.wrong("topics", Wrong.SAME_TOPIC, data, "topics")
        return Questionnaire(str(version), tuple(topics))

    def topic(self, data: Mapping[str, Any], number: int) -> Topic:
        place, begins = f"topic {number}", self.line
        self.known(data, {"key", "title", "questions"}, place)
        key, title = str(data.get("key", "")), self.text(data, "title", place)
        questions = []
        for at, item in enumerate(self.items(data, "questions", place, MOST_QUESTIONS)):
            self.enter(data, "questions", at)
            questions.append(self.question(item, f"{number}.{at + 1}"))
        self.line = begins
        if not _KEY.fullmatch(key) or not questions:
            self.wrong(place, Wrong.EMPTY_TOPIC, data, "key")
        return Topic(key, number, title, tuple(questions))

    def question(self, data: Mapping[str, Any], number: str) -> Question:
        self.known(data, _QUESTION_KEYS, number)
        key, kind = str(data.get("key", "")), self.kind(data, number)
        if not key or key in self.seen:
            self.wrong(number, Wrong.SAME_KEY, data, "key", name=key[:80])
        elif not _KEY.fullmatch(key):
            self.wrong(number, Wrong.BAD_KEY, data, "key", name=key[:80])
        takes_files = self.flag(data, "files", number)
        question = replace(
            self.asked(data, kind, key, number, "text"),
            takes_files=kind == QuestionType.FILE or takes_files,
            afresh=self.flag(data, "afresh", number),
            when=tuple(
                self.condition(item, number) for item in self.items(data, "when", number, MOST_OPTIONS)
            ),
            columns=self.columns(data, kind, number),
        )
        self.seen[key] = question
        return question

    def asked(
        self, data: Mapping[str, Any], kind: QuestionType, key: str, number: str, text: str
    ) -> Question:
        """Return what questions and columns have in common."""
        return Question(
            key=key,
            number=number,
            text=self.text(data, text, number),
            help=self.optional(data, "help", number),
            type=kind,
            required=self.flag(data, "required", number),
            options=self.options(data, kind, number),
            unit=self.optional(data, "unit", number),
            minimum=self.number(data, "minimum", number),
            maximum=self.number(data, "maximum", number),
            places=min(int(float(self.number(data, "places", number) or 0)), 12),
            example=self.optional(data, "example", number),
            found_in=self.found_in(data, number),
        )

    def columns(self, data: Mapping[str, Any], kind: QuestionType, number: str) -> tuple[Question, ...]:
        items = self.items(data, "columns", number, MOST_OPTIONS)
        if (kind == QuestionType.ROWS) != bool(items) or len(items) > MOST_COLUMNS:
            self.wrong(number, Wrong.COLUMNS_OF_ROWS, data, "columns", limit=MOST_COLUMNS)
        columns = tuple(self.column(item, f"{number} column {place}") for place, item in enumerate(items, 1))
        if len({column.key for column in columns}) < len(columns):
            self.wrong(number, Wrong.SAME_COLUMN, data, "columns")
        return columns

    def column(self, data: Mapping[str, Any], place: str) -> Question:
        self.known(data, _COLUMN_KEYS, place)
        key, kind = str(data.get("key", "")), self.kind(data, place)
        if not _KEY.fullmatch(key):
            self.wrong(place, Wrong.BAD_KEY, data, "key", name=key[:80])
        if kind not in _IN_CELLS:
            self.wrong(place, Wrong.NO_CELL, data, "type", name=kind.value)
        return self.asked(data, kind, key, place, "label")

    def found_in(self, data: Mapping[str, Any], number: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return where files state the answer."""
        given = data.get("from") or {}
        if not isinstance(given, Mapping) or not all(
            source in SOURCES and isinstance(names, list) and names and all(isinstance(n, str) for n in names)
            for source, names in given.items()
        ):
            self.wrong(number, Wrong.BAD_FROM, data, "from", name=", ".join(SOURCES))
            return ()
        return tuple((source, tuple(given[source])) for source in SOURCES if source in given)

    def kind(self, data: Mapping[str, Any], number: str) -> QuestionType:
        given = data.get("type", "")
        try:
            kind = QuestionType(given if isinstance(given, str) else "")
        except ValueError:
            self.wrong(number, Wrong.UNKNOWN_TYPE, data, "type", name=str(given)[:80])
            return QuestionType.MARKDOWN
        if kind != QuestionType.NUMBER and {"unit", "minimum", "maximum", "places"} & set(data):
            self.wrong(number, Wrong.ONLY_NUMBERS, data, "type")
        if kind == QuestionType.NUMBER and "unit" not in data:
            self.wrong(number, Wrong.NO_UNIT, data, "type")
        return kind

    def options(self, data: Mapping[str, Any], kind: QuestionType, number: str) -> tuple[Option, ...]:
        items = self.items(data, "options", number, MOST_OPTIONS)
        chooses = kind in {QuestionType.CHOICE, QuestionType.CHOICES}
        if chooses != bool(items):
            self.wrong(number, Wrong.OPTIONS_OF_CHOICES, data, "options")
        options = tuple(
            Option(_code(item), self.text(item, "label", number), self.flag(item, "alone", number))
            for item in items
        )
        codes = {option.code for option in options}
        if len(codes) < len(options) or "" in codes:
            self.wrong(number, Wrong.SAME_CODE, data, "options")
        return options

    def condition(self, data: Mapping[str, Any], number: str) -> Condition:
        about = About.QUESTION if "question" in data else About.FACT
        given = data.get("any_of")
        key, any_of = (
            str(data.get(about.value, "")),
            frozenset(map(str, given if isinstance(given, list) else ())),
        )
        earlier = self.seen.get(key)
        if not key or not any_of:
            self.wrong(number, Wrong.BAD_CONDITION, data, about.value)
        elif about == About.QUESTION and earlier is None:
            self.wrong(number, Wrong.NOT_EARLIER, data, "question", name=key[:80])
        elif earlier is not None and about == About.QUESTION:
            for code in sorted(any_of):
                if earlier.option(code) is None:
                    self.wrong(number, Wrong.NO_OPTION, data, "any_of", name=key, other=code[:80])
        return Condition(about, key, any_of)


def _code(item: Mapping[str, Any]) -> str:
    """Return the code of an option; YAML reads `no` without quotes as false, which is no code."""
    code = item.get("code")
    return code[:60] if isinstance(code, str) else ""
