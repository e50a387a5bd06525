"""What a letter tells of a decision, taken from the decision's frozen record and from nothing that can change."""

import json
from collections.abc import Mapping
from typing import Any, cast

from django.utils.translation import gettext as _

from records.codes import grouped
from records.context import Opinion, SignatureLine
from records.letter_context import CitedRecord, Fact, LetterCondition
from records.models import Record
from reviews.selectors.record.duties import appeal_route, reporting_duties
from reviews.selectors.words import PROCEDURES, joined

Frozen = Mapping[str, Any]


def frozen_of(record: Record) -> Frozen:
    """Return the data of a record."""
    return cast(Frozen, json.loads(bytes(record.context)))


def cited(record: Record) -> CitedRecord:
    """Return the record as others cite it."""
    return {
        "reference": record.reference,
        "code": record.code,
        "context_sha256": record.context_sha256,
    }


def signatures_of(record: Record) -> list[SignatureLine]:
    """Return the signatures that were made on the record."""
    return cast(list[SignatureLine], json.loads(bytes(record.signatures)))


def values_of(frozen: Frozen, procedure: str) -> dict[str, str]:
    """Return the placeholders of a decision letter; `procedure` is its code."""
    decision = frozen["decision"]
    return {
        "decided_on": decision["decided_at"],
        "revision": str(decision["revision"]),
        "reasons": decision["reasons"],
        "valid_from": decision["valid_from"] or "",
        "valid_until": decision["valid_until"] or "",
        "next_review": decision["next_review"] or "",
        "appeal_until": decision["appeal_until"] or "",
        "appeal_route": appeal_route(),
        "procedure": str(PROCEDURES.get(procedure, procedure)) or frozen["request"]["procedure"],
    }


def facts_of(frozen: Frozen, procedure: str, record: Record | None) -> list[Fact]:
    """Return the table of facts: digests, procedure and policy, votes, the record of the decision."""
    decision = frozen["decision"]
    rows = [
        _fact(_("Model digest"), digest=frozen["model"]["manifest_sha256"]),
        _fact(_("Dossier, revision {number}").format(number=decision["revision"]), digest=decision["revision_sha256"]),
        _fact(_("Procedure"), str(PROCEDURES.get(procedure, procedure)) or frozen["request"]["procedure"]),
    ]  # fmt: skip
    boards = frozen["boards"]
    for board in boards:
        if board["policy_version"]:
            words = _("{board}, version {version}").format(
                board=board["name"], version=board["policy_version"]
            )
            rows.append(_fact(_("Policy"), words, board["policy_sha256"]))
    for board in boards:
        last = [each for each in board["ballots"] if each["kind"] != "override"][-1:]
        rows += [_fact(_("Vote"), _vote(board["name"], ballot, several=len(boards) > 1)) for ballot in last]
    if record is not None:
        words = _("verification code {code}, SHA-256 of its data:").format(code=grouped(record.code))
        rows.append(_fact(_("Record of the decision"), words, record.context_sha256))
    return rows


def conditions_of(frozen: Frozen) -> list[LetterCondition]:
    """Return the conditions as the letter tells them."""
    return [
        {
            "number": condition["number"],
            "text": condition["text"],
            "owner": condition["owner"],
            "due": condition["due"],
            "blocks_release": condition["blocks_release"],
        }
        for condition in frozen["conditions"]
    ]


def minority_of(frozen: Frozen) -> list[Opinion]:
    """Return the minority opinions of all boards, with their authors (process.md, 3.8)."""
    return [opinion for board in frozen["boards"] for opinion in board["minority_opinions"]]


def duties_of(frozen: Frozen) -> list[str]:
    """Return the duties of who holds an approval, in the active language; none for other decisions."""
    return reporting_duties() if frozen["decision"]["reporting_duties"] else []


def boards_in_words(frozen: Frozen) -> str:
    """Return the names of the boards that decided it: for a return or a rejection those that passed such a motion."""
    motion = {"returned": "return", "rejected": "reject"}.get(frozen["decision"]["outcome"])
    deciding = [board for board in frozen["boards"] if motion is None or board["motion_passed"] == motion]
    return joined(board["name"] for board in deciding or frozen["boards"])


def _fact(label: str, text: str = "", digest: str = "") -> Fact:
    return {"label": label, "text": text, "digest": digest}


def _vote(board: str, ballot: Mapping[str, Any], *, several: bool) -> str:
    threshold, seats = ballot["threshold"], ballot["seats"]
    words = _(
        "{yes} for, {no} against, {abstain} abstaining; {needed} needed; {recused} recused, {absent} absent"
    )
    said = words.format(
        yes=threshold["votes_for"], no=threshold["votes_against"], abstain=threshold["votes_abstaining"],
        needed=threshold["needed"],
        recused=sum(seat["attendance"] == "recused" for seat in seats),
        absent=sum(seat["attendance"] == "absent" for seat in seats),
    )  # fmt: skip
    return _("{board}: {vote}").format(board=board, vote=said) if several else said
