"""What an accepted assessment says for good: everything in it as plain data, in both languages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import override

from compliance.models import Action, Assessment, ControlException, Evidence, Finding
from compliance.models.boards import board_names
from compliance.selectors.filled import FilledControl
from compliance.selectors.findings import Discussed, discussed
from compliance.selectors.happening_words import schedule_in_words

Content = dict[str, Any]
VERSION = 2
NOTHING = Discussed((), (), ())


def frozen_content(assessment: Assessment, controls: list[FilledControl]) -> Content:
    """Return the content: JSON without floats, instants with their zone, days as 2026-11-20; nine queries at most."""
    beside = discussed(assessment)
    library = assessment.library
    return {
        "v": VERSION, "kind": "assessment", "id": assessment.pk,
        "library": {
            "code": library.code, "version": library.version, "sha256": library.sha256,
            "framework": library.framework, "name": {"en": library.name_en, "zh": library.name_zh},
        },
        "title": {"en": assessment.title_en, "zh": assessment.title_zh}, "about": _about(assessment),
        "schedule": _schedule(assessment),
        "owner": assessment.owner.display_name if assessment.owner else "",
        "reviewer": assessment.reviewer.display_name if assessment.reviewer else "",
        "opened_at": _moment(assessment.created_at), "due": _moment(assessment.due),
        "submitted_at": _moment(assessment.submitted_at), "accepted_at": _moment(assessment.accepted_at),
        "accepted_by": assessment.accepted_by.display_name if assessment.accepted_by else "",
        "controls": [_said(each, beside.get(each.control.number, NOTHING)) for each in controls],
    }  # fmt: skip


def _about(assessment: Assessment) -> Content:
    return {
        "scope": str(assessment.scope), "project": assessment.project_id, "version": assessment.version_id,
        "board": assessment.board, "name": _both(lambda: _name(assessment)),
    }  # fmt: skip


def _name(assessment: Assessment) -> str:
    """Return what it is about by its name, "" for the organisation as a whole."""
    if assessment.board:
        return board_names().get(assessment.board, "")
    return str(assessment.version or assessment.project or "")


def _schedule(assessment: Assessment) -> Content | None:
    occurrence = assessment.occurrence
    if occurrence is None:
        return None
    schedule = occurrence.schedule
    return {
        "id": schedule.pk, "rule": schedule.rule, "zone": schedule.zone,
        "scheduled_for": _moment(occurrence.scheduled_for),
        "words": _both(lambda: schedule_in_words(schedule.series, schedule.happenings)),
    }  # fmt: skip


def _said(filled: FilledControl, beside: Discussed) -> Content:
    control = filled.control
    return {
        "number": control.number, "title": {"en": control.title_en, "zh": control.title_zh},
        "text": {"en": control.text_en, "zh": control.text_zh}, "source": control.source,
        "article": control.article, "group": control.group,
        "group_name": {"en": control.group_en, "zh": control.group_zh},
        "state": filled.state, "comment": filled.comment,
        "answered_at": _moment(filled.answer.changed_at) if filled.answer else None,
        "answered_by": filled.answer.changed_by.display_name if filled.answer else "",
        "evidence": [_file(evidence) for evidence in filled.evidence],
        "withdrawn": [_file(evidence) for evidence in filled.withdrawn],
        "replaced": [_file(evidence) for evidence in filled.replaced],
        "findings": [_finding(each) for each in beside.findings],
        "exceptions": [_exception(each) for each in beside.exceptions],
        "comments": [
            {"text": each.text, "at": _moment(each.created_at), "by": each.created_by.display_name}
            for each in beside.comments
        ],
    }  # fmt: skip


def _file(evidence: Evidence) -> Content:
    return {
        "id": evidence.pk, "name": evidence.name, "sha256": evidence.sha256, "size": evidence.size,
        "effective_on": evidence.effective_on.isoformat(), "added_at": _moment(evidence.added_at),
        "added_by": evidence.added_by.display_name, "edition": evidence.version,
        "expires_on": evidence.expires_on.isoformat() if evidence.expires_on else None,
    }  # fmt: skip


def _finding(finding: Finding) -> Content:
    return {
        "id": finding.pk, "severity": finding.severity, "text": finding.text,
        "raised_at": _moment(finding.raised_at), "raised_by": finding.raised_by.display_name,
        "closed_at": _moment(finding.closed_at), "closing": finding.closing,
        "closing_reason": finding.closing_reason, "actions": [_action(each) for each in finding.actions.all()],
    }  # fmt: skip


def _action(action: Action) -> Content:
    return {
        "id": action.pk, "text": action.text, "owner": action.owner.display_name, "due": action.due.isoformat(),
        "state": action.state, "done_at": _moment(action.done_at), "report": action.report,
        "settled_at": _moment(action.settled_at),
        "settled_by": action.settled_by.display_name if action.settled_by else "", "drop_reason": action.drop_reason,
    }  # fmt: skip


def _exception(exception: ControlException) -> Content:
    return {
        "id": exception.pk, "scope": exception.scope, "state": exception.state, "until": exception.until.isoformat(),
        "reason": exception.reason, "instead": exception.instead, "asked_at": _moment(exception.asked_at),
        "asked_by": exception.asked_by.display_name, "decided_at": _moment(exception.decided_at),
        "decided_by": exception.decided_by.display_name if exception.decided_by else "",
        "decision_reason": exception.decision_reason,
    }  # fmt: skip


def _both(say: Callable[[], str]) -> dict[str, str]:
    """Return what is said in English and in Chinese."""
    said = {}
    for key, language in (("en", "en"), ("zh", "zh-hans")):
        with override(language):
            said[key] = say()
    return said


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
