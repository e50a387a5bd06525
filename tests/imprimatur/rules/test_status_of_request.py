"""When a request lets somebody ship: approved, in force, today, every blocking condition met, and for these bytes."""

from datetime import date
from typing import Any

import pytest

from imprimatur.commands.status import in_words, places, why_not_in_force

TODAY = date(2026, 11, 26)
BYTES = "ab" * 32
CONDITION = {"number": 1, "text": "Publish it.", "due": "2026-12-01", "blocks_release": True, "state": "open"}


def request(*, state: str = "approved", conditions: Any = (), **decision: Any) -> dict[str, Any]:
    return {
        "reference": "IMP-2026-0008", "state": state, "state_in_words": state.title(), "conditions": list(conditions),
        "state_since": "2026-11-20T10:00:00Z", "version": {"model": "渡船", "number": "2.1"}, "waits_for": "",
        "due": None, "is_late": False, "next_steps": [], "otherwise": "", "address": "https://i.example/r",
        "decision": {
            "status": "in_force", "suspension": None, "valid_from": "2026-11-20", "valid_until": "2027-11-20",
            "manifest_sha256": BYTES, "approved_at": "2026-11-20T10:00:00Z", **decision,
        },
    }  # fmt: skip


@pytest.mark.parametrize("state", ["approved", "released"])
def test_an_approval_in_force_lets_ship_until_its_last_day(state: str) -> None:
    assert why_not_in_force(request(state=state), BYTES, TODAY) is None
    assert why_not_in_force(request(state=state, valid_until="2026-11-26"), "", TODAY) is None
    assert why_not_in_force(request(state=state, valid_until=None, valid_from=None), "", TODAY) is None
    met = [
        {**CONDITION, "state": "met"},
        {**CONDITION, "state": "waived"},
        {**CONDITION, "blocks_release": False},
    ]
    assert why_not_in_force(request(state=state, conditions=met), "", TODAY) is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state": "in_review"}, "In_Review"),
        ({"state": "suspended", "suspension": {"reason": "Wrong dosages."}}, "Suspended"),
        ({"suspension": {"reason": "Wrong dosages."}}, "Wrong dosages"),
        ({"status": "to_sign"}, "not in force: to_sign"),
        ({"valid_from": "2026-11-27"}, "from 2026-11-27"),
        ({"valid_until": "2026-11-25"}, "ended on 2026-11-25"),
        ({"conditions": [CONDITION]}, "not met: 1"),
        ({"conditions": [{**CONDITION, "state": "partly"}]}, "not met: 1"),
        ({"manifest_sha256": "cd" * 32}, "Other bytes"),
    ],
)
def test_everything_else_is_said(given: dict[str, Any], words: str) -> None:
    why_not = why_not_in_force(request(**given), BYTES, TODAY)
    assert why_not is not None
    assert words in why_not
    assert any(why_not in line for line in in_words(request(**given), why_not))


def test_where_a_pipeline_finds_the_decision_is_told_once_there_was_one() -> None:
    named = {
        "attestation": "https://i.example/attestations/0d5cbe2c.jsonl", "keys": "https://i.example/keys.pem",
        "manifest": "https://i.example/attestations/0d5cbe2c.manifest", "status_list": "https://i.example/list.json",
    }  # fmt: skip
    found = places({**request(), "pipeline": named})
    assert found == {name: named[name] for name in ("attestation", "status_list", "keys")}
    assert places({**request(), "pipeline": None}) == {}
