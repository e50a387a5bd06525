"""Invented content of an accepted assessment, as the services freeze it."""

from typing import Any

NUMBERS = ("met", "partly", "not_met", "not_applicable")


def both(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


def action(number: int, state: str) -> dict[str, Any]:
    settled = state in {"verified", "dropped"}
    return {
        "id": number, "text": "Block the fork that skips review.\nThen try it again.", "owner": "Ravi Krishnan",
        "due": f"2026-0{number}-28", "state": state, "done_at": "2026-04-20T08:00:00+00:00" if settled else None,
        "report": "The fork is blocked." if state == "verified" else "", "settled_at": None, "settled_by": "",
        "drop_reason": "Not needed any more." if state == "dropped" else "",
    }  # fmt: skip


def finding(number: int, severity: str, *actions: dict[str, Any], closed: bool = False) -> dict[str, Any]:
    return {
        "id": number, "severity": severity, "text": "Two changes went in without a review.",
        "raised_at": "2026-04-05T08:00:00+00:00", "raised_by": "Elif Bayar",
        "closed_at": "2026-04-06T08:00:00+00:00" if closed else None, "closing": "withdrawn" if closed else "",
        "closing_reason": "It was a test." if closed else "", "actions": list(actions),
    }  # fmt: skip


def exception(number: int, state: str) -> dict[str, Any]:
    return {
        "id": number, "scope": "organisation", "state": state, "until": "2026-09-30",
        "reason": "The tool that does it comes in autumn.", "instead": "A person looks at each change.",
        "asked_at": "2026-04-05T09:00:00+00:00", "asked_by": "Ravi Krishnan",
        "decided_at": "2026-04-06T09:00:00+00:00" if state == "approved" else None,
        "decided_by": "Ingrid Falk" if state == "approved" else "", "decision_reason": "",
    }  # fmt: skip


def file(number: int, name: str = "report Q1 报告.pdf", expires: str | None = "2027-03-31") -> dict[str, Any]:
    return {
        "id": number, "name": name, "sha256": f"{number:064x}", "size": 48213, "effective_on": "2026-03-31",
        "added_at": "2026-04-02T08:00:00+00:00", "added_by": "Ravi Krishnan", "expires_on": expires,
    }  # fmt: skip


def control(number: str, state: str, **over: Any) -> dict[str, Any]:
    return {
        "number": number, "title": both(f"Changes of {number} are reviewed", f"{number} 的变更经过审查"),
        "text": both("Nobody changes a policy alone.", "任何人都不能单独修改制度。"), "source": "Own rule",
        "article": "3.2", "group": "G1", "group_name": both("Governance", "治理"), "state": state,
        "comment": "" if state == "met" else "See the minutes of *March*.",
        "answered_at": "2026-04-02T09:00:00+00:00", "answered_by": "Ravi Krishnan", "evidence": [], "withdrawn": [],
        "findings": [], "exceptions": [], "comments": [],
    } | over  # fmt: skip


def controls() -> list[dict[str, Any]]:
    """A control of each answer, with files, findings of each kind and exceptions."""
    return [
        control("1.1", "met", evidence=[file(1), file(2, "log.txt", None)]),
        control("MAP 2(a)", "partly", findings=[finding(1, "medium", action(5, "open"), action(6, "verified"))]),
        control(
            "C3", "not_met", group="G2", group_name=both("Security of supply", "供应安全"),
            findings=[finding(2, "critical", action(7, "done")), finding(3, "low", closed=True)],
            exceptions=[exception(1, "approved"), exception(2, "asked")],
        ),
        control("C4", "not_applicable", group="G2", group_name=both("Security of supply", "供应安全")),
    ]  # fmt: skip


def frozen(**over: Any) -> dict[str, Any]:
    return {
        "v": 2, "kind": "assessment", "id": 41,
        "library": {
            "code": "board-duties", "version": 3, "sha256": "ab" * 32, "framework": "board-duties",
            "name": both("Duties of the boards", "委员会职责"),
        },
        "title": both("Quarterly access review", "季度权限审查"),
        "about": {
            "scope": "version", "project": 3, "version": 7, "board": None, "name": both("Heron 2.1", "苍鹭 2.1"),
        },
        "schedule": {
            "id": 4, "rule": "FREQ=MONTHLY;BYMONTHDAY=1", "zone": "Asia/Shanghai",
            "scheduled_for": "2026-04-01T01:00:00+00:00",
            "words": both("Every month on day 1, at 09:00 (Asia/Shanghai)", "每月1日09:00（Asia/Shanghai）"),
        },
        "owner": "Ravi Krishnan", "reviewer": "陈嘉慧 Chen Jiahui", "opened_at": "2026-04-01T01:00:00+00:00",
        "due": "2026-04-15T15:59:59+00:00", "submitted_at": "2026-04-03T08:12:44.123456+00:00",
        "accepted_at": "2026-04-07T06:30:00.000001+00:00", "accepted_by": "陈嘉慧 Chen Jiahui",
        "controls": controls(),
    } | over  # fmt: skip
