"""An answer as pages show it: with its difference, the fate of its files, and its discussions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imprimatur.dossier.questionnaire import Question
from reviews.models import Revision
from reviews.rules.difference import Difference, unchanged
from reviews.rules.marks import mark_at
from reviews.selectors.answer_difference import ShownTable, difference_of, table_shown
from reviews.selectors.discussion import Thread
from reviews.selectors.revisions import FrozenAnswer, FrozenFile, content_of

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


def files_of(before: Revision | None) -> dict[str, dict[str, list[str]]]:
    """Return the digests of the files of the revision before, by question and name."""
    found: dict[str, dict[str, list[str]]] = {}
    for answer in content_of(before)["answers"] if before else ():
        for file in answer["files"]:
            found.setdefault(answer["question"], {}).setdefault(file["name"], []).append(file["sha256"])
    return found


def shown_answer(
    answer: FrozenAnswer,
    threads: Sequence[Thread],
    old_files: Mapping[str, Mapping[str, Sequence[str]]],
    diff: bool,
    language: str,
) -> ShownAnswer:
    """Return the answer as it is shown: marked with its discussions, and with `diff` beside what it was before."""
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


def _shown_files(
    answer: FrozenAnswer, before: Mapping[str, Sequence[str]], diff: bool
) -> tuple[ShownFile, ...]:
    """Return the files with what became of them; one that is gone is only in the difference.

    Files of one name are told apart by their digests: what is left of them on both sides was replaced.
    """
    if not diff:
        return tuple(ShownFile(file) for file in answer.files)
    left = {name: Counter(digests) for name, digests in before.items()}
    for file in answer.files:
        left.setdefault(file.name, Counter())[file.sha256] -= 1
    came = {name: -min(0, sum(counted.values())) for name, counted in left.items()}
    shown = [ShownFile(file, _fate(file, before, left[file.name], came)) for file in answer.files]
    for name, counted in left.items():
        went = max(0, sum(counted.values()))
        digests = [sha256 for sha256, count in counted.items() if count > 0][:went]
        shown += [ShownFile(FrozenFile(0, name, sha256, 0), REMOVED) for sha256 in digests]
    return tuple(shown)


def _fate(
    file: FrozenFile, before: Mapping[str, Sequence[str]], left: Counter[str], came: dict[str, int]
) -> str:
    """Return what became of a file: nothing if its digest was there; `came` counts down what is new of its name."""
    if left[file.sha256] >= 0 and file.sha256 in before.get(file.name, ()):
        return ""
    if came[file.name]:
        came[file.name] -= 1
        return NEW
    return REPLACED
