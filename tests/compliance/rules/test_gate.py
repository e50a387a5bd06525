"""How a gate is read, and when an acceptance is too old for it."""

from datetime import UTC, datetime, timedelta

import pytest

from compliance.rules.gate import Gate, read_gate

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("release-readiness", Gate("release-readiness")),
        ("release-readiness:30", Gate("release-readiness", 30)),
        ("release-readiness:no-critical", Gate("release-readiness", None, True)),
        ("release-readiness:30:no-critical", Gate("release-readiness", 30, True)),
        ("release-readiness:no-critical:30", Gate("release-readiness", 30, True)),
        ("x:30:60", Gate("x:30:60")),
        ("x:no-critical:no-critical", Gate("x:no-critical:no-critical")),
        ("odd:thing", Gate("odd:thing")),
        ("odd:", Gate("odd:")),
        ("odd:٣", Gate("odd:٣")),
    ],
)
def test_days_and_findings_stand_behind_a_colon_and_anything_else_is_no_gate(text: str, gate: Gate) -> None:
    assert read_gate(text) == gate


def test_an_acceptance_counts_for_so_many_days_and_to_the_second() -> None:
    gate = Gate("x", 30)
    assert not gate.is_too_old(NOW - timedelta(days=30), NOW)
    assert gate.is_too_old(NOW - timedelta(days=30, seconds=1), NOW)
    assert not Gate("x").is_too_old(NOW - timedelta(days=9999), NOW)
