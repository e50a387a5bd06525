"""The libraries by framework: how many controls each has, to what it applies, and how far it is in use."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from compliance.models import Library
from compliance.permissions import sight_of, visible_assessments
from compliance.rules.applicability import Level, Outcome
from compliance.selectors.applicability import framework_names
from compliance.selectors.applicability_words import OUTCOMES
from compliance.selectors.house import House, house_of
from compliance.selectors.libraries import newest
from compliance.selectors.subjects import Subject
from compliance.selectors.verdicts import Judge


@dataclass(frozen=True, slots=True)
class Listed:
    """A library: `controls` of its newest version; checklists and the last acceptance among what the person sees.

    `applies`: to how much of what the person sees, in words.
    """

    library: Library
    controls: int
    used: int
    last_accepted: datetime | None
    applies: str


@dataclass(frozen=True, slots=True)
class Framework:
    """Libraries that serve one framework; `name` is that of the library that carries its code, else of the first."""

    name: str
    libraries: list[Listed]

    @property
    def controls(self) -> int:
        """Return how many controls its libraries have together."""
        return sum(listed.controls for listed in self.libraries)


def frameworks_of(user: User, now: datetime) -> list[Framework]:
    """Return all libraries by framework; the number of queries doesn't grow with them or with what they apply to."""
    libraries = list(newest().annotate(size=Count("controls")).order_by("framework", "code"))
    sight = sight_of(user, now)
    seen = visible_assessments(user, now, sight).order_by()
    rows = seen.values_list("library__code").annotate(used=Count("pk"), last=Max("accepted_at"))
    runs = {code: (used, last) for code, used, last in rows}
    house = house_of(user, now, libraries, sight=sight)
    judge = Judge(house)
    found: dict[str, list[Listed]] = {}
    for library in libraries:
        used, last = runs.get(library.code, (0, None))
        listed = Listed(library, library.size, used, last, _applies(library, house, judge))
        found.setdefault(library.framework, []).append(listed)
    names = framework_names(libraries)
    return [Framework(names[code], listed) for code, listed in found.items()]


def _applies(library: Library, house: House, judge: Judge) -> str:
    if library.applies is None:
        return _("doesn't say when it applies")
    if library.level == Level.ORGANISATION:
        verdict = judge.verdict(library, Subject())
        return _("to the organisation: {outcome}").format(outcome=OUTCOMES[verdict.outcome][2])
    subjects = list(_subjects(library.level, house))
    outcomes = [judge.verdict(library, subject).outcome for subject in subjects]
    number, unknown = outcomes.count(Outcome.YES), outcomes.count(Outcome.UNKNOWN)
    sentences = {
        Level.PROJECT: ngettext(
            "applies to {number} of {total} project", "applies to {number} of {total} projects", len(subjects)
        ),
        Level.MODEL: ngettext(
            "applies to {number} of {total} model", "applies to {number} of {total} models", len(subjects)
        ),
        Level.VERSION: ngettext(
            "applies to {number} of {total} current version",
            "applies to {number} of {total} current versions",
            len(subjects),
        ),
    }
    told = sentences[Level(library.level)].format(number=number, total=len(subjects))
    if not unknown:
        return told
    return _("{told}, not known for {number}").format(told=told, number=unknown)


def _subjects(level: str, house: House) -> Iterator[Subject]:
    if level == Level.PROJECT:
        yield from house.projects
        return
    for models in house.models.values():
        for model in models:
            if level == Level.MODEL:
                yield model
            else:
                yield from house.current(model.id)
