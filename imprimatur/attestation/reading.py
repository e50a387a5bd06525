"""Reading a statement whose signature was checked: strictly, because a gate opens by it."""

from imprimatur.attestation.predicate import (
    PREDICATE_TYPE,
    STATEMENT_TYPE,
    Check,
    CheckKind,
    Condition,
    Decision,
)
from imprimatur.cards.stated import CardFault
from imprimatur.cards.strict_json import read_json
from imprimatur.fields import Fields, Misshapen
from imprimatur.signed import LARGEST


class NoDecision(ValueError):  # noqa: N818
    """What was signed is no release decision that can be read; the message says why."""


def decision(payload: bytes) -> Decision:
    """Return what the statement says; raises NoDecision. Fields that version 1 doesn't have are passed over."""
    try:
        whole = Fields(read_json(payload, LARGEST), "statement")
        if whole.text("_type") != STATEMENT_TYPE:
            raise NoDecision("it is no in-toto Statement of version 1")
        if whole.text("predicateType") != PREDICATE_TYPE:
            raise NoDecision("its predicate is no release decision")
        return _decision(_subject(whole), whole.inside("predicate"))
    except (CardFault, Misshapen) as fault:
        raise NoDecision(str(fault)) from None


def _subject(whole: Fields) -> str:
    subjects = list(whole.each("subject"))
    if len(subjects) != 1:
        raise Misshapen("statement.subject must be one manifest")
    return subjects[0].inside("digest").sha256("sha256")


def _decision(manifest_sha256: str, said: Fields) -> Decision:
    status = said.inside("statusList")
    return Decision(
        manifest_sha256=manifest_sha256,
        id=said.text("id"),
        reference=said.text("reference"),
        issuer=said.text("issuer"),
        outcome=said.text("outcome"),
        decided_at=said.instant("decidedAt"),
        valid_from=said.instant("validFrom"),
        valid_until=said.instant("validUntil"),
        model={key: str(value) for key, value in said.inside("model").table.items()},
        revision=dict(said.inside("revision").table),
        status_list=status.text("id"),
        status_list_address=status.text("address"),
        ignore=said.texts("ignore"),
        conditions=tuple(_condition(item) for item in said.each("conditions")),
    )


def _condition(said: Fields) -> Condition:
    return Condition(
        id=said.text("id"),
        text=said.text("text"),
        state=said.text("state"),
        blocks_release=said.flag("blocksRelease"),
        due=said.text("due") if "due" in said else "",
        checks=tuple(_check(item) for item in said.each("checks")),
    )


def _check(said: Fields) -> Check:
    kind = said.text("kind")
    if kind == CheckKind.ENVIRONMENT:
        return Check(kind, one_of=said.texts("oneOf"))
    if kind == CheckKind.EXPIRY:
        return Check(kind, before=said.instant("before"))
    return Check(kind)
