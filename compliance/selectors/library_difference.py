"""What changed between two versions of a library, and what of ours it touches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from compliance.models import Assessment, Control, Library, Schedule
from compliance.permissions import visible_assessments, visible_schedules
from compliance.rules.library_difference import Kind, Texts, compare_libraries
from compliance.rules.lifecycle import AssessmentState, ScheduleState
from compliance.selectors.libraries import version_asked, versions_of
from compliance.selectors.library_page import cadence_in_words
from compliance.selectors.mappings import Place, all_mapped
from imprimatur.wording import Piece

FIELDS: dict[str, StrOrPromise] = {
    "group_en": _("Group (English)"), "group_zh": _("Group (Chinese)"), "title_en": _("Title (English)"),
    "title_zh": _("Title (Chinese)"), "text_en": _("What is asked (English)"),
    "text_zh": _("What is asked (Chinese)"), "help_en": _("How to judge it (English)"),
    "help_zh": _("How to judge it (Chinese)"), "source": _("Source"), "article": _("Article"),
    "confidence": _("How sure we are"), "evidence_en": _("Evidence (English)"),
    "evidence_zh": _("Evidence (Chinese)"), "evidence_required": _("Evidence needed"),
    "obligations": _("Obligations"), "cadence": _("When"), "mappings": _("The same evidence serves"),
}  # fmt: skip
KINDS: dict[Kind, StrOrPromise] = {
    Kind.ADDED: _("added"), Kind.REMOVED: _("removed"), Kind.CHANGED: _("changed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A control that came, went or changed: its title, and the fields that read otherwise with their names."""

    kind: Kind
    word: StrOrPromise
    number: str
    title: str
    fields: list[tuple[StrOrPromise, list[Piece]]]


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """The changes with how many controls came, went, changed and stayed."""

    changes: list[ShownChange]
    added: int
    removed: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Touched:
    """What refers to controls that changed or went: schedules, open checklists, mappings.

    A schedule goes on with the newest version; an open checklist keeps the version with which it was opened.
    With a schedule stand the controls that it names and that went.
    """

    schedules: list[tuple[Schedule, list[str]]]
    assessments: list[Assessment]
    mappings: list[tuple[str, list[Place]]]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of a library, what changed from one to the other, and what of ours it touches."""

    library: Library
    old: Library
    versions: list[Library]
    difference: ShownDifference
    touched: Touched


def compared(user: User, code: str, old: str, new: str, now: datetime) -> Compared:
    """Compare two versions by their numbers, the last two where they are ""; raises Http404 for unknown ones.

    Touched are things that the person may see; checklists that were opened with the newer version are not.
    """
    versions = versions_of(code)
    library = version_asked(versions, new, versions[0])
    before = version_asked(versions, old, versions[min(1, len(versions) - 1)])
    difference = difference_of(before.controls.all(), library.controls.all())
    assessments = visible_assessments(user, now).exclude(library=library)
    touched = touched_by(difference, code, visible_schedules(user, now), assessments)
    return Compared(library, before, versions, difference, touched)


def difference_of(before: Iterable[Control], after: Iterable[Control]) -> ShownDifference:
    """Compare the controls of two versions; those of `after` need not be saved."""
    old, new = {row.number: row for row in before}, {row.number: row for row in after}
    found = compare_libraries(_all_texts(old), _all_texts(new))
    return ShownDifference(
        changes=[
            ShownChange(
                each.kind, KINDS[each.kind], each.number, (new.get(each.number) or old[each.number]).title,
                [(FIELDS[change.field], change.pieces) for change in each.fields],
            )
            for each in found.changes
        ],
        added=found.count(Kind.ADDED), removed=found.count(Kind.REMOVED), changed=found.count(Kind.CHANGED),
        same=found.same,
    )  # fmt: skip


def touched_by(
    difference: ShownDifference, code: str, schedules: QuerySet[Schedule], assessments: QuerySet[Assessment]
) -> Touched:
    """Return which of these schedules and checklists, and which mappings, the difference touches; three queries.

    Schedules and checklists are those that the person may see.
    """
    gone = {each.number for each in difference.changes if each.kind == Kind.REMOVED}
    changed = {each.number for each in difference.changes if each.kind != Kind.ADDED}
    if not difference.changes:
        return Touched([], [], [])
    mapped = all_mapped()
    going_on = schedules.filter(library_code=code).exclude(state=ScheduleState.ENDED)
    not_frozen = assessments.filter(library__code=code).exclude(state=AssessmentState.ACCEPTED)
    return Touched(
        schedules=[
            (row, sorted(gone & set(row.control_numbers))) for row in going_on if _concerns(row, changed)
        ],
        assessments=[row for row in not_frozen if _concerns(row, changed)],
        mappings=[
            (number, sorted(mapped[code, number])) for number in sorted(changed) if (code, number) in mapped
        ],
    )


def _concerns(row: Schedule | Assessment, changed: set[str]) -> bool:
    return not row.control_numbers or bool(changed & set(row.control_numbers))


def _all_texts(rows: Mapping[str, Control]) -> dict[str, Texts]:
    return {number: _texts(row) for number, row in rows.items()}


def _texts(row: Control) -> Texts:
    shown = {
        "confidence": row.get_confidence_display(),
        "evidence_required": str(_("yes") if row.evidence_required else _("no")),
        "obligations": ", ".join(row.obligations), "mappings": ", ".join(row.mappings),
        "cadence": "\n".join((cadence_in_words(row.cadence), *row.cadence.get("note", {}).values())).strip(),
    }  # fmt: skip
    return {name: shown.get(name, getattr(row, name)) for name in FIELDS}
