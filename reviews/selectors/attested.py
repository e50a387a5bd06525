"""What an attestation says of an approval: put together from rows that no longer change, and from its conditions."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings

from imprimatur.attestation import predicate
from imprimatur.attestation.predicate import CheckKind
from imprimatur.manifest import parse
from records.attestation import status
from records.canonical import canonical, digest
from records.codes import address_of
from records.models import Record
from reviews.models import Condition, Decision, Suspension
from reviews.rules.approval_standing import Approval, Stand, stands
from reviews.rules.condition_checks import MachineCheck, checks_in


def standing_of_approval(decision: Decision) -> tuple[Stand, datetime, str]:
    """Return how the approval stands; the decision has been signed by everybody."""
    assert decision.approved_at is not None
    open_one = Suspension.objects.filter(decision=decision, ended_at__isnull=True).first()
    newer = decision.superseded_by
    return stands(
        Approval(
            approved_at=decision.approved_at,
            request_state=decision.request.state,
            ended_at=decision.ended_at if decision.status == "ended" else None,
            replaced=newer is not None and newer.ends_older,
            suspended_at=open_one.suspended_at if open_one else None,
            by_policy=bool(open_one and open_one.suspended_by_id is None),
            ratified_at=open_one.ratified_at if open_one else None,
        )
    )


def attested_decision(
    decision: Decision, record: Record, uid: uuid.UUID, now: datetime
) -> predicate.Decision:
    """Return what is stated: the same values give the same statement, whenever it is asked for."""
    assert decision.approved_at is not None
    assert decision.expires_at is not None
    request, context = decision.request, json.loads(bytes(record.context))
    return predicate.Decision(
        manifest_sha256=decision.manifest_sha256,
        id=str(uid),
        reference=request.reference,
        issuer=settings.ORGANISATION,
        outcome=decision.outcome,
        decided_at=decision.decided_at,
        valid_from=decision.approved_at,
        valid_until=decision.expires_at,
        model={
            "name": request.version.model.name,
            "version": request.version.number,
            "project": request.project.slug,
        },
        revision={"number": decision.revision.number, "sha256": decision.revision_sha256},
        status_list=str(status.list_id(now)),
        status_list_address=status.address(),
        ignore=_ignored(decision),
        conditions=[_condition(condition) for condition in decision.conditions.order_by("number")],
        told=_told(decision, record, context),
    )


def manifest_text(decision: Decision) -> bytes | None:
    """Return the manifest that was approved."""
    found = decision.request.version.manifests.filter(sha256=decision.manifest_sha256).first()
    return bytes(found.text) if found else None


def _ignored(decision: Decision) -> tuple[str, ...]:
    """Return which of the paths that the organisation leaves out the manifest really leaves out."""
    wished = settings.ATTESTATION_IGNORE
    text = manifest_text(decision) if wished else None
    if text is None:
        return ()
    files = parse(text).files
    return tuple(
        path
        for path in sorted(wished)
        if not any(name == path or name.startswith(_as_folder(path)) for name in files)
    )


def _as_folder(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"


def _condition(condition: Condition) -> predicate.Condition:
    return predicate.Condition(
        id=f"C{condition.number}",
        text=condition.text,
        state=condition.state,
        blocks_release=condition.blocks_release,
        due=condition.due.isoformat(),
        checks=tuple(_check(check) for check in checks_in(condition.text)),
    )


def _check(check: MachineCheck) -> predicate.Check:
    if check.before is not None:
        return predicate.Check(CheckKind.EXPIRY, before=check.before)
    return predicate.Check(CheckKind.ENVIRONMENT, one_of=check.environments)


def _told(decision: Decision, record: Record, context: dict[str, Any]) -> dict[str, object]:
    """Return what readers want and no gate judges."""
    log = context.get("log")
    return {
        "basis": decision.basis,
        "provisional": decision.provisional,
        "policies": [
            {"board": board["name"], "version": board["policy_version"], "sha256": board["policy_sha256"]}
            for board in context["boards"]
        ],
        "votes": [_votes(board, ballot) for board in context["boards"] for ballot in board["ballots"]],
        "evidence": [
            {
                "kind": "record",
                "mediaType": "application/pdf",
                "sha256": record.file_sha256,
                "contextSha256": record.context_sha256,
                "address": address_of(record.code),
            }
        ],
        **({"checkpoint": {key: log[key] for key in ("origin", "size", "root", "note")}} if log else {}),
    }


def _votes(board: dict[str, Any], ballot: dict[str, Any]) -> dict[str, object]:
    """Return the count of a ballot without names; the digest is that of the ballot as the record holds it."""
    positions = [seat["position"] for seat in ballot["seats"]]
    return {
        "board": board["name"],
        "ballot": ballot["number"],
        "motion": ballot["kind"],
        "result": ballot["result"],
        "for": positions.count("for"),
        "against": positions.count("against"),
        "abstain": positions.count("abstain"),
        "quorum": {
            "needed": ballot["quorum"]["needed"],
            "present": ballot["quorum"]["present_at_closing"],
        },
        "closedAt": ballot["closed_at"],
        "sha256": digest(canonical(ballot)),
    }
