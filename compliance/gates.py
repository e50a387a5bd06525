"""The one way from reviews into compliance: what a policy requires for a version, which boards exist, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from compliance.models import Assessment, Library
from compliance.models.boards import Boards, register
from compliance.models.dossiers import register as register_dossiers
from compliance.permissions import visible_assessments
from compliance.rules.applicability import Fact, Facts, Known
from compliance.rules.gate import Gate, read_gate
from compliance.rules.happenings import Happening, data_sets_added
from compliance.rules.lifecycle import AssessmentState
from compliance.rules.recurrence import Series as Recurrence
from compliance.rules.recurrence import dates as dates_of
from compliance.rules.recurrence import problem_of as problem_of_recurrence
from compliance.rules.recurrence import rule_for
from compliance.selectors.assessments import newest_for_gate
from compliance.selectors.findings import open_critical
from compliance.selectors.incidents import opened_for
from compliance.selectors.libraries import newest_libraries
from compliance.selectors.words import PROBLEMS as RECURRENCE_PROBLEMS
from compliance.selectors.words import day_in_words
from compliance.services.happenings import Place
from compliance.services.happenings import happened as open_what_listens
from compliance.services.incidents import open_for_incident, write_incident
from registry.models import ModelVersion

__all__ = [
    "RECURRENCE_PROBLEMS",
    "Boards",
    "Fact",
    "Facts",
    "GateCheck",
    "Happening",
    "Known",
    "Recurrence",
    "data_sets_added",
    "dates_of",
    "happened",
    "in_words",
    "open_for_incident",
    "opened_for",
    "problem_of_recurrence",
    "readiness",
    "register_boards",
    "register_dossiers",
    "rule_for",
    "write_incident",
]

register_boards = register


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One required checklist. `met`: an accepted assessment exists; `note` says in words what there is or what lacks.

    `url` is the page of the assessment, "" when there is none. Texts are in the language that is active.
    """

    code: str
    title: str
    met: bool
    accepted_at: datetime | None
    accepted_by: str
    note: str
    url: str


def readiness(
    version_id: int, gates: Sequence[str], now: datetime, *, reader: User | None = None
) -> list[GateCheck]:
    """Return one check for each gate, in the order given; two queries however many there are, four with findings.

    A gate is the code of a library, perhaps with days as `release-readiness:30`: accepted at most so many days ago,
    and perhaps with `:no-critical`: no critical finding is open, unless an exception that counts excuses it.

    With a `reader`, `url` is given only where they may open the assessment.

    An assessment counts when it is about this version, whatever version of the library it used, and was accepted at
    or before `now`. The newest accepted one counts, also when a further run is open. An unknown code is never met.
    """
    wanted = [read_gate(gate) for gate in gates]
    codes = [gate.code for gate in wanted]
    libraries = newest_libraries(codes)
    found = newest_for_gate(version_id, codes, now)
    asked = {gate.code for gate in wanted if gate.no_critical}
    critical = open_critical(version_id, asked, now) if asked else {}
    checks = [
        _held(_check(gate, libraries.get(gate.code), found.get(gate.code), now), gate, critical)
        for gate in wanted
    ]
    if reader is None:
        return checks
    keys = [assessment.pk for assessment in found.values()]
    open_to = set(visible_assessments(reader, now).filter(pk__in=keys).values_list("pk", flat=True))
    hidden = {code for code, assessment in found.items() if assessment.pk not in open_to}
    return [replace(check, url="") if check.code in hidden else check for check in checks]


def in_words(gates: Sequence[str]) -> list[str]:
    """Return gates as people read them: "Release readiness, accepted at most 30 days ago"; one query."""
    wanted = [read_gate(gate) for gate in gates]
    libraries = newest_libraries([gate.code for gate in wanted])
    return [
        _gate_in_words(gate, libraries[gate.code].name if gate.code in libraries else gate.code)
        for gate in wanted
    ]


def _gate_in_words(gate: Gate, name: str) -> str:
    if gate.days and gate.no_critical:
        sentence = _("{library}, accepted at most {days} days ago, no critical finding open")
    elif gate.days:
        sentence = _("{library}, accepted at most {days} days ago")
    elif gate.no_critical:
        sentence = _("{library}, no critical finding open")
    else:
        return name
    return sentence.format(library=name, days=gate.days)


def _held(check: GateCheck, gate: Gate, critical: Mapping[str, int]) -> GateCheck:
    """Return the check, not met when a critical finding holds it."""
    number = critical.get(gate.code, 0) if gate.no_critical else 0
    if not number:
        return check
    said = ngettext(
        "{number} critical finding is open: settle its actions, or ask for an exception.",
        "{number} critical findings are open: settle their actions, or ask for exceptions.",
        number,
    ).format(number=number)
    return replace(check, met=False, note=f"{check.note} {said}")


def happened(
    happening: Happening,
    *,
    version_id: int,
    occasion: str,
    now: datetime,
    data: Mapping[str, object] | None = None,
) -> int:
    """Open the checklists of the schedules that listen to it and cover the version; returns how many.

    In the transaction of the act, whose own event names who did it. `occasion` names the act, as "release:3": told
    twice, it opens nothing twice. `data` goes into the events: JSON, no names of people.
    """
    project = ModelVersion.objects.values_list("model__project_id", flat=True).get(pk=version_id)
    place = Place(project, version_id)
    return len(open_what_listens([happening], place, occasion=occasion, now=now, data=data))


def _check(gate: Gate, library: Library | None, assessment: Assessment | None, now: datetime) -> GateCheck:
    code = gate.code
    title = library.name if library else code
    if library is None:
        return GateCheck(code, title, False, None, "", _("There is no checklist with this code."), "")
    if assessment is None:
        return GateCheck(
            code, title, False, None, "", _("Nobody has begun this checklist for the version."), ""
        )
    url = reverse("compliance:assessment", args=[assessment.pk])
    if assessment.accepted_at is not None and assessment.accepted_at <= now:
        by = assessment.accepted_by.display_name if assessment.accepted_by else ""
        note = _("Accepted by {person} on {day}.").format(person=by, day=day_in_words(assessment.accepted_at))
        if gate.is_too_old(assessment.accepted_at, now):
            note += " " + ngettext(
                "The policy asks for at most {days} day; open a new run.",
                "The policy asks for at most {days} days; open a new run.",
                gate.days or 0,
            ).format(days=gate.days)
            return GateCheck(code, title, False, assessment.accepted_at, by, note, url)
        return GateCheck(code, title, True, assessment.accepted_at, by, note, url)
    return GateCheck(code, title, False, None, "", _missing(assessment, now), url)


def _missing(assessment: Assessment, now: datetime) -> str:
    """Say who has to do what until when."""
    owner = assessment.owner.display_name if assessment.owner else ""
    reviewer = assessment.reviewer.display_name if assessment.reviewer else ""
    if assessment.state in {AssessmentState.SUBMITTED, AssessmentState.ACCEPTED}:
        if reviewer:
            return _("Waits for review by {person}.").format(person=reviewer)
        return _("Waits for review; it has no reviewer yet.")
    due = day_in_words(assessment.due)
    if not owner:
        return _("Has no owner yet; due {day}.").format(day=due)
    if now > assessment.due:
        return _("Overdue since {day}; {person} fills it in.").format(day=due, person=owner)
    return _("{person} fills it in, due {day}.").format(day=due, person=owner)
