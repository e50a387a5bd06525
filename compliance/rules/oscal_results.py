"""An accepted assessment as OSCAL assessment-results: from its frozen content alone, so that it is the same each time.

Each control is an observation (what was said, with its evidence) and a finding (satisfied or not); what we call a
finding is a risk with its actions as remediations, an exception is a risk whose deviation was asked for or approved.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from compliance.rules.completeness import AnswerState
from compliance.rules.findings import ActionState, ExceptionState
from compliance.rules.oscal import NAMESPACE, VERSION, identity, statement, token

Content = Mapping[str, Any]
Node = dict[str, Any]

IMPLEMENTATION: dict[str, str] = {
    AnswerState.MET: "implemented",
    AnswerState.PARTLY: "partial",
    AnswerState.NOT_APPLICABLE: "not-applicable",
}
SATISFIED = frozenset({AnswerState.MET, AnswerState.NOT_APPLICABLE})
LIFECYCLES = {
    ActionState.OPEN: "planned",
    ActionState.DONE: "completed",
    ActionState.VERIFIED: "completed",
    ActionState.DROPPED: "recommendation",
}
DEVIATIONS = {
    ExceptionState.ASKED: "deviation-requested",
    ExceptionState.APPROVED: "deviation-approved",
    ExceptionState.REFUSED: "closed",
    ExceptionState.REVOKED: "closed",
}


@dataclass(frozen=True, slots=True)
class Issued:
    """What the content doesn't say of itself: its SHA-256, who issues it, where pages are, the language (en, zh)."""

    sha256: str
    organisation: str
    base: str
    language: str


def results_of(content: Content, issued: Issued) -> Node:
    """Return the document; the same arguments give the same document, identifiers included."""
    return {"assessment-results": _Results(content, issued).document()}


class _Results:
    """One document being made."""

    def __init__(self, content: Content, issued: Issued) -> None:
        self.content, self.issued = content, issued

    def uuid(self, *names: object) -> str:
        """Return the identity of a thing in this content; another content has others."""
        return identity("assessment", self.issued.sha256, *names)

    def said(self, both: Mapping[str, str]) -> str:
        """Return a text in the language of the document, or in the other one where there is only that."""
        other = "zh" if self.issued.language == "en" else "en"
        return both[self.issued.language] or both[other]

    def document(self) -> Node:
        return {
            "uuid": self.uuid("results"),
            "metadata": self.metadata(),
            "import-ap": {"href": f"#{self.uuid('plan')}"},
            "results": [self.result()],
            "back-matter": {"resources": list(self.resources())},
        }

    def metadata(self) -> Node:
        people = {"owner": self.content["owner"], "reviewer": self.content["accepted_by"]}
        roles = [{"id": "owner", "title": "Owner"}, {"id": "reviewer", "title": "Reviewer"}]
        parties = [
            {
                "uuid": self.uuid("organisation"),
                "type": "organization",
                "name": _line(self.issued.organisation),
            },
            *(
                {"uuid": self.uuid(role), "type": "person", "name": _line(name)}
                for role, name in people.items()
            ),
        ]
        return {
            "title": self.title(), "last-modified": self.content["accepted_at"], "version": "1",
            "oscal-version": VERSION,
            "props": [_prop("content-sha256", self.issued.sha256)], "roles": roles, "parties": parties,
            "responsible-parties": [{"role-id": role, "party-uuids": [self.uuid(role)]} for role in people],
        }  # fmt: skip

    def title(self) -> str:
        about = self.said(self.content["about"]["name"])
        return f"{self.said(self.content['title'])}, {about}" if about else self.said(self.content["title"])

    def result(self) -> Node:
        controls = self.content["controls"]
        risks = [risk for control in controls for risk in self.risks(control)]
        return {
            "uuid": self.uuid("result"), "title": self.title(),
            "description": f"{self.said(self.content['library']['name'])} ({self.content['library']['version']})",
            "start": self.content["opened_at"], "end": self.content["accepted_at"],
            "reviewed-controls": {
                "control-selections": [
                    {"include-controls": [{"control-id": token(control["number"])} for control in controls]}
                ]
            },
            "observations": [self.observation(control) for control in controls],
            **({"risks": risks} if risks else {}),
            "findings": [self.finding(control) for control in controls],
        }  # fmt: skip

    def observation(self, control: Content) -> Node:
        evidence = [
            {"href": f"#{self.uuid('evidence', file['id'])}", "description": file["name"]}
            for file in control["evidence"]
        ]
        days = sorted(file["expires_on"] for file in control["evidence"] if file["expires_on"])
        return {
            "uuid": self.uuid("observation", control["number"]), "title": self.said(control["title"]),
            "description": control["comment"] or self.said(control["text"]), "methods": ["EXAMINE"],
            "props": [_prop("answer", control["state"])],
            "origins": [self.origin("owner")],
            **({"relevant-evidence": evidence} if evidence else {}),
            "collected": control["answered_at"] or self.content["submitted_at"],
            **({"expires": f"{days[0]}T23:59:59Z"} if days else {}),
        }  # fmt: skip

    def finding(self, control: Content) -> Node:
        state = control["state"]
        risks = [{"risk-uuid": risk["uuid"]} for risk in self.risks(control)]
        return {
            "uuid": self.uuid("finding", control["number"]),
            "title": f"{control['number']} {self.said(control['title'])}",
            "description": control["comment"] or self.said(control["text"]), "origins": [self.origin("reviewer")],
            "target": {
                "type": "statement-id", "target-id": statement(control["number"]),
                "status": {"state": "satisfied" if state in SATISFIED else "not-satisfied", "reason": _reason(state)},
                **({"implementation-status": {"state": known}} if (known := IMPLEMENTATION.get(state)) else {}),
            },
            "related-observations": [{"observation-uuid": self.uuid("observation", control["number"])}],
            **({"related-risks": risks} if risks else {}),
        }  # fmt: skip

    def risks(self, control: Content) -> Iterator[Node]:
        observed = [{"observation-uuid": self.uuid("observation", control["number"])}]
        for found in control["findings"]:
            yield self.risk(found) | {"related-observations": observed}
        for excused in control["exceptions"]:
            yield self.deviation(control, excused) | {"related-observations": observed}

    def risk(self, found: Content) -> Node:
        actions = found["actions"]
        unsettled = [each["due"] for each in actions if each["state"] in {ActionState.OPEN, ActionState.DONE}]
        status = "closed" if found["closed_at"] else "remediating" if actions else "open"
        return {
            "uuid": self.uuid("risk", found["id"]), "title": _first_line(found["text"]), "description": found["text"],
            "statement": found["closing_reason"] or found["text"], "status": status,
            "props": [_prop("severity", found["severity"])],
            **({"deadline": f"{max(unsettled)}T23:59:59Z"} if unsettled else {}),
            **({"remediations": [self.remediation(each) for each in actions]} if actions else {}),
        }  # fmt: skip

    def remediation(self, action: Content) -> Node:
        name = action["owner"]
        task = {
            "uuid": self.uuid("task", action["id"]), "type": "milestone", "title": _first_line(action["text"]),
            "timing": {"on-date": {"date": f"{action['due']}T00:00:00Z"}},
        }  # fmt: skip
        return {
            "uuid": self.uuid("action", action["id"]), "lifecycle": LIFECYCLES[ActionState(action["state"])],
            "title": _first_line(action["text"]), "description": action["text"],
            "props": [_prop("owner", name), _prop("state", action["state"])], "tasks": [task],
            **({"remarks": said} if (said := action["report"] or action["drop_reason"]) else {}),
        }  # fmt: skip

    def deviation(self, control: Content, excused: Content) -> Node:
        return {
            "uuid": self.uuid("exception", excused["id"]),
            "title": f"{control['number']} {self.said(control['title'])}", "description": excused["reason"],
            "statement": excused["instead"] or excused["reason"],
            "status": DEVIATIONS[ExceptionState(excused["state"])],
            "props": [_prop("exception", excused["state"])], "deadline": f"{excused['until']}T23:59:59Z",
        }  # fmt: skip

    def origin(self, role: str) -> Node:
        return {"actors": [{"type": "party", "actor-uuid": self.uuid(role), "role-id": role}]}

    def resources(self) -> Iterator[Node]:
        yield self.plan()
        library = self.content["library"]
        address = (
            f"{self.issued.base}/compliance/libraries/{library['code']}.json?version={library['version']}"
        )
        yield {
            "uuid": self.uuid("library"), "title": self.said(library["name"]),
            "props": [_prop("type", "catalog", None), _prop("version", str(library["version"]), None)],
            "rlinks": [{"href": address, "media-type": "application/json"}],
            "remarks": f"SHA-256 of the file that the library was read from: {library['sha256']}",
        }  # fmt: skip
        for control in self.content["controls"]:
            for file in control["evidence"]:
                yield self.evidence(file)

    def plan(self) -> Node:
        """Return what stands for the assessment plan: the schedule and the date that the run was for."""
        schedule = self.content["schedule"]
        page = f"schedules/{schedule['id']}/" if schedule else f"assessments/{self.content['id']}/"
        said = f"{self.said(schedule['words'])}: {schedule['scheduled_for']}" if schedule else self.title()
        return {
            "uuid": self.uuid("plan"), "title": self.title(), "description": said,
            "props": [_prop("type", "plan", None)],
            "rlinks": [{"href": f"{self.issued.base}/compliance/{page}"}],
        }  # fmt: skip

    def evidence(self, file: Content) -> Node:
        expires = [_prop("expires-on", file["expires_on"])] if file["expires_on"] else []
        address = f"{self.issued.base}/compliance/evidence/{file['id']}/#{quote(file['name'])}"
        return {
            "uuid": self.uuid("evidence", file["id"]), "title": file["name"],
            "props": [
                _prop("type", "evidence", None), _prop("published", file["added_at"], None),
                _prop("effective-on", file["effective_on"]), *expires,
            ],
            "rlinks": [{"href": address, "hashes": [{"algorithm": "SHA-256", "value": file["sha256"]}]}],
        }  # fmt: skip


def _reason(state: str) -> str:
    return {AnswerState.MET: "pass", AnswerState.NOT_APPLICABLE: "other"}.get(AnswerState(state), "fail")


def _prop(name: str, value: str, namespace: str | None = NAMESPACE) -> Node:
    return {"name": name, "value": _line(value)} | ({"ns": namespace} if namespace else {})


def _line(text: str) -> str:
    """Return the text on one line without blanks at its ends, as names and values of OSCAL are; never empty."""
    return " ".join(text.split()) or "-"


def _first_line(text: str) -> str:
    return _line(text.strip().split("\n", 1)[0])
