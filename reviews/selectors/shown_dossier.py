"""The dossier as the request page shows it: what changed, what is discussed, and the rest folded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reviews.models import Revision
from reviews.rules.difference import Difference, unchanged
from reviews.rules.marks import mark_at
from reviews.rules.questionnaire import Question
from reviews.selectors.answer_difference import ShownTable, difference_of, table_shown
from reviews.selectors.discussion import Thread
from reviews.selectors.revisions import FrozenAnswer, FrozenFile, FrozenTopic, content_of, dossier_in_words

NEW, REPLACED, REMOVED = "new", "replaced", "removed"


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of an answer and what became of it since the revision before ("" for nothing)."""

    file: FrozenFile
    change: str = ""


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer with its difference and its discussions.

    `is_new`: not asked in the revision before; `is_gone`: asked there and not any more.
    """

    question: Question
    title: str
    text: str
    is_markdown: bool
    difference: Difference | None
    files: tuple[ShownFile, ...]
    threads: tuple[Thread, ...]
    changed: bool
    is_new: bool = False
    is_gone: bool = False
    table: ShownTable | None = None

    @property
    def key(self) -> str:
        """Return the key of its question."""
        return self.question.key

    @property
    def is_open(self) -> bool:
        """Say whether a discussion about it is open."""
        return any(thread.is_open for thread in self.threads)

    @property
    def is_long(self) -> bool:
        """Say whether the discussion is longer than the answer is likely to be."""
        return sum(1 + len(thread.rest) for thread in self.threads) > 6


@dataclass(frozen=True, slots=True)
class Fold:
    """Answers that did not change and are not discussed, in one line that opens."""

    label: str
    answers: tuple[ShownAnswer, ...]


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """A topic with at least one answer that is shown, and what folds after them."""

    key: str
    number: int
    title: str
    entries: tuple[ShownAnswer | Fold, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A line of the list of topics: how many answers changed and how many discussions are open."""

    number: int
    title: str
    changed: int
    open: int
    anchor: str


@dataclass(frozen=True, slots=True)
class ShownDossier:
    """The dossier of a revision, compared with `before` unless that is None."""

    revision: Revision
    before: Revision | None
    show: str
    topics: tuple[ShownTopic, ...]
    outline: tuple[Outline, ...]
    answers: int
    changed: int
    general: tuple[Thread, ...] = ()
    reading: dict[str, str] = field(default_factory=dict)

    def answer(self, key: str) -> ShownAnswer | None:
        """Return the answer to the question, folded or not, or None."""
        for topic in self.topics:
            for entry in topic.entries:
                answers = entry.answers if isinstance(entry, Fold) else (entry,)
                if found := next((answer for answer in answers if answer.key == key), None):
                    return found
        return None

    @property
    def discussed(self) -> int:
        """Return how many topics have an open discussion."""
        return sum(1 for line in self.outline if line.open)

    @property
    def changed_topics(self) -> int:
        """Return how many topics have a changed answer."""
        return sum(1 for line in self.outline if line.changed)


def shown_dossier(
    revision: Revision,
    before: Revision | None,
    threads: Sequence[Thread],
    *,
    language: str,
    show: str,
    gone: bool = False,
) -> ShownDossier:
    """Return the dossier; `show` "diff" marks and folds, "clean" shows everything as it reads now.

    With `gone`, also what is not asked any more.
    """
    topics = (
        dossier_in_words(revision, language, before=before, gone=gone)
        if before
        else _first(revision, language)
    )
    old_files = _files(before)
    shown = {
        topic.topic.key: [_shown(answer, threads, old_files, before is not None and show == "diff", language)
                          for answer in topic.answers]
        for topic in topics
    }  # fmt: skip
    answers = [answer for found in shown.values() for answer in found]
    return ShownDossier(
        revision=revision,
        before=before,
        show=show if before else "clean",
        topics=_folded(topics, shown, fold=before is not None and show == "diff"),
        outline=tuple(_outline(topic, shown[topic.topic.key]) for topic in topics),
        answers=len(answers),
        changed=sum(answer.changed for answer in answers),
        general=tuple(thread for thread in threads if thread.key not in {answer.key for answer in answers}),
    )


def _first(revision: Revision, language: str) -> list[FrozenTopic]:
    """Return the dossier of a revision that has none before it."""
    return dossier_in_words(revision, language, before=revision)


def _files(before: Revision | None) -> dict[str, dict[str, str]]:
    """Return the digests of the files of the revision before, by question and name."""
    if before is None:
        return {}
    return {
        answer["question"]: {file["name"]: file["sha256"] for file in answer["files"]}
        for answer in content_of(before)["answers"]
    }


def _shown(
    answer: FrozenAnswer,
    threads: Sequence[Thread],
    old_files: dict[str, dict[str, str]],
    diff: bool,
    language: str,
) -> ShownAnswer:
    own = tuple(thread for thread in threads if thread.key == answer.question.key)
    difference = difference_of(answer, language) if diff and answer.changed else unchanged(answer.text)
    difference = _marked(difference, answer, own)
    return ShownAnswer(
        question=answer.question,
        title=answer.question.text.in_language(language),
        text=answer.text,
        is_markdown=answer.is_markdown,
        difference=difference,
        files=_shown_files(answer, old_files.get(answer.question.key, {}), diff),
        threads=own,
        changed=answer.changed,
        is_new=answer.changed and answer.previous is None,
        is_gone=answer.is_gone,
        table=table_shown(answer, diff=diff),
    )


def _marked(difference: Difference, answer: FrozenAnswer, threads: Sequence[Thread]) -> Difference:
    """Mark the passages of the discussions; one that is gone, where the difference shows what was removed."""
    before = answer.previous or ""
    for thread in threads:
        passage, at = thread.passage, thread.passage.at or 0
        end = at + len(passage.now)
        if passage.stands_in(answer.text):
            difference = mark_at(difference, answer.text, at, end, thread.number)
        elif passage.gone_since and passage.now and before[at:end] == passage.now:
            difference = mark_at(difference, before, at, end, thread.number, in_old=True)
    return difference


def _shown_files(answer: FrozenAnswer, before: dict[str, str], diff: bool) -> tuple[ShownFile, ...]:
    """Return the files with what became of them; one that is gone is only in the difference."""
    if not diff:
        return tuple(ShownFile(file) for file in answer.files)
    shown = [
        ShownFile(
            file, NEW if file.name not in before else "" if before[file.name] == file.sha256 else REPLACED
        )
        for file in answer.files
    ]
    names = {file.name for file in answer.files}
    gone = [
        ShownFile(FrozenFile(0, name, sha256, 0), REMOVED)
        for name, sha256 in before.items()
        if name not in names
    ]
    return (*shown, *gone)


def _folded(
    topics: Sequence[FrozenTopic], shown: dict[str, list[ShownAnswer]], *, fold: bool
) -> tuple[ShownTopic, ...]:
    """Return the topics with what did not change folded after the last answer before it that is shown.

    Whole topics fold into the line after the topic before them, as "topics 2 and 3".
    """
    found: list[ShownTopic] = []
    hidden: list[ShownAnswer] = []
    for topic in topics:
        answers = shown[topic.topic.key]
        entries: list[ShownAnswer | Fold] = []
        for answer in answers:
            if fold and not answer.changed and not answer.is_open:
                hidden.append(answer)
                continue
            if hidden and found and not entries:
                found[-1] = _with_fold(found[-1], hidden)
            elif hidden and not entries and hidden[0] not in answers:
                found.append(ShownTopic("", 0, "", (_fold(hidden),)))
            elif hidden:
                entries.append(_fold(hidden))
            hidden = []
            entries.append(answer)
        if entries:
            found.append(ShownTopic(topic.topic.key, topic.topic.number, topic.title, tuple(entries)))
    if hidden and found:
        found[-1] = _with_fold(found[-1], hidden)
    elif hidden:
        found.append(ShownTopic("", 0, "", (_fold(hidden),)))
    return tuple(found)


def _with_fold(topic: ShownTopic, hidden: Sequence[ShownAnswer]) -> ShownTopic:
    return ShownTopic(topic.key, topic.number, topic.title, (*topic.entries, _fold(hidden)))


def _fold(hidden: Sequence[ShownAnswer]) -> Fold:
    numbers = _and([answer.question.number for answer in hidden])
    label = ngettext(
        "{numbers}: {count} answer unchanged", "{numbers}: {count} answers unchanged", len(hidden)
    )
    return Fold(label.format(numbers=numbers, count=len(hidden)), tuple(hidden))


def _and(numbers: Sequence[str]) -> str:
    """Return where the answers stand: "1.2 and 1.4", or "1.2 to 3.4" for more than three."""
    if len(numbers) > 3:
        return _("{first} to {last}").format(first=numbers[0], last=numbers[-1])
    if len(numbers) == 1:
        return numbers[0]
    return _("{first} and {last}").format(
        first=pgettext("between members of a list", ", ").join(numbers[:-1]), last=numbers[-1]
    )


def _outline(topic: FrozenTopic, answers: Iterable[ShownAnswer]) -> Outline:
    found = list(answers)
    return Outline(
        number=topic.topic.number,
        title=topic.title,
        changed=sum(answer.changed for answer in found),
        open=sum(thread.is_open for answer in found for thread in answer.threads),
        anchor=f"a{found[0].question.number}",
    )
