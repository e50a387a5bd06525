"""Reading what an `imprimatur.yaml` says about the questions of a version, or everything that is wrong with it."""

from collections.abc import Iterator

from imprimatur.cards.located import Items, Node, Table, as_table
from imprimatur.dossier.answers import WrongAnswer, WrongCell, read_answer, rows_as_sent
from imprimatur.dossier.draft_file import (
    CODES,
    FORMAT,
    LISTS,
    REQUEST,
    TOP,
    VERSION,
    Draft,
    DraftInvalid,
    Problem,
    number,
)
from imprimatur.dossier.draft_words import answer_fault
from imprimatur.dossier.questionnaire import Question, Questionnaire, QuestionType, Value


def format_of(table: Table) -> None:
    """Raise DraftInvalid when the file is of another kind or of a later version of this one."""
    if table.get("imprimatur") != FORMAT:
        line = table.lines.get("imprimatur", 1)
        raise DraftInvalid(
            [Problem(line, f"it doesn't begin with “imprimatur: {FORMAT}”; imprimatur draft makes one")]
        )


def read_draft(table: Table, questionnaire: Questionnaire) -> Draft:
    """Return what the file says; raises DraftInvalid with everything that is wrong with it."""
    format_of(table)
    reader = _Reader(questionnaire)
    draft = reader.draft(table)
    if reader.problems:
        raise DraftInvalid(sorted(reader.problems, key=lambda problem: problem.line))
    return draft


class _Reader:
    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}

    def wrong(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(line, sentence))

    def draft(self, table: Table) -> Draft:
        self.known(table, TOP, "")
        for name in ("manifest", "version", "request", "answers", "files"):
            if not isinstance(table.get(name), Table | None):
                self.wrong(table.lines[name], f"{name} is no list of keys with values.")
        manifest, version, request, answers, files = (
            as_table(table.get(name)) for name in ("manifest", "version", "request", "answers", "files")
        )
        self.known(manifest, ("sha256", "files", "bytes"), "manifest.")
        self.known(version, VERSION, "version.")
        self.known(request, REQUEST, "request.")
        return Draft(
            folder=self.text(table, "folder"),
            questionnaire=self.text(table, "questionnaire"),
            manifest=self.text(manifest, "sha256"),
            project=self.text(table, "project"),
            model=self.text(table, "model"),
            version=dict(self.facts(version)),
            request={name: text for name in REQUEST if (text := self.text(request, name))},
            cards=tuple(self.texts(table, "cards")),
            answers=dict(self.answers(answers)),
            files=dict(self.files(files)),
            lines=self.lines,
        )

    def known(self, table: Table, names: tuple[str, ...], where: str) -> None:
        for name, line in table.lines.items():
            self.lines[f"{where}{name}"] = line
            if name not in names:
                self.wrong(
                    line, f"{where}{name} is nothing that this file can say. It can say: {', '.join(names)}."
                )

    def text(self, table: Table, name: str) -> str:
        value = table.get(name)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        self.wrong(table.lines[name], f"{name} is no text.")
        return ""

    def texts(self, table: Table, name: str) -> list[str]:
        value = table.get(name)
        if value is None:
            return []
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, Items | list) or not all(isinstance(one, str) for one in found):
            self.wrong(table.lines[name], f"{name} is no list of texts, as in “- one”.")
            return []
        return [one.strip() for one in found if isinstance(one, str) and one.strip()]

    def facts(self, version: Table) -> Iterator[tuple[str, str | list[str]]]:
        for name in VERSION:
            if name not in version:
                continue
            value: str | list[str] = self.texts(version, name) if name in LISTS else self.text(version, name)
            codes = CODES.get(name, ())
            strange = [
                code for code in ([value] if isinstance(value, str) else value) if code and code not in codes
            ]
            if codes and strange:
                self.wrong(
                    version.lines[name], f"version.{name}: {strange[0]} is none of {', '.join(codes)}."
                )
            elif value and _is_wrong_number(name, value):
                self.wrong(
                    version.lines[name], f"version.{name}: {value} is no number, as in {_EXAMPLES[name]}."
                )
            elif value:
                yield name, value

    def answers(self, answers: Table) -> Iterator[tuple[str, Value]]:
        for key, value in answers.items():
            line = self.lines[f"answers.{key}"] = answers.lines[key]
            question = self.asked(key, line)
            if question is None or value is None:
                continue
            sent = _as_sent(question, value)
            if sent is None:
                self.wrong(line, f"{question.number} {key}: {_SHAPES[question.type]}")
                continue
            try:
                read = read_answer(question, sent)
            except WrongAnswer as fault:
                for sentence in _fault_sentences(question, fault):
                    self.wrong(line, f"{question.number} {key}: {sentence}")
                continue
            if read is not None:
                yield key, read

    def files(self, files: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
        for key in files:
            line = self.lines[f"files.{key}"] = files.lines[key]
            question = self.asked(key, line)
            paths = tuple(self.texts(files, key))
            if question is not None and paths and not question.takes_files:
                self.wrong(line, f"{question.number} {key}: this question takes no files.")
            elif question is not None and paths:
                yield key, paths

    def asked(self, key: str, line: int) -> Question | None:
        question = self.questionnaire.question(key)
        if question is None:
            self.wrong(line, f"{key} is no question of {self.questionnaire.version}.")
        return question


def _as_sent(question: Question, value: Node) -> list[str] | None:
    """Return the value as a form sends it, None when it is of another shape."""
    if isinstance(value, str):
        return [value] if question.type not in {QuestionType.ROWS, QuestionType.FILE} else None
    if not isinstance(value, Items):
        return None
    if question.type == QuestionType.ROWS:
        rows = [_row(one) for one in value if one is not None]
        return None if None in rows else [rows_as_sent([row for row in rows if row])]
    texts = [one for one in value if isinstance(one, str)]
    return texts if question.type == QuestionType.CHOICES and len(texts) == len(value) else None


def _row(value: Node) -> dict[str, str | list[str]] | None:
    if not isinstance(value, Table):
        return None
    row: dict[str, str | list[str]] = {}
    for key, cell in value.items():
        if isinstance(cell, str):
            row[key] = cell
        elif isinstance(cell, Items) and all(isinstance(one, str) for one in cell):
            row[key] = [one for one in cell if isinstance(one, str)]
        elif cell is not None:
            return None
    return row


_SHAPES = dict.fromkeys(QuestionType, "write a text after the colon.") | {
    QuestionType.CHOICES: "write a list of codes, as in “- one”.",
    QuestionType.ROWS: "write a list of rows, each with the columns as keys, as in “- name: one”.",
    QuestionType.FILE: "a file is the answer; name it under files.",
}
_EXAMPLES = {"parameters": "7000000000", "training_compute_flop": "4.2e24"}


def _fault_sentences(question: Question, fault: WrongAnswer) -> list[str]:
    def of(cell: WrongCell) -> str:
        return f"row {cell.row}, {cell.column.key}: {answer_fault(cell.column, cell.fault)}"

    return [of(cell) for cell in fault.cells] or [answer_fault(question, fault.fault)]


def _is_wrong_number(name: str, value: str | list[str]) -> bool:
    return name in _EXAMPLES and (
        number(value) < 0 or (name == "parameters" and not (isinstance(value, str) and value.isdecimal()))
    )
