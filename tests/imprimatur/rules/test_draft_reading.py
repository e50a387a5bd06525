"""What a draft may say, and what is wrong with one: everything at once, each with its line and what would be right."""

from itertools import pairwise

import pytest

from imprimatur.dossier import shipped
from imprimatur.dossier.draft_file import Draft, DraftInvalid, Problem, in_lines, load
from imprimatur.dossier.draft_reading import read_draft

HEAD = "imprimatur: draft/v1\nquestionnaire: 2026-2\n"


def read(text: str) -> Draft:
    return read_draft(load((HEAD + text).encode()), shipped.newest())


def faults(text: str) -> list[Problem]:
    with pytest.raises(DraftInvalid) as caught:
        read(text)
    return caught.value.problems


def test_texts_stay_as_they_were_written_and_what_is_empty_is_left_out() -> None:
    draft = read(
        "project: 渡船\nversion: {number: 2.10, channel: api, markets: [no, cn], summary: , parameters: 7000000000}\n"
        .replace("no, ", "")
        + "answers:\n  opt_outs: all\n  removal: |\n    可以。\n    四天。\n  personal_ground:\n"
        "  datasets:\n    - {name: a, right: , source: own}\n    - \nfiles: {datasets: 台账.csv, removal: }\n"
    )  # fmt: skip
    assert draft.version == {
        "number": "2.10",
        "channel": "api",
        "markets": ["cn"],
        "parameters": "7000000000",
    }
    assert draft.answers == {
        "opt_outs": "all", "removal": "可以。\n四天。", "datasets": [{"name": "a", "source": "own"}],
    }  # fmt: skip
    assert draft.files == {"datasets": ("台账.csv",)}
    assert draft.given.facts["channel"] == {"api"}
    assert draft.given.facts["relation"] == {"none"}
    assert draft.lines["answers.removal"] == 7


@pytest.mark.parametrize(("flop", "codes"), [("1e25", set()), ("1.1e25", {"above_1e25"}), ("4.2e24", set())])
def test_compute_above_the_threshold_is_a_fact_of_the_version(flop: str, codes: set[str]) -> None:
    assert read(f"version: {{training_compute_flop: {flop}}}\n").given.facts["compute"] == codes


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: &x [1]\nb: *x\n", 3, "anchors and aliases"),
        ("answers: {opt_outs: !!python/object:os.system all}\n", 3, "tags"),
        ("project: a\nproject: b\n", 4, "project: the key stands here a second time"),
        ("answers:\n\topt_outs: all\n", 4, "indented with a tab"),
        ("project: a: b\n", 3, "no valid YAML"),
        ("---\nproject: a\n", 3, "second YAML document"),
        ("answer: {}\n", 3, "answer is nothing that this file can say"),
        ("version: {nummer: 1}\n", 3, "version.nummer is nothing"),
        ("version: [1]\n", 3, "version is no list of keys"),
        ("version: {channel: web}\n", 3, "web is none of open_weights, api, internal, device"),
        ("version: {modalities: [text, smell]}\n", 3, "smell is none of"),
        ("version: {parameters: 7B}\n", 3, "7B is no number"),
        ("version: {training_compute_flop: many}\n", 3, "many is no number, as in 4.2e24"),
        ("answers: {nobody_asks: x}\n", 3, "nobody_asks is no question of 2026-2"),
        ("answers: {opt_outs: sometimes}\n", 3, "1.3 opt_outs: choose one of: all, partly, none, not_crawled"),
        ("answers: {removal: [a]}\n", 3, "1.5 removal: write a text after the colon"),
        ("answers: {datasets: many}\n", 3, "1.1 datasets: write a list of rows"),
        ("answers: {datasets: [{name: a, colour: b}]}\n", 3, "write rows with these columns: name, right"),
        ("answers: {datasets: [{name: a, size: big}]}\n", 3, "row 1, size: write a number with a point"),
        ("answers: {error_after_cleaning: 101}\n", 3, "2.1 error_after_cleaning: write at most 100"),
        ("files: {removal: a.pdf}\n", 3, "this question takes no files"),
        ("files: {nobody_asks: a.pdf}\n", 3, "nobody_asks is no question"),
        ("files: {datasets: {a: b}}\n", 3, "is no list of texts"),
        ("cards: {a: b}\n", 3, "cards is no list of texts"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, words: str) -> None:
    (problem,) = faults(text)
    assert problem.line == line
    assert words in problem.sentence


def test_everything_is_named_at_once_and_in_the_order_of_the_lines() -> None:
    found = faults("answers:\n  opt_outs: x\n  no_question: y\nversion: {channel: z}\n")
    assert [problem.line for problem in found] == [4, 5, 6]
    assert in_lines(DraftInvalid(found)).count("\n") == 3


@pytest.mark.parametrize("text", ["", "imprimatur: draft/v2\n", "model: a\n", "- a\n"])
def test_another_file_is_refused_as_such(text: str) -> None:
    with pytest.raises(DraftInvalid) as caught:
        read_draft(load(text.encode()), shipped.newest())
    assert len(caught.value.problems) == 1


def test_a_bomb_of_aliases_and_a_huge_file_are_refused_at_once() -> None:
    names = "abcdefghi"
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for before, name in pairwise(names):
        bomb += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    assert len(faults(bomb)) == 1
    assert "anchors" in faults(bomb)[0].sentence
    assert "larger than" in faults("answers:\n" + "  removal: " + "x" * 600_000 + "\n")[0].sentence
