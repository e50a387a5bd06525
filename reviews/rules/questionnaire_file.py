"""Checking the data of a questionnaire's file: everything that is wrong with it is named at once."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reviews.rules.questionnaire import (
    About,
    Condition,
    Option,
    Question,
    Questionnaire,
    QuestionType,
    Text,
    Topic,
)

_QUESTION_KEYS = {
    "key", "text", "help", "example", "type", "required", "files", "options", "unit", "minimum", "maximum", "places",
    "when", "columns", "from",
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
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class QuestionnaireInvalid(ValueError):  # noqa: N818
    """The data are no questionnaire; `problems` are sentences with the place of each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_questionnaire(data: Mapping[str, Any]) -> Questionnaire:
    """Return the questionnaire; raises QuestionnaireInvalid with all faults."""
    reader = _Reader()
    questionnaire = reader.questionnaire(data)
    if reader.problems:
        raise QuestionnaireInvalid(reader.problems)
    return questionnaire


class _Reader:
    """Reads from top to bottom, so that a condition can only look at an earlier question."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.seen: dict[str, Question] = {}

    def wrong(self, place: str, what: str) -> None:
        self.problems.append(f"{place}: {what}")

    def questionnaire(self, data: Mapping[str, Any]) -> Questionnaire:
        version = data.get("version")
        if not isinstance(version, str) or not version:
            self.wrong("version", "is missing")
        topics = tuple(self.topic(item, number) for number, item in enumerate(data.get("topics") or [], 1))
        if not topics:
            self.wrong("topics", "are missing")
        if len({topic.key for topic in topics}) < len(topics):
            self.wrong("topics", "two have the same key")
        return Questionnaire(str(version), topics)

    def topic(self, data: Mapping[str, Any], number: int) -> Topic:
        key = str(data.get("key", ""))
        title = self.text(data, "title", f"topic {number}")
        questions = [
            self.question(item, f"{number}.{place}")
            for place, item in enumerate(data.get("questions") or [], 1)
        ]
        if not key or not questions:
            self.wrong(f"topic {number}", "has no key or no questions")
        return Topic(key, number, title, tuple(questions))

    def question(self, data: Mapping[str, Any], number: str) -> Question:
        for unknown in sorted(set(data) - _QUESTION_KEYS):
            self.wrong(number, f"unknown entry {unknown}")
        key, kind = str(data.get("key", "")), self.kind(data, number)
        if not key or key in self.seen:
            self.wrong(number, f"key {key!r} is missing or used twice")
        question = replace(
            self.asked(data, kind, key, number, "text"),
            takes_files=kind == QuestionType.FILE or data.get("files") is True,
            when=tuple(self.condition(item, number) for item in data.get("when") or []),
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
            required=data.get("required") is True,
            options=self.options(data, kind, number),
            unit=self.optional(data, "unit", number),
            minimum=str(data.get("minimum", "")),
            maximum=str(data.get("maximum", "")),
            places=int(data.get("places", 0)),
            example=self.optional(data, "example", number),
            found_in=self.found_in(data, number),
        )

    def columns(self, data: Mapping[str, Any], kind: QuestionType, number: str) -> tuple[Question, ...]:
        items = data.get("columns") or []
        if (kind == QuestionType.ROWS) != bool(items) or len(items) > MOST_COLUMNS:
            self.wrong(number, f"columns belong to rows, 1 to {MOST_COLUMNS} of them")
        columns = tuple(self.column(item, f"{number} column {place}") for place, item in enumerate(items, 1))
        if len({column.key for column in columns}) < len(columns):
            self.wrong(number, "two columns have the same key")
        return columns

    def column(self, data: Mapping[str, Any], place: str) -> Question:
        for unknown in sorted(set(data) - _COLUMN_KEYS):
            self.wrong(place, f"unknown entry {unknown}")
        key, kind = str(data.get("key", "")), self.kind(data, place)
        if not _KEY.fullmatch(key):
            self.wrong(place, f"key {key!r} is missing, or isn't made of small letters, digits and _")
        if kind not in _IN_CELLS:
            self.wrong(place, f"{kind.value} is no type of a column")
        return self.asked(data, kind, key, place, "label")

    def found_in(self, data: Mapping[str, Any], number: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return where files state the answer."""
        given = data.get("from") or {}
        if not isinstance(given, Mapping) or not all(
            source in SOURCES and isinstance(names, list) and names and all(isinstance(n, str) for n in names)
            for source, names in given.items()
        ):
            self.wrong(number, f"from needs a list of names for some of {', '.join(SOURCES)}")
            return ()
        return tuple((source, tuple(given[source])) for source in SOURCES if source in given)

    def optional(self, data: Mapping[str, Any], name: str, place: str) -> Text:
        return self.text(data, name, place) if name in data else Text("", "")

    def kind(self, data: Mapping[str, Any], number: str) -> QuestionType:
        try:
            kind = QuestionType(data.get("type", ""))
        except ValueError:
            self.wrong(number, f"unknown type {data.get('type')!r}")
            return QuestionType.MARKDOWN
        if kind != QuestionType.NUMBER and {"unit", "minimum", "maximum", "places"} & set(data):
            self.wrong(number, "only a number has unit, limits and places")
        if kind == QuestionType.NUMBER and "unit" not in data:
            self.wrong(number, "a number needs its unit")
        return kind

    def options(self, data: Mapping[str, Any], kind: QuestionType, number: str) -> tuple[Option, ...]:
        items = data.get("options") or []
        chooses = kind in {QuestionType.CHOICE, QuestionType.CHOICES}
        if chooses != bool(items):
            self.wrong(number, "options belong to choices, and every choice has them")
        options = tuple(
            Option(_code(item), self.text(item, "label", number), item.get("alone") is True) for item in items
        )
        if len({option.code for option in options}) < len(options) or not all(
            option.code for option in options
        ):
            self.wrong(number, "codes of options are missing or used twice")
        return options

    def condition(self, data: Mapping[str, Any], number: str) -> Condition:
        about = About.QUESTION if "question" in data else About.FACT
        key, any_of = str(data.get(about.value, "")), frozenset(map(str, data.get("any_of") or []))
        earlier = self.seen.get(key)
        if not key or not any_of:
            self.wrong(number, "a condition names a question or a fact, and codes")
        elif about == About.QUESTION and earlier is None:
            self.wrong(number, f"the condition looks at {key}, which is no earlier question")
        elif earlier is not None and about == About.QUESTION:
            for code in sorted(any_of):
                if earlier.option(code) is None:
                    self.wrong(number, f"{key} has no option {code}")
        return Condition(about, key, any_of)

    def text(self, data: Mapping[str, Any], name: str, place: str) -> Text:
        value = data.get(name)
        words = value if isinstance(value, Mapping) else {}
        if not (isinstance(words.get("en"), str) and isinstance(words.get("zh"), str)):
            self.wrong(place, f"{name} needs en and zh")
        return Text(str(words.get("en", "")), str(words.get("zh", "")))


def _code(item: Mapping[str, Any]) -> str:
    """Return the code of an option; YAML reads `no` without quotes as false, which is no code."""
    code = item.get("code")
    return code if isinstance(code, str) else ""
