"""What files say for a dossier: which questions they answer and from where, what is missing, what isn't understood."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from imprimatur.cards.stated import Card, CardFault, Stated
from imprimatur.dossier.answers import LONGEST
from imprimatur.dossier.facts import facts_of
from imprimatur.dossier.prefill import Match, matches, missing, unasked
from imprimatur.dossier.questionnaire import Question, QuestionType, Value
from registry.card_authors import StatedAuthor, stated_authors
from registry.card_words import KINDS, doubt_in_words, place_in_words, unlike_in_words
from registry.prefill import unlike
from reviews.models import ReviewRequest
from reviews.rules.proposals import LONGEST_PLACE, LONGEST_QUOTE, Found
from reviews.selectors.answer_words import answer_in_words
from reviews.selectors.dossier import Dossier, dossier_of

ALSO_SHOWN = 60
EXCERPT = 600


@dataclass(frozen=True, slots=True)
class Reading:
    """A file with what came of reading it: a card, or the fault for which it isn't read."""

    name: str
    outcome: Card | CardFault

    @property
    def card(self) -> Card | None:
        """Return the card, if it was read."""
        return self.outcome if isinstance(self.outcome, Card) else None


@dataclass(frozen=True, slots=True)
class Also:
    """Something that a file states and no question asks for."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file: its kind, or why it isn't read; what of it was left out or isn't understood, and what else it says."""

    name: str
    kind: str
    fault: str
    count: int
    doubts: tuple[str, ...]
    unread: tuple[str, ...]
    also: tuple[Also, ...]


@dataclass(frozen=True, slots=True)
class FoundShown:
    """What a file says about a question. `rows`: cells with their headings; `text`: Markdown or words."""

    question: Question
    topic: str
    label: str
    text: str
    rows: tuple[tuple[tuple[str, str], ...], ...]
    file: str
    place: str
    quote: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class MissingShown:
    """A question that no file answers, with the topic to open."""

    question: Question
    topic: str
    label: str


@dataclass(frozen=True, slots=True)
class UnlikeShown:
    """A fact in which a file and the registered version differ."""

    file: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The preview: `found` can be proposed, of `hints` a person has to make an answer."""

    request: ReviewRequest
    files: tuple[FileShown, ...]
    found: tuple[FoundShown, ...]
    hints: tuple[FoundShown, ...]
    unlike: tuple[UnlikeShown, ...]
    required: tuple[MissingShown, ...]
    optional: tuple[MissingShown, ...]
    proposals: tuple[tuple[str, str, tuple[Found, ...]], ...]
    authors: tuple[StatedAuthor, ...] = ()

    @property
    def questions(self) -> int:
        """Return how many questions are answered."""
        return len({one.question.key for one in self.found})


def import_page(request: ReviewRequest, readings: Sequence[Reading]) -> ImportPage:
    """Return what the files say for the request's dossier; nothing is kept."""
    dossier = dossier_of(request)
    found = [
        (reading.name, match)
        for reading in readings
        if reading.card
        for match in matches(reading.card, dossier.asked)
    ]
    answered = [key for key, answer in dossier.answers.items() if answer.value]
    left = missing(dossier.asked, [*answered, *dossier.files], [match for _name, match in found])
    shown = [
        _shown(dossier, name, match)
        for name, match in sorted(found, key=lambda pair: _place(dossier, pair[1]))
    ]
    return ImportPage(
        request=request,
        files=tuple(_file(dossier, reading, found) for reading in readings),
        found=tuple(one for one in shown if one.text or one.rows),
        hints=tuple(one for one in shown if not (one.text or one.rows) and not one.is_answered),
        unlike=tuple(_unlike(request, readings)),
        required=tuple(_missing(dossier, question) for question in left if question.required),
        optional=tuple(_missing(dossier, question) for question in left if not question.required),
        proposals=tuple(
            (reading.name, reading.card.kind.value, tuple(_found(match) for name, match in found
             if name == reading.name and match.value is not None))
            for reading in readings
            if reading.card
        ),
        authors=tuple(stated_authors((reading.name, reading.card) for reading in readings if reading.card)),
    )  # fmt: skip


def _unlike(request: ReviewRequest, readings: Sequence[Reading]) -> Iterator[UnlikeShown]:
    """Yield in what each file differs from the version, which is registered already and stays as it is."""
    for reading in readings:
        facts = facts_of([(reading.name, reading.card)]) if reading.card else []
        for fact in unlike(request.version, facts):
            text = unlike_in_words(request.version, fact)
            yield UnlikeShown(reading.name, place_in_words(fact.stated.place), text)


def places_in_words(stated: Sequence[Stated]) -> str:
    """Return where something is stated: "line 12, license; line 40, Terms"."""
    return "; ".join(place_in_words(one.place) for one in stated)


def _found(match: Match) -> Found:
    quote = "\n\n".join(one.quote for one in match.stated)
    return Found(
        match.question.key, match.value, places_in_words(match.stated)[:LONGEST_PLACE], quote[:LONGEST_QUOTE]
    )


def _place(dossier: Dossier, match: Match) -> int:
    return [question.key for question in dossier.questionnaire.questions].index(match.question.key)


def _topic(dossier: Dossier, question: Question) -> str:
    topic = dossier.questionnaire.topic_of(question.key)
    return topic.key if topic else ""


def _shown(dossier: Dossier, name: str, match: Match) -> FoundShown:
    question, language = match.question, get_language() or "en"
    is_table = question.type == QuestionType.ROWS
    answer = dossier.answers.get(question.key)
    return FoundShown(
        question=question,
        topic=_topic(dossier, question),
        label=question.text.in_language(language),
        text="" if is_table else _excerpt(answer_in_words(question, match.value, language)),
        rows=_rows(question, match.value, language) if is_table else (),
        file=name,
        place=places_in_words(match.stated),
        quote=_excerpt("\n\n".join(one.quote for one in match.stated)),
        is_answered=bool(answer and answer.value),
    )


def _excerpt(text: str) -> str:
    """Return the beginning of a long text; the whole one is proposed."""
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0].rstrip() + " …"


def _rows(question: Question, value: Value, language: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return tuple(
        tuple(
            (column.text.in_language(language), answer_in_words(column, row[column.key], language))
            for column in question.columns
            if column.key in row
        )
        for row in rows
    )


def _missing(dossier: Dossier, question: Question) -> MissingShown:
    return MissingShown(
        question, _topic(dossier, question), question.text.in_language(get_language() or "en")
    )


def _file(dossier: Dossier, reading: Reading, found: Sequence[tuple[str, Match]]) -> FileShown:
    card = reading.card
    if card is None:
        assert isinstance(reading.outcome, CardFault)
        return FileShown(reading.name, "", doubt_in_words(reading.outcome.doubt), 0, (), (), ())
    also = [
        Also(place_in_words(stated.place), _excerpt(", ".join(stated.values)[:LONGEST]))
        for stated in unasked(card, dossier.questionnaire)
    ]
    return FileShown(
        name=reading.name,
        kind=str(KINDS[card.kind]),
        fault="",
        count=sum(name == reading.name and match.value is not None for name, match in found),
        doubts=tuple(doubt_in_words(doubt) for doubt in card.doubts),
        unread=tuple(place_in_words(place) for place in card.unread),
        also=tuple(also[:ALSO_SHOWN]),
    )
