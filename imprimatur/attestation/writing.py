"""Writing a decision as an in-toto Statement v1: the same values give the same bytes."""

import json
from typing import Any

from imprimatur.attestation.predicate import (
    PREDICATE_TYPE,
    STATEMENT_TYPE,
    SUBJECT,
    Check,
    CheckKind,
    Condition,
    Decision,
)
from imprimatur.fields import instant


def statement(decision: Decision) -> bytes:
    """Return the statement as the bytes that are signed."""
    content = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": SUBJECT, "digest": {"sha256": decision.manifest_sha256}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            **decision.told,
            "id": decision.id,
            "reference": decision.reference,
            "issuer": decision.issuer,
            "outcome": decision.outcome,
            "decidedAt": instant(decision.decided_at),
            "validFrom": instant(decision.valid_from),
            "validUntil": instant(decision.valid_until),
            "model": dict(decision.model),
            "revision": dict(decision.revision),
            "ignore": list(decision.ignore),
            "conditions": [_condition(condition) for condition in decision.conditions],
            "statusList": {"id": decision.status_list, "address": decision.status_list_address},
        },
    }
    return plain(content)


def plain(content: dict[str, Any]) -> bytes:
    """Return the JSON with sorted keys and without blanks."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _condition(condition: Condition) -> dict[str, Any]:
    return {
        "id": condition.id,
        "text": condition.text,
        "state": condition.state,
        "blocksRelease": condition.blocks_release,
        **({"due": condition.due} if condition.due else {}),
        "checks": [_check(check) for check in condition.checks],
    }


def _check(check: Check) -> dict[str, Any]:
    if check.kind == CheckKind.EXPIRY and check.before is not None:
        return {"kind": check.kind, "before": instant(check.before)}
    return {"kind": check.kind, "oneOf": list(check.one_of)}
