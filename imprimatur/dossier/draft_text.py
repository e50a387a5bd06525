"""A new `imprimatur.yaml`: every question with what it asks, answers where files state them, sources as comments."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from imprimatur.dossier.draft_file import CODES, FORMAT, LANGUAGES, REQUEST, VERSION
from imprimatur.dossier.draft_words import WORDS, word
from imprimatur.dossier.found import Answered, Found, Source
from imprimatur.dossier.questionnaire import About, Condition, Question, Questionnaire, QuestionType, Row
from imprimatur.dossier.yaml_text import entry, rows

WIDTH = 100
LONGEST_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Bytes:
    """What the manifest of the folder says: its digest, how many files, how many bytes."""

    sha256: str
    files: int
    size: int


@dataclass(frozen=True, slots=True)
class Writing:
    """What a draft is written from; `folder` and `cards` are paths from where the file will lie."""

    name: str
    folder: str
    cards: Sequence[str]
    bytes: Bytes | None
    questionnaire: Questionnaire
    found: Found
    language: str

    def text(self) -> str:
        """Return the whole file."""
        return (
            "\n".join([*self._head(), *self._version(), *self._request(), *self._answers(), *self._files()])
            + "\n"
        )

    def _say(self, name: str, /, **given: object) -> str:
        return word(name, self.language, **given)

    def _head(self) -> Iterator[str]:
        yield from comment(self._say("head", name=self.name), 0)
        yield f"imprimatur: {FORMAT}"
        yield from self._entry("folder", self.folder, 0)
        yield from self._entry("questionnaire", self.questionnaire.version, 0)
        yield from comment(self._say("manifest"), 0)
        yield from manifest_lines(self.bytes)
        yield ""
        yield from self._entry("project", "", 0)
        fact = self.found.model
        if fact is not None:
            yield from sources([Source(fact.file, fact.stated.place, "")], 0, self.language)
        yield from self._entry("model", str(fact.value) if fact else "", 0)

    def _version(self) -> Iterator[str]:
        yield "version:"
        for name in VERSION:
            fact = self.found.fact(name)
            if fact is not None:
                yield from sources([Source(fact.file, fact.stated.place, "")], 2, self.language)
            yield from self._entry(name, fact.value if fact else "", 2, codes=", ".join(CODES.get(name, ())))

    def _request(self) -> Iterator[str]:
        yield "request:"
        for name in REQUEST:
            value = ("zh-hans" if self.language.startswith("zh") else "en") if name == "language" else ""
            yield from self._entry(name, value, 2, codes=", ".join(LANGUAGES))
        yield from comment(self._say("cards"), 0)
        yield from entry("cards", list(self.cards), 0)

    def _entry(self, name: str, value: str | list[str], indent: int, /, **given: object) -> list[str]:
        return [*comment(self._say(name, **given), indent), *entry(name, value or None, indent)]

    def _answers(self) -> Iterator[str]:
        yield ""
        yield from comment(self._say("answers"), 0)
        yield "answers:"
        for topic in self.questionnaire.topics:
            title = f"{topic.number} {topic.title.in_language(self.language)}"
            yield f"  # ── {title} {'─' * max(3, 70 - len(title))}"
            for question in topic.questions:
                yield from about(question, self.language)
                yield from answer_lines(question, self.found.answer(question.key), 2, self.language)
                yield ""

    def _files(self) -> Iterator[str]:
        first = next((one for one in self.questionnaire.questions if one.takes_files), None)
        yield from comment(self._say("files", key=first.key if first else "key"), 0)
        yield "files:"


def manifest_lines(found: Bytes | None) -> list[str]:
    """Return the entry that names the bytes; empty until somebody has hashed them."""
    if found is None:
        return ["manifest:"]
    return ["manifest:", f"  sha256: {found.sha256}", f"  files: {found.files}", f"  bytes: {found.size}"]


def answer_lines(question: Question, answered: Answered | None, indent: int, language: str) -> list[str]:
    """Return the entry of an answer with its sources; where files state none, what they say comes as a comment."""
    lines = sources(answered.sources, indent, language, quoted=answered.value is None) if answered else []
    value = answered.value if answered else None
    if question.type == QuestionType.ROWS and isinstance(value, list):
        whole: list[Row] = [row for row in value if isinstance(row, dict)]
        return [*lines, *rows(question.key, whole, [column.key for column in question.columns], indent)]
    return [*lines, *entry(question.key, value, indent)]


def sources(found: Sequence[Source], indent: int, language: str, *, quoted: bool = False) -> list[str]:
    """Return a comment for each place where something was read, each once."""
    lines: dict[str, None] = {}
    for one in found:
        parts = [word("line", language, line=one.place.line)] if one.place.line else []
        if one.place.name:
            parts.append(word(one.place.name, language) if one.place.name in WORDS else one.place.name)
        if quoted:
            where = word("between", language).join([one.file, *parts])
            quote = textwrap.shorten(one.quote, LONGEST_QUOTE, placeholder=" …")
            said = word("says", language, file=where, quote=quote)
        elif parts:
            said = word("from", language, file=one.file, place=word("between", language).join(parts))
        else:
            said = word("from_whole", language, file=one.file)
        lines |= dict.fromkeys(comment(said, indent))
    return list(lines)


def about(question: Question, language: str) -> list[str]:
    """Return what a question asks and how it is answered, as comments."""
    notes = [word("required" if question.required else "optional", language)]
    if question.takes_files and question.type != QuestionType.FILE:
        notes.append(word("takes_files", language))
    if question.when:
        joined = word("and", language).join(_condition(one, language) for one in question.when)
        notes.append(word("asked_when", language, conditions=joined))
    aside = word("aside", language, text=word("parts", language).join(notes))
    head = f"{question.number} {question.text.in_language(language)}{aside}"
    lines = comment(head, 2)
    for text in (question.help.in_language(language), *_how(question, language)):
        lines += comment(text, 2, deeper=4) if text else []
    if example := question.example.in_language(language):
        lines += comment(word("example", language, text=example), 2, deeper=4)
    return lines


def _condition(condition: Condition, language: str) -> str:
    name = (
        condition.key
        if condition.about == About.QUESTION
        else f"version.{_FACTS.get(condition.key, condition.key)}"
    )
    return word("is", language, name=name, codes=word("or", language).join(sorted(condition.any_of)))


_FACTS: Mapping[str, str] = {
    "modality": "modalities",
    "market": "markets",
    "compute": "training_compute_flop",
}


def _how(question: Question, language: str) -> Iterator[str]:
    """Yield how the question is answered, a line each."""
    if question.type in {QuestionType.CHOICE, QuestionType.CHOICES}:
        yield word("one_of" if question.type == QuestionType.CHOICE else "some_of", language)
        for option in question.options:
            alone = word("aside", language, text=word("alone", language)) if option.alone else ""
            yield f"  {option.code}: {option.label.in_language(language)}{alone}"
    elif question.type == QuestionType.NUMBER:
        yield word("number_in", language, unit=question.unit.in_language(language))
    elif question.type in {QuestionType.DATE, QuestionType.FILE}:
        yield word(question.type.value, language)
    elif question.type == QuestionType.ROWS:
        yield word("rows", language)
        for column in question.columns:
            yield f"  {_column(column, language)}"


def _column(column: Question, language: str) -> str:
    codes = " | ".join(option.code for option in column.options)
    unit = column.unit.in_language(language)
    parts = [column.text.in_language(language), column.help.in_language(language), codes, unit]
    end = "" if column.required else word("aside", language, text=word("optional", language))
    return f"{column.key}: {word('parts', language).join(part for part in parts if part)}{end}"


def comment(text: str, indent: int, deeper: int = 0) -> list[str]:
    """Return the text as comments, its lines folded; blanks at the beginning of a line stay."""
    lines = []
    for line in text.split("\n"):
        stays = len(line) - len(line.lstrip(" "))
        blank = " " * (deeper + stays)
        lines += textwrap.wrap(
            " ".join(line.split()), WIDTH, initial_indent=f"{' ' * indent}# {blank}",
            subsequent_indent=f"{' ' * indent}# {blank}", break_on_hyphens=False, break_long_words=False,
        )  # fmt: skip
    return lines
