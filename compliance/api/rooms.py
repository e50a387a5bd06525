"""The rooms of compliance, in the order of the description."""

from compliance.api import (
    actions,
    applicability,
    checklists,
    comments,
    evidence,
    exceptions,
    figures,
    findings,
    frozen,
    libraries,
    library_import,
    library_versions,
    opening,
    report_figures,
    schedules,
    years,
)

ROOMS = (
    libraries.room, library_versions.room, library_import.room, applicability.room, schedules.room, opening.room,
    checklists.room, evidence.room, comments.room, frozen.room, findings.room, actions.room, exceptions.room,
    years.room, report_figures.room, figures.room,
)  # fmt: skip
