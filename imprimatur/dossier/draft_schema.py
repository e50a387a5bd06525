"""The JSON Schema (draft 2020-12) of an `imprimatur.yaml`, by which editors complete it and explain each question.

It says what may stand where; what is missing or too long, `imprimatur draft` and the server say.
"""

from typing import Any

from imprimatur.dossier.draft_file import CODES, FORMAT, LANGUAGES, LISTS, REQUEST, VERSION
from imprimatur.dossier.draft_words import word
from imprimatur.dossier.questionnaire import Question, Questionnaire, QuestionType

Schema = dict[str, Any]
_TEXT: Schema = {
    "type": ["string", "number", "null"]
}  # a YAML editor takes 2.1 for a number; here it stays a text
_PATHS: Schema = {"anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": {"type": "string"}}]}


def schema_of(questions: Questionnaire, language: str = "en") -> Schema:
    """Return the schema of drafts that answer these questions, explained in the language."""
    by_key = {question.key: question for question in questions.questions}
    with_files = {key: _PATHS | _told(one, language) for key, one in by_key.items() if one.takes_files}
    answers = {key: _answer(one, language) | _told(one, language) for key, one in by_key.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"imprimatur.yaml, questions {questions.version}",
        **_closed({
            "imprimatur": {"const": FORMAT},
            "folder": _about("folder", language),
            "questionnaire": {"const": questions.version},
            "manifest": _closed({"sha256": _TEXT, "files": _TEXT, "bytes": _TEXT}) | _said("manifest", language),
            "project": _about("project", language),
            "model": _about("model", language),
            "version": _closed({name: _fact(name, language) for name in VERSION}),
            "request": _closed({name: _about(name, language) for name in REQUEST}
                               | {"language": _one_of(LANGUAGES) | _said("language", language)}),
            "cards": _PATHS | _said("cards", language),
            "answers": _closed(answers),
            "files": _closed(with_files),
        }),
        "required": ["imprimatur"],
    }  # fmt: skip


def _closed(properties: Schema) -> Schema:
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


def _about(name: str, language: str) -> Schema:
    return _TEXT | _said(name, language)


def _said(name: str, language: str) -> Schema:
    codes = ", ".join(CODES.get(name, LANGUAGES if name == "language" else ()))
    return {"description": word(name, language, codes=codes)}


def _told(question: Question, language: str) -> Schema:
    parts = (f"{question.number} {question.text.in_language(language)}", question.help.in_language(language))
    return {"description": "\n".join(part for part in parts if part)}


def _fact(name: str, language: str) -> Schema:
    if name not in CODES:
        return _about(name, language)
    one = _one_of(CODES[name])
    return (_some_of(one) if name in LISTS else one) | _said(name, language)


def _one_of(codes: tuple[str, ...] | list[str]) -> Schema:
    return {"enum": [*codes, None]}


def _some_of(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _answer(question: Question, language: str) -> Schema:
    """Return what may stand behind the key of a question; a table has its columns as keys."""
    if question.type == QuestionType.ROWS:
        columns = {one.key: _answer(one, language) | _heading(one, language) for one in question.columns}
        return {"type": ["array", "null"], "items": _closed(columns)}
    if question.type == QuestionType.FILE:
        return {"type": "null"}
    if not question.options:
        return dict(_TEXT)
    one = _one_of([option.code for option in question.options])
    return _some_of(one) if question.type == QuestionType.CHOICES else one


def _heading(column: Question, language: str) -> Schema:
    parts = (column.text.in_language(language), column.help.in_language(language))
    return {"description": "\n".join(part for part in parts if part)}
