"""Questions from a file that anybody may have written: read as they stand, or refused with the line."""

from importlib.resources import files

import pytest

from imprimatur.cards.stated import CardFault, Reason
from imprimatur.dossier.questionnaire import Questionnaire
from imprimatur.dossier.questionnaire_faults import QuestionnaireInvalid, Wrong
from imprimatur.dossier.questionnaire_file import read_questionnaire
from imprimatur.dossier.questionnaire_source import plain, read_source, to_yaml
from reviews.rules.questionnaire_changes import Change, compare

GOOD = """version: 2026-1
topics:
  - key: data
    title: {en: Data, zh: 数据}
    questions:
      - key: rights
        text: {en: Which right?, zh: 什么权利？}
        type: markdown
        required: true
        files: true
      - key: country
        text: {en: Where?, zh: 哪里？}
        type: choice
        options:
          - {code: no, label: {en: Norway, zh: 挪威}}
          - {code: se, label: {en: Sweden, zh: 瑞典}, alone: true}
      - key: since
        text: {en: Since?, zh: 何时？}
        type: date
        when: [{question: country, any_of: [no]}]
"""


def read(text: str | bytes) -> Questionnaire:
    return read_questionnaire(read_source(text if isinstance(text, bytes) else text.encode()))


def test_what_yaml_would_turn_into_something_else_stays_text() -> None:
    found = read(GOOD)
    country = found.question("country")
    assert country is not None
    assert [option.code for option in country.options] == ["no", "se"]
    assert [option.alone for option in country.options] == [False, True]
    assert read(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()) == found


def test_writing_and_reading_again_changes_nothing() -> None:
    limits = "type: number\n        unit: {en: d, zh: d}\n        minimum: 0"
    for text in (
        GOOD,
        GOOD.replace("type: date", limits),
        *(path.read_text() for path in files("imprimatur.dossier").joinpath("questions").iterdir()),
    ):
        source = read_source(text.encode())
        again = read_source(to_yaml(source).encode())
        assert plain(again) == plain(source)
        assert read_questionnaire(again) == read_questionnaire(source)
        assert read_questionnaire(plain(source)) == read_questionnaire(source)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("version: 2026-1", "version: &v 2026-1", 1, Reason.ALIAS),
        ("key: since", "key: *v", 17, Reason.ALIAS),
        ("key: since", "key: !!python/object/apply:os.system [ls]", 17, Reason.TAG),
        ("type: date", "type: date\n        type: date", 20, Reason.DUPLICATE_KEY),
        ("        type: date", "\ttype: date", 19, Reason.TAB),
        ("type: date", "type: date: x", 19, Reason.NOT_YAML),
        ("Since?", "\x07", 18, Reason.CONTROL_CHARACTER),
        ("type: date", "type: date\n---\nversion: x", 20, Reason.SECOND_DOCUMENT),
        ("[no]}]", "[" * 30 + "no" + "]" * 30 + "}]", 20, Reason.TOO_DEEP),
    ],
)
def test_hostile_yaml_is_refused_with_its_line(old: str, new: str, line: int, reason: Reason) -> None:
    assert old in GOOD
    with pytest.raises(CardFault) as refused:
        read(GOOD.replace(old, new))
    assert (refused.value.place.line, refused.value.reason) == (line, reason)


@pytest.mark.parametrize("data", [b"", b"a: " + b"x" * (10 * 1024**2), b"\xff\xfe", b"- a"])
def test_what_is_no_such_file_is_refused_whole(data: bytes) -> None:
    with pytest.raises(CardFault):
        read(data)


@pytest.mark.parametrize(
    ("old", "new", "line", "place", "wrong"),
    [
        ("type: markdown", "type: poem", 8, "1.1", Wrong.UNKNOWN_TYPE),
        ("required: true", "required: yes", 9, "1.1", Wrong.NEITHER),
        ("zh: 什么权利？", "de: Welches?", 7, "1.1", Wrong.TWO_LANGUAGES),
        ("type: date", "type: date\n        colour: red", 20, "1.3", Wrong.UNKNOWN_ENTRY),
        ("any_of: [no]", "any_of: [fi]", 20, "1.3", Wrong.NO_OPTION),
        ("question: country", "question: since", 20, "1.3", Wrong.NOT_EARLIER),
        ("key: since", "key: rights", 17, "1.3", Wrong.SAME_KEY),
        ("key: since", "key: Since When", 17, "1.3", Wrong.BAD_KEY),
        ("when: [{question: country, any_of: [no]}]", "when: always", 20, "1.3", Wrong.NO_LIST),
        ("type: date", "type: [date]", 19, "1.3", Wrong.UNKNOWN_TYPE),
        ("type: date", "type: number\n        unit: {en: d, zh: d}\n        minimum: m", 21, "1.3", Wrong.NO_NUMBER),
        ("title: {en: Data, zh: 数据}", "title: Data", 4, "topic 1", Wrong.TWO_LANGUAGES),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_question_is_named_with_its_line(
    old: str, new: str, line: int, place: str, wrong: Wrong
) -> None:
    assert old in GOOD
    with pytest.raises(QuestionnaireInvalid) as refused:
        read(GOOD.replace(old, new))
    (found,) = [problem for problem in refused.value.found if problem.wrong == wrong]
    assert (found.line, found.place) == (line, place)


@pytest.mark.parametrize(
    "text", ["topics: 5", "topics: {a: b}", "topics: [a, b]", "version: {a: b}\ntopics: []"]
)
def test_other_shapes_are_faults_and_not_crashes(text: str) -> None:
    with pytest.raises(QuestionnaireInvalid):
        read(text)


def test_what_changed_between_two_versions() -> None:
    before = read(GOOD)
    after = read(GOOD.replace("key: rights", "key: licence").replace("Sweden", "The Kingdom of Sweden"))
    found = [(changed.change, changed.question.key) for changed in compare(before, after)]
    assert found == [(Change.ADDED, "licence"), (Change.CHANGED, "country"), (Change.REMOVED, "rights")]
    assert compare(before, read(GOOD.replace("key: data", "key: sources"))) == ()
