"""What applies: one library and one subject with its decisions, and the matrix of all libraries and subjects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from accounts.models import User
from compliance.models import ApplicabilityOverride, Library
from compliance.rules.applicability import Level, Outcome
from compliance.selectors.applicability_words import OUTCOMES, why
from compliance.selectors.house import House, house_of
from compliance.selectors.libraries import newest
from compliance.selectors.subjects import Key, Subject
from compliance.selectors.verdicts import Judge, Verdict

ROWS = 60
FEW = 40
DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the matrix is asked for. `outcome`: an Outcome or DECIDED, "" for all; `page` counts from 1.

    `open`: what is unfolded, None to unfold everything where there is little of it.
    """

    words: str = ""
    framework: str = ""
    outcome: str = ""
    open: frozenset[Key] | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A subject with its verdicts, in the order of the columns. `folds`: the keys of what is open after a click on it,
    None where nothing lies in it; `is_given_up`: a version whose release was given up.
    """

    subject: Subject
    verdicts: list[Verdict]
    is_open: bool
    folds: frozenset[Key] | None
    is_given_up: bool

    @property
    def depth(self) -> int:
        """Return how deep it lies, 0 for the organisation."""
        return [Level.ORGANISATION, Level.PROJECT, Level.MODEL, Level.VERSION].index(self.subject.level)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Libraries by framework, and a page of the rows. `silent`: libraries that don't say when they apply."""

    frameworks: list[tuple[str, list[Library]]]
    rows: list[Row]
    page: int
    pages: int
    silent: list[Library]
    choices: list[tuple[str, str]]
    """All frameworks to choose from: code and name."""

    @property
    def columns(self) -> list[Library]:
        """Return the libraries in order."""
        return [library for _framework, libraries in self.frameworks for library in libraries]


def matrix_of(user: User, now: datetime, asked: Asked | None = None) -> Matrix:
    """Return what applies to what the person sees; the number of queries doesn't grow with it."""
    asked = asked or Asked()
    libraries = list(newest().order_by("framework", "code"))
    told = [library for library in libraries if library.applies is not None]
    names = framework_names(told)
    columns = [library for library in told if asked.framework in {"", library.framework}]
    house = house_of(user, now, columns)
    opened = asked.open if asked.open is not None else _all_open(house)
    rows = list(_rows(house, Judge(house), columns, asked, opened))
    pages = max(1, -(-len(rows) // ROWS))
    page = min(max(asked.page, 1), pages)
    return Matrix(
        frameworks=_by_framework(columns, names), rows=rows[(page - 1) * ROWS : page * ROWS], page=page, pages=pages,
        silent=[library for library in libraries if library.applies is None],
        choices=sorted(names.items(), key=lambda item: item[1]),
    )  # fmt: skip


def rows_after(
    user: User, now: datetime, asked: Asked, after: Key | None, most: int
) -> tuple[list[Row], bool] | None:
    """Return so many rows after a subject (None: from the beginning), everything unfolded, and whether there are more.

    None: the person doesn't see that subject any more.
    """
    told = list(newest().filter(applies__isnull=False).order_by("framework", "code"))
    columns = [library for library in told if asked.framework in {"", library.framework}]
    house = house_of(user, now, columns)
    subjects = list(_subjects(house))
    keys = [subject.key for subject in subjects]
    if after is not None and after not in keys:
        return None
    left = subjects[keys.index(after) + 1 :] if after is not None else subjects
    rows = list(islice(_rows(house, Judge(house), columns, asked, frozenset(keys), left), most + 1))
    return rows[:most], len(rows) > most


def matrix_rows(user: User, now: datetime) -> Iterator[list[object]]:
    """Yield a row for each verdict about everything: about, level, library, whether, why, decided by."""
    columns = list(newest().filter(applies__isnull=False).order_by("framework", "code"))
    house = house_of(user, now, columns)
    judge = Judge(house)
    for subject in _subjects(house):
        for library in columns:
            verdict = judge.verdict(library, subject)
            if verdict.outcome is not Outcome.ELSEWHERE:
                yield _told(verdict)


def _told(verdict: Verdict) -> list[object]:
    decided = verdict.decision.made_by.display_name if verdict.decision else ""
    subject = verdict.subject
    project = str(subject.project) if subject.project and subject.level is not Level.PROJECT else ""
    return [
        str(subject), project, verdict.library.framework, verdict.library.name, OUTCOMES[verdict.outcome][2],
        " ".join(why(verdict)), decided,
    ]  # fmt: skip


def _subjects(house: House) -> Iterator[Subject]:
    yield Subject()
    for project in house.projects:
        yield project
        for model in house.models.get(project.id, []):
            yield model
            yield from house.versions.get(model.id, [])


def _all_open(house: House) -> frozenset[Key]:
    """Return everything where there is little of it, else nothing."""
    if sum(map(len, house.versions.values())) > FEW:
        return frozenset()
    models = [model.key for models in house.models.values() for model in models]
    return frozenset([project.key for project in house.projects] + models)


def _rows(
    house: House,
    judge: Judge,
    columns: Sequence[Library],
    asked: Asked,
    opened: frozenset[Key],
    subjects: Iterable[Subject] | None = None,
) -> Iterator[Row]:
    """Yield the rows that are shown, of these subjects or of all.

    A filter shows what it finds wherever that lies, whether unfolded or not.
    """
    finds = bool(asked.words or asked.outcome)
    for subject in subjects if subjects is not None else _subjects(house):
        if not finds and not _is_shown(subject, opened):
            continue
        if asked.words.casefold() not in _called(subject).casefold():
            continue
        verdicts = [judge.verdict(library, subject) for library in columns]
        if asked.outcome and not any(_is_asked(verdict, asked.outcome) for verdict in verdicts):
            continue
        yield Row(
            subject, verdicts, is_open=subject.key in opened,
            folds=None if finds or not _has_parts(house, subject) else opened ^ {subject.key},
            is_given_up=subject.level is Level.VERSION and subject.id in house.given_up,
        )  # fmt: skip


def _is_shown(subject: Subject, opened: frozenset[Key]) -> bool:
    above = [key for level, key in subject.chain.items() if level not in {subject.level, Level.ORGANISATION}]
    return all(key in opened for key in above)


def _called(subject: Subject) -> str:
    project = str(subject.project) if subject.project else ""
    return f"{subject} {project}"


def _is_asked(verdict: Verdict, outcome: str) -> bool:
    if outcome == DECIDED:
        decision = verdict.decision
        return decision is not None and (Level(decision.level), decision.subject_id) == verdict.subject.key
    return verdict.outcome == outcome


def _has_parts(house: House, subject: Subject) -> bool:
    if subject.level is Level.PROJECT:
        return bool(house.models.get(subject.id))
    return subject.level is Level.MODEL and bool(house.versions.get(subject.id))


def framework_names(libraries: Sequence[Library]) -> dict[str, str]:
    """Return the name of each framework by its code: that of the library with this code, else of the first one."""
    found = {library.framework: library.name for library in reversed(libraries)}
    return found | {library.code: library.name for library in libraries if library.code in found}


def _by_framework(libraries: Sequence[Library], names: Mapping[str, str]) -> list[tuple[str, list[Library]]]:
    """Return the libraries by framework, with its name where several serve it."""
    found: dict[str, list[Library]] = {}
    for library in libraries:
        found.setdefault(library.framework, []).append(library)
    return [(names[code] if len(group) > 1 else "", group) for code, group in found.items()]


def verdict_of(user: User, library: Library, subject: Subject, now: datetime) -> Verdict:
    """Return whether one library applies to a subject that the person sees."""
    return Judge(house_of(user, now, [library], subject)).verdict(library, subject)


def verdicts_about(user: User, subject: Subject, now: datetime) -> list[Verdict]:
    """Return all that is asked about a subject: what applies, then what isn't known, then the rest."""
    libraries = list(newest().filter(applies__isnull=False).order_by("framework", "code"))
    judge = Judge(house_of(user, now, libraries, subject))
    told = [judge.verdict(library, subject) for library in libraries]
    order = list(Outcome)
    asked = [verdict for verdict in told if verdict.outcome is not Outcome.ELSEWHERE]
    return sorted(
        asked, key=lambda verdict: (0, 2, 1)[order.index(verdict.outcome)]
    )  # a stable sort keeps frameworks together


def decisions_about(code: str, subject: Subject) -> list[ApplicabilityOverride]:
    """Return all decisions about this very subject, the newest first, those that ended too."""
    about = {"project": subject.project, "model": subject.model, "version": subject.version}
    about["model"] = None if subject.version else subject.model
    rows = ApplicabilityOverride.objects.filter(library_code=code, level=subject.level, **about)
    return list(rows.select_related("made_by", "ended_by"))
