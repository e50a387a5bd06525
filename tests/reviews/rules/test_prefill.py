"""What a file states becomes an answer only where it is one as it stands; nothing is concluded."""

from imprimatur.cards.stated import Card, Kind, Place, Stated
from imprimatur.dossier.answers import LONGEST, LONGEST_LINE
from imprimatur.dossier.prefill import matches, missing, unasked
from imprimatur.dossier.questionnaire import (
    Option,
    Question,
    Questionnaire,
    QuestionType,
    Row,
    Text,
    Topic,
    Value,
)
from reviews.rules.proposals import as_taken

CARD, CROISSANT = Kind.MODEL_CARD, Kind.CROISSANT


def words(text: str) -> Text:
    return Text(text, f"{text}（中文）")


def question(key: str, kind: QuestionType, *names: str, source: Kind = CARD, **more: object) -> Question:
    found_in = ((source.value, names),)
    return Question(key, "1.1", words(key), words(""), kind, True, found_in=found_in, **more)  # type: ignore[arg-type]


def card(*stated: tuple[str, str | tuple[str, ...]], kind: Kind = CARD) -> Card:
    return Card(kind, tuple(
        Stated(field, value, Place(line, field), str(value)) for line, (field, value) in enumerate(stated, 1)
    ))  # fmt: skip


def value(asked: Question, *stated: tuple[str, str | tuple[str, ...]], kind: Kind = CARD) -> Value:
    (match,) = matches(card(*stated, kind=kind), [asked])
    return match.value


LIMITS = question("limits", QuestionType.MARKDOWN, "limitations", "bias")
DATASETS = question(
    "datasets", QuestionType.ROWS,
    columns=(
        question("name", QuestionType.TEXT, "name", source=CROISSANT),
        question("licence", QuestionType.TEXT, "license", source=CROISSANT),
        question("kind", QuestionType.CHOICE, "rai:dataCollectionType", source=CROISSANT,
                 options=(Option("crawled", words("Web Scraping")), Option("public", words("Public")))),
    ),
)  # fmt: skip


def test_passages_are_joined_word_for_word_in_the_order_that_the_question_gives() -> None:
    assert (
        value(LIMITS, ("bias", "Large ports."), ("limitations", "Small ports."))
        == "Small ports.\n\nLarge ports."
    )
    assert value(LIMITS, ("bias", ("One.", "Two.\nMore."))) == "- One.\n- Two.\n  More."


def test_a_passage_under_two_headings_comes_once() -> None:
    both = Card(
        CARD, tuple(Stated(name, "Small ports.", Place(3, "x"), "") for name in ("limitations", "bias"))
    )
    (match,) = matches(both, [LIMITS])
    assert (match.value, len(match.stated)) == ("Small ports.", 1)


def test_passages_that_no_answer_holds_are_left_out() -> None:
    assert value(LIMITS, ("limitations", "x" * LONGEST), ("bias", "y")) == "x" * LONGEST
    assert value(LIMITS, ("limitations", "x" * (LONGEST + 1))) is None


def test_a_line_is_one_line_and_an_ellipsis_says_that_it_is_cut() -> None:
    asked = question("licence", QuestionType.TEXT, "license")
    assert value(asked, ("license", ("mit", "apache\n2.0"))) == "mit, apache 2.0"
    cut = value(asked, ("license", "word " * 200))
    assert isinstance(cut, str)
    assert len(cut) <= LONGEST_LINE
    assert cut.endswith("word …")


def test_a_choice_is_made_only_by_code_or_label() -> None:
    options = (Option("none", words("No")), Option("some", words("Yes, some"), alone=False))
    one = question("personal", QuestionType.CHOICE, "privacy", options=options)
    several = question("personal", QuestionType.CHOICES, "privacy", options=options)
    assert value(one, ("privacy", "yes, SOME")) == "some"
    assert value(one, ("privacy", "No（中文）")) == "none"
    assert value(one, ("privacy", "There are some names in it.")) is None
    assert value(one, ("privacy", ("none", "some"))) is None
    assert value(several, ("privacy", ("some", "none"))) == ["none", "some"]
    assert value(several, ("privacy", ("some", "names"))) is None


def test_a_number_or_a_day_is_taken_only_when_it_is_one() -> None:
    number = question("labels", QuestionType.NUMBER, "labels", unit=words("labels"), maximum="9")
    assert value(number, ("labels", "3")) == "3"
    assert value(number, ("labels", "about 3")) is None
    assert value(number, ("labels", "10")) is None
    day = question("day", QuestionType.DATE, "day")
    assert value(day, ("day", "2026-03-01")) == "2026-03-01"
    assert value(day, ("day", "March")) is None


def test_a_dataset_is_one_row_with_the_cells_that_are_stated() -> None:
    assert value(
        DATASETS,
        ("license", "CC0"),
        ("name", "Logs"),
        ("rai:dataCollectionType", "web scraping"),
        kind=CROISSANT,
    ) == [{"name": "Logs", "licence": "CC0", "kind": "crawled"}]
    assert value(
        DATASETS, ("name", "Logs"), ("rai:dataCollectionType", ("Web Scraping", "Others")), kind=CROISSANT
    ) == [{"name": "Logs"}]
    assert value(DATASETS, ("license", "CC0"), kind=CROISSANT) is None


def test_a_list_of_names_is_a_row_for_each() -> None:
    assert value(DATASETS, ("name", ("A", "B")), ("license", "CC0"), kind=CROISSANT) == [
        {"name": "A"},
        {"name": "B"},
    ]


def test_a_file_of_another_kind_and_a_question_that_looks_nowhere_find_nothing() -> None:
    assert not matches(card(("limitations", "x"), kind=CROISSANT), [LIMITS])
    assert not matches(card(("limitations", "x")), [question("other", QuestionType.MARKDOWN)])
    assert not matches(card(("limitations", "x")), [question("file", QuestionType.FILE, "limitations")])


def test_what_is_missing_begins_with_what_is_required_and_what_nobody_asks_for_is_told() -> None:
    optional = Question("more", "1.2", words("more"), words(""), QuestionType.MARKDOWN, False)
    other = question("other", QuestionType.MARKDOWN, "ethics")
    read = card(("limitations", "x"), ("contact", "y"))
    left = missing([LIMITS, optional, other], [], matches(read, [LIMITS, other]))
    assert [one.key for one in left] == ["other", "more"]
    assert not missing([LIMITS], ["limits"], [])
    asked = Questionnaire("1", (Topic("t", 1, words("t"), (LIMITS, DATASETS)),))
    assert [one.field for one in unasked(read, asked)] == ["contact"]


def test_rows_that_are_taken_join_those_that_are_there() -> None:
    there: list[Row] = [{"name": "Logs", "licence": "mine"}]
    new: list[Row] = [{"name": "Logs", "licence": "CC0", "kind": "public"}, {"name": "Notes"}]
    assert as_taken(DATASETS, there, new) == [
        {"name": "Logs", "licence": "mine", "kind": "public"}, {"name": "Notes"},
    ]  # fmt: skip
    assert there == [{"name": "Logs", "licence": "mine"}]
    assert as_taken(DATASETS, None, new) == new
    assert as_taken(LIMITS, "Old.", "New.") == "New."
