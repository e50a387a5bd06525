"""What the record of an accepted assessment says: its frozen content in one language, for print and as OSCAL."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from django.conf import settings

from compliance.models import Assessment
from compliance.rules.oscal_results import Issued, results_of
from records import assessment_context as shape
from records.canonical import canonical
from records.context import Language, instant
from records.kinds import Attached
from records.models import Record

Content = Mapping[str, Any]
LABEL = "compliance.assessment"


def content_of(assessment: Assessment) -> Content:
    """Return the frozen content of an accepted assessment."""
    return cast(Content, json.loads(bytes(assessment.content or b"{}")))


def reference_of(assessment: Assessment) -> str:
    """Return the number of its record: the year of the acceptance and its own number."""
    year = assessment.accepted_at.year if assessment.accepted_at else 0
    return f"CHK-{year}-{assessment.pk:05}"


def results_in(assessment: Assessment, language: str) -> dict[str, Any]:
    """Return the accepted assessment as OSCAL assessment-results in a language of the product."""
    issued = Issued(assessment.sha256, settings.ORGANISATION, settings.BASE_URL.rstrip("/"), _key(language))
    return results_of(content_of(assessment), issued)


def attached_to(record: Record) -> Sequence[Attached]:
    """Return what travels in the record of an assessment: the frozen bytes themselves, and the same as OSCAL."""
    assessment = Assessment.objects.get(pk=record.object_id)
    results = canonical(results_in(assessment, record.language))
    return (
        Attached("assessment.json", "Frozen content", bytes(assessment.content or b"")),
        Attached("assessment-results.json", "OSCAL assessment-results", results),
    )


def record_context(assessment: Assessment, language: Language, time_zone: str) -> shape.AssessmentContext:
    """Return what the record says, in the language."""
    return _Spoken(content_of(assessment), _key(language)).context(
        language, time_zone, reference_of(assessment), assessment.sha256
    )


def _key(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"


class _Spoken:
    """Frozen content read in one language."""

    def __init__(self, content: Content, key: str) -> None:
        self.content, self.key = content, key

    def said(self, both: Mapping[str, str]) -> str:
        return both[self.key] or both["zh" if self.key == "en" else "en"]

    def context(
        self, language: Language, time_zone: str, reference: str, sha256: str
    ) -> shape.AssessmentContext:
        content, controls = self.content, self.content["controls"]
        library, schedule = content["library"], content["schedule"]
        return {
            "schema": shape.ASSESSMENT, "language": language, "time_zone": time_zone,
            "organisation": settings.ORGANISATION, "reference": reference, "title": self.said(content["title"]),
            "subtitle": self.said(content["about"]["name"]),
            "library": {
                "name": self.said(library["name"]), "framework": library["framework"],
                "version": library["version"], "sha256": library["sha256"],
            },
            "schedule": self.said(schedule["words"]) if schedule else "",
            "scheduled_for": _instant(schedule["scheduled_for"]) if schedule else None,
            "opened_at": instant_of(content["opened_at"]), "due": instant_of(content["due"]),
            "owner": content["owner"], "submitted_at": instant_of(content["submitted_at"]),
            "reviewer": content["accepted_by"], "accepted_at": instant_of(content["accepted_at"]),
            "counted": counted(controls), "groups": self.groups(),
            "findings": [self.finding(each["number"], found) for each in controls for found in each["findings"]],
            "exceptions": [
                _exception(each["number"], excused) for each in controls for excused in each["exceptions"]
            ],
            "content_sha256": sha256,
        }  # fmt: skip

    def groups(self) -> list[shape.Group]:
        found: list[shape.Group] = []
        for number, rows in groupby(self.content["controls"], key=lambda control: control["group"]):
            controls = list(rows)
            found.append(
                {
                    "number": number,
                    "title": self.said(controls[0]["group_name"]),
                    "counted": counted(controls),
                    "controls": [self.control(control) for control in controls],
                }
            )
        return found

    def control(self, control: Content) -> shape.Control:
        return {
            "number": control["number"], "title": self.said(control["title"]), "text": self.said(control["text"]),
            "source": f"{control['source']}, {control['article']}" if control["article"] else control["source"],
            "state": control["state"], "comment": control["comment"], "answered_by": control["answered_by"],
            "answered_at": _instant(control["answered_at"]),
            "evidence": [
                {
                    "name": file["name"], "sha256": file["sha256"], "size": file["size"],
                    "effective_on": file["effective_on"], "expires_on": file["expires_on"],
                }
                for file in control["evidence"]
            ],
            "comments": [
                {"text": each["text"], "by": each["by"], "at": instant_of(each["at"])} for each in control["comments"]
            ],
        }  # fmt: skip

    def finding(self, number: str, found: Content) -> shape.Finding:
        return {
            "control": number, "severity": found["severity"], "text": found["text"],
            "raised_by": found["raised_by"], "raised_at": instant_of(found["raised_at"]),
            "closed": found["closed_at"] is not None, "closing_reason": found["closing_reason"],
            "actions": [
                {
                    "text": each["text"], "owner": each["owner"], "due": each["due"], "state": each["state"],
                    "said": each["report"] or each["drop_reason"],
                }
                for each in found["actions"]
            ],
        }  # fmt: skip


def _exception(number: str, excused: Content) -> shape.ControlException:
    return {
        "control": number, "state": excused["state"], "reason": excused["reason"], "instead": excused["instead"],
        "until": excused["until"], "asked_by": excused["asked_by"], "decided_by": excused["decided_by"],
        "decided_at": _instant(excused["decided_at"]),
    }  # fmt: skip


def counted(controls: Sequence[Content]) -> shape.Counted:
    """Count the answers."""
    states = [control["state"] for control in controls]
    return {
        "met": states.count("met"),
        "partly": states.count("partly"),
        "not_met": states.count("not_met"),
        "not_applicable": states.count("not_applicable"),
    }


def instant_of(value: str) -> str:
    """Return an instant of the frozen content as the format of records writes it."""
    return instant(datetime.fromisoformat(value))


def _instant(value: str | None) -> str | None:
    return instant_of(value) if value else None
