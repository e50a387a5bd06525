"""The dossier as the request page shows it: what changed, what is discussed, and the rest folded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reviews.models import Revision
from reviews.selectors.discussion import Thread
from reviews.selectors.revisions import FrozenTopic, dossier_in_words
from reviews.selectors.shown_answer import ShownAnswer, files_of, shown_answer


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
class Since:
    """An earlier revision to compare with: the one before (`is_last`), or the one that is compared with now."""

    number: int
    is_last: bool
    is_shown: bool


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
    looked_at: int | None = None

    @property
    def sinces(self) -> list["Since"]:
        """Return the revisions to compare with: the one before, the one looked at last, and the one that is shown."""
        last, shown = self.revision.number - 1, self.before.number if self.before else None
        numbers = {last, shown, self.looked_at} - {None}
        return [
            Since(number, number == last, number == shown and self.show == "diff")
            for number in sorted(numbers, key=lambda number: -(number or 0))
            if number is not None
        ]

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
    looked_at: int | None = None,
) -> ShownDossier:
    """Return the dossier; `show` "diff" marks and folds, "clean" shows everything as it reads now.

    With `gone`, also what is not asked any more. `looked_at` is the revision that the reader looked at last.
    """
    topics = (
        dossier_in_words(revision, language, before=before, gone=gone)
        if before
        else _first(revision, language)
    )
    old_files = files_of(before)
    shown = {
        topic.topic.key: [shown_answer(answer, threads, old_files, before is not None and show == "diff", language)
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
        looked_at=looked_at,
        general=tuple(thread for thread in threads if thread.key not in {answer.key for answer in answers}),
    )


def _first(revision: Revision, language: str) -> list[FrozenTopic]:
    """Return the dossier of a revision that has none before it."""
    return dossier_in_words(revision, language, before=revision)


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
