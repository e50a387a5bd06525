"""The heat map of controls: for each library and each project the last accepted answer of every control."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Answer, Library
from compliance.permissions import visible_assessments
from compliance.rules.lifecycle import AssessmentState
from compliance.rules.standing import Counted, count
from compliance.selectors.libraries import newest
from registry.models import Project

MOST_PROJECTS = 12
ORGANISATION = None

Place = tuple[str, int | None]
"""Code of a library, and id of a project; None: the organisation and its boards."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A library for a project; `latest`: id of the newest assessment that was counted."""

    counted: Counted
    latest: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A library with a cell for each column; `controls` is how many it has."""

    library: Library
    controls: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Heat:
    """Frameworks with their libraries; `columns` are names, the organisation first; `more` projects are left out."""

    columns: list[str]
    frameworks: list[tuple[str, list[Row]]]
    more: int

    def lines(self) -> Iterator[list[object]]:
        """Yield the cells as rows of a table: framework, library, about, controls, then the counts."""
        for framework, rows in self.frameworks:
            for row in rows:
                for about, cell in zip(self.columns, row.cells, strict=True):
                    if cell.latest is not None:
                        told = cell.counted
                        yield [
                            framework, row.library.name, about, row.controls, told.met, told.partly, told.not_met,
                            told.not_applicable,
                        ]  # fmt: skip


def heat_of(user: User, now: datetime, most: int | None = MOST_PROJECTS) -> Heat:
    """Return what the person may see of it; a control counts by its newest accepted answer.

    `most` projects at the most (None: all), by name; what there is of the others is counted in `more`.
    """
    answers = list(_answers(user, now))
    found: defaultdict[Place, list[str]] = defaultdict(list)
    latest: dict[Place, int] = {}
    for code, project, state, assessment in answers:
        place = (code, project)
        found[place].append(state)
        latest[place] = max(latest.get(place, 0), assessment)
    ids = sorted({project for _code, project in found if project is not None})
    projects = list(Project.objects.filter(pk__in=ids).order_by("name")) if ids else []
    shown = projects[:most]
    columns = [ORGANISATION, *(project.pk for project in shown)]
    sizes = dict(newest().values_list("code").annotate(Max("controls__position")))
    libraries = sorted(newest(), key=lambda library: (library.framework, library.code))
    rows = [
        Row(
            library, sizes[library.code] or 0,
            [Cell(count(found[library.code, key]), latest.get((library.code, key))) for key in columns],
        )
        for library in libraries
    ]  # fmt: skip
    names = [_("Organisation"), *(project.name for project in shown)]
    frameworks = [(key, list(group)) for key, group in groupby(rows, key=lambda row: row.library.framework)]
    return Heat(names, frameworks, len(projects) - len(shown))


def _answers(user: User, now: datetime) -> Iterator[tuple[str, int | None, str, int]]:
    accepted = visible_assessments(user, now).filter(state=AssessmentState.ACCEPTED)
    place = [F("assessment__library__code"), F("control__number"), F("assessment__project_id")]
    newest_first = [F("assessment__accepted_at").desc(), F("assessment_id").desc()]
    rows = Answer.objects.filter(assessment__in=accepted.values("pk")).exclude(state="")
    ranked = rows.annotate(rank=Window(RowNumber(), partition_by=place, order_by=newest_first))
    yield from (
        ranked.filter(rank=1)
        .order_by()
        .values_list("assessment__library__code", "assessment__project_id", "state", "assessment_id")
    )
