"""Answers in rows: what is kept, which cell is wrong, what is still empty."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imprimatur.dossier.answers import LONGEST_LINE, MOST_ROWS, WrongAnswer, as_sent, read_answer
from imprimatur.dossier.questionnaire import Fault, Given, Row, codes, is_answered, problems, progress
from imprimatur.dossier.questionnaire_file import QuestionnaireInvalid, read_questionnaire

WORDS = {"en": "words", "zh": "文字"}
COLUMNS: list[dict[str, Any]] = [
    {"key": "name", "label": WORDS, "type": "text", "required": True, "from": {"croissant": ["name"]}},
    {"key": "kind", "label": WORDS, "type": "choice", "required": True,
     "options": [{"code": "crawled", "label": WORDS}, {"code": "partner", "label": WORDS}]},
    {"key": "size", "label": WORDS, "type": "number", "unit": WORDS, "places": 1, "minimum": 0},
    {"key": "steps", "label": WORDS, "type": "choices",
     "options": [{"code": "a", "label": WORDS}, {"code": "b", "label": WORDS}]},
    {"key": "day", "label": WORDS, "type": "date"},
]  # fmt: skip


def made(**more: Any) -> Any:
    question = {"key": "datasets", "text": WORDS, "type": "rows", "columns": COLUMNS} | more
    topics = [{"key": "topic", "title": WORDS, "questions": [question]}]
    return read_questionnaire({"version": "2026-9", "topics": topics})


ASKED = made(required=True)
(DATASETS,) = ASKED.questions
FULL: Row = {"name": "Port log", "kind": "partner", "size": "2.5", "steps": ["a", "b"], "day": "2026-10-01"}


def read(*rows: Any) -> Any:
    return read_answer(DATASETS, [json.dumps(list(rows))])


def test_rows_are_kept_with_their_filled_cells_only() -> None:
    sent = {
        "name": " Port   log\n",
        "kind": "partner",
        "size": "2.50",
        "steps": ["b", "a"],
        "day": "2026-10-01",
    }
    assert read(sent, {}, {"name": "  ", "steps": []}, {"kind": "crawled"}) == [FULL, {"kind": "crawled"}]
    assert read({}, {"name": ""}) is None
    assert read_answer(DATASETS, []) is None


def test_a_row_without_what_is_required_is_kept_but_is_no_answer_yet() -> None:
    begun: Row = {"kind": "crawled"}
    given = Given(answers={"datasets": [FULL, begun]})
    (problem,) = problems(ASKED, given)
    assert (problem.fault, [(row, column.key) for row, column in problem.cells]) == (
        Fault.EMPTY_CELLS, [(2, "name")],
    )  # fmt: skip
    assert not is_answered(DATASETS, given)
    assert [(topic.answered, topic.missing) for topic in progress(ASKED, given)] == [(0, 1)]
    assert problems(made(), given), "rows that are begun are finished where none are required too"
    assert not problems(made(), Given())
    assert problems(ASKED, Given())[0].fault == Fault.MISSING
    assert not problems(ASKED, Given(answers={"datasets": [FULL]}))


def test_every_wrong_cell_is_named_by_row_and_column() -> None:
    with pytest.raises(WrongAnswer) as caught:
        read(
            FULL, {}, {"name": "x" * (LONGEST_LINE + 1), "kind": "stolen", "size": "much", "day": "tomorrow"}
        )
    assert caught.value.fault == Fault.WRONG_CELLS
    assert [(cell.row, cell.column.key, cell.fault) for cell in caught.value.cells] == [
        (3, "name", Fault.TOO_LONG), (3, "kind", Fault.NOT_AN_OPTION), (3, "size", Fault.NOT_A_NUMBER),
        (3, "day", Fault.NOT_A_DATE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no json", Fault.NOT_ROWS),
        ("{}", Fault.NOT_ROWS),
        ("[1]", Fault.NOT_ROWS),
        ('[{"name": 1}]', Fault.NOT_ROWS),
        ('[{"name": {"a": "b"}}]', Fault.NOT_ROWS),
        ('[{"steps": [1]}]', Fault.NOT_ROWS),
        ('[{"other": "x"}]', Fault.NOT_ROWS),
        ("[" * 100_000, Fault.NOT_ROWS),
        (json.dumps([{"name": str(n)} for n in range(MOST_ROWS + 1)]), Fault.TOO_MANY_ROWS),
        (json.dumps([{}] * (2 * MOST_ROWS + 1)), Fault.TOO_MANY_ROWS),
    ],
)
def test_what_are_no_rows_is_refused(text: str, fault: Fault) -> None:
    with pytest.raises(WrongAnswer) as caught:
        read_answer(DATASETS, [text])
    assert caught.value.fault == fault


def test_as_many_rows_as_allowed_are_kept_and_half_a_character_is_not() -> None:
    assert len(read(*[{"name": str(n)} for n in range(MOST_ROWS)])) == MOST_ROWS
    assert read_answer(DATASETS, ['[{"name": "a\\ud800\\u0000b"}]']) == [{"name": "a b"}]
    assert read({"name": "\x1b\r0"}) == [{"name": "0"}]


CELLS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(max_size=40),
        "kind": st.sampled_from(["", "crawled", "partner"]),
        "size": st.decimals(0, 10**6, places=1, allow_nan=False).map(str),
        "steps": st.lists(st.sampled_from(["a", "b"])),
        "day": st.dates().map(str),
    },
)


@given(st.lists(CELLS, max_size=8))
def test_what_is_kept_is_read_again_as_the_same(rows: list[Any]) -> None:
    value = read(*rows)
    assert read_answer(DATASETS, as_sent(DATASETS, value)) == value
    assert codes(value) == frozenset()


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"columns": []}, "columns belong to rows"),
        ({"columns": COLUMNS * 3}, "columns belong to rows"),
        ({"type": "date"}, "columns belong to rows"),
        ({"columns": [COLUMNS[0], COLUMNS[0]]}, "two columns have the same key"),
        ({"columns": [COLUMNS[0] | {"type": "markdown"}]}, "markdown is no type of a column"),
        ({"columns": [COLUMNS[0] | {"key": "A b"}]}, "small letters"),
        ({"columns": [COLUMNS[0] | {"when": []}]}, "unknown entry when"),
        ({"from": {"web": ["x"]}}, "from needs a list of names"),
        ({"from": {"croissant": "name"}}, "from needs a list of names"),
        ({"from": ["croissant"]}, "from needs a list of names"),
    ],
)
def test_each_fault_of_a_table_is_named(more: dict[str, Any], fault: str) -> None:
    with pytest.raises(QuestionnaireInvalid) as caught:
        made(**more)
    assert any(fault in problem for problem in caught.value.problems), caught.value.problems


def test_where_files_state_an_answer_stands_beside_the_question() -> None:
    (question,) = made(
        **{"from": {"croissant": ["distribution"], "model_card": ["datasets", "dataset_info"]}}
    ).questions
    assert question.stated_in("model_card") == ("datasets", "dataset_info")
    assert question.stated_in("safetensors") == ()
    assert question.columns[0].stated_in("croissant") == ("name",)
