"""Signing a decision: legal staff, then the chair of the leading board, each asked again who they are; or refusing.

What is signed is a canonical statement about the hash of the frozen record, kept to the byte with the signature.
"""

import json
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.proofs import Confirmation, Method
from accounts.signing import Act, Proof, asking, challenge
from audit import trail
from audit.refusal import Refused
from records import issue
from records.context import AssertionLine, SignatureLine, instant
from records.signatories import why_not_signed_by
from reviews.models import BoardReview, Decision, Refusal, Signature
from reviews.permissions import signing as permissions
from reviews.permissions.reasons import require
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import RequestEvent
from reviews.rules.recusal import SigningRole
from reviews.rules.review_lifecycle import ReviewEvent
from reviews.selectors.request_rows import reviews_of_last_round
from reviews.selectors.reviews import current_reviews
from reviews.selectors.words import SIGNING_ROLES
from reviews.services.appeal_outcome import take_up_again, tell_when_signed
from reviews.services.clock import set_clock
from reviews.services.full_review import schedule_full_review
from reviews.services.indexing import index_request
from reviews.services.letters import write_decision_letter
from reviews.services.locking import decision_to_change
from reviews.services.progress import move_request, move_review
from reviews.services.reckoning import keep, reckon
from reviews.services.recording import freeze_record, language_of, seal_record
from reviews.services.sign_clock import let_sign
from reviews.services.superseding import lock_requests_of_version, supersede_others


def sign_decision(
    *, actor: User, decision_id: int, role: str, record_sha256: str, proof: Proof, now: datetime
) -> Signature:
    """Sign the decision as "legal" or "chair"; after the chair the approval is in force and its record is sealed.

    `record_sha256` is the hash that the person was shown: another one is refused. Raises Refused for a proof that
    proves nothing. Once signed, the same person's signature again gives the one that is there. Opens its own
    transaction (`accounts.signing.asking`).
    """
    with asking(user=actor, proof=proof, now=now) as asked:
        if role == SigningRole.CHAIR:
            lock_requests_of_version(decision_id)
        decision = decision_to_change(actor, decision_id, now)
        mine = decision.signatures.filter(role=role, signer=actor).first()
        if mine is not None:
            return mine
        act = _act_of(decision, actor, role, record_sha256, now)
        signature = _sign(decision, role, asked.confirm(act), act, now)
        if role == SigningRole.CHAIR:
            _enter_into_force(decision, now)
        else:
            let_sign(decision, permissions.leading_review(decision).board, now)
        return signature


def passkey_challenge(
    *,
    actor: User,
    decision_id: int,
    role: str,
    record_sha256: str,
    passkey_id: int,
    session: str,
    now: datetime,
) -> dict[str, Any]:
    """Return what the browser asks the passkey with, when the person may sign now; raises Refused, PermissionDenied."""
    with transaction.atomic():
        decision = decision_to_change(actor, decision_id, now)
        act = _act_of(decision, actor, role, record_sha256, now)
        return challenge(user=actor, act=act, passkey_id=passkey_id, session=session, now=now)


def _act_of(decision: Decision, actor: User, role: str, record_sha256: str, now: datetime) -> Act:
    """Return what the person signs, when they may; raises Refused, PermissionDenied."""
    require(permissions.why_not_sign_as(actor, decision, role, now))
    record = decision.record
    if record is None or record_sha256 != record.context_sha256:
        raise Refused(_("The record is another one than you were shown. Load the page again and read it."))
    if reason := why_not_signed_by(actor, now):
        raise Refused(reason)
    content = {
        "record_sha256": record.context_sha256,
        "reference": decision.request.reference,
        "decision": decision.number,
        "role": role,
        "meaning": meaning_of(decision, role),
    }
    if behalf := permissions.signs_on_behalf_of(actor, decision, role, now):
        content |= {"on_behalf_of": str(behalf.pseudonym), "on_behalf_of_name": behalf.display_name}
    return Act(f"decision.sign.{role}", str(decision.pk), content)


def meaning_of(decision: Decision, role: str) -> str:
    """Return what the signature means, in the language of the record (21 CFR 11.50)."""
    reviews = reviews_of_last_round(decision.request)
    with override(reviews[0].board.language or decision.request.language):
        if role == SigningRole.LEGAL:
            return _("Legal review: the decision may be issued as written.")
        if decision.basis == "determination":
            return _(
                "Approval: I confirm that the request was determined to be exempt on revision {revision} by somebody "
                "who has no part in it, and that no blocking position stands."
            ).format(revision=decision.revision.number)
        boards = len(reviews)
        if decision.provisional and decision.valid_until is not None:
            return _(
                "Provisional approval until {day}: I confirm that {count} of {count} boards passed it in an emergency "
                "on revision {revision}, that no blocking position stands, and that a full review follows."
            ).format(day=date_format(decision.valid_until), count=boards, revision=decision.revision.number)
        return _(
            "Approval: I confirm that {count} of {count} boards passed it on revision {revision}, and that no "
            "blocking position stands."
        ).format(count=boards, revision=decision.revision.number)


def _sign(decision: Decision, role: str, confirmation: Confirmation, act: Act, now: datetime) -> Signature:
    signer, statement = confirmation.person, bytes(confirmation.statement)
    behalf = permissions.signs_on_behalf_of(signer, decision, role, now)
    signature = Signature.objects.create(
        decision=decision,
        role=SigningRole(role).value,
        signer=signer,
        name=signer.display_name,
        on_behalf_of=behalf,
        on_behalf_of_name=behalf.display_name if behalf else "",
        meaning=str(act.content["meaning"]),
        signed_at=confirmation.stated_at,
        time_zone=signer.time_zone,
        method=confirmation.method,
        nonce=json.loads(statement)["nonce"],
        statement=statement,
        statement_sha256=confirmation.statement_sha256,
        confirmation=confirmation,
    )
    trail.record(
        "decision.signed", obj=signature, actor=signer, now=now, also=[confirmation], on_behalf_of=behalf,
        data={
            "role": signature.role, "decision": decision.number, "record_sha256": act.content["record_sha256"],
            "statement_sha256": signature.statement_sha256, "method": signature.method,
        },
    )  # fmt: skip
    if decision.record is not None:
        issue.sign(
            record=decision.record,
            role=signature.role,
            line=signature_line(signature),
            person=signer,
            now=now,
        )
    return signature


def _enter_into_force(decision: Decision, now: datetime) -> None:
    decision.status, decision.approved_at = "in_force", now
    decision.save(update_fields=["status", "approved_at"])
    trail.record(
        "decision.entered_into_force", obj=decision, actor=None, now=now, data={"decision": decision.number}
    )
    move_request(decision.request, RequestEvent.SIGN, now)
    trail.record(
        "request.approved", obj=decision.request, actor=None, now=now,
        data={"decision": decision.number, "manifest_sha256": decision.manifest_sha256},
    )  # fmt: skip
    if decision.record is not None:
        seal_record(decision.record, now=now)
    supersede_others(decision, now)
    if decision.provisional:
        schedule_full_review(decision, now)
    write_decision_letter(decision, now)
    tell_when_signed(decision, now)


def signature_line(signature: Signature) -> SignatureLine:
    """Return what the person confirmed, as it is printed and travels in their signature, in the record's language."""
    with override(language_of(signature.decision)):
        return {
            "role": str(SIGNING_ROLES[signature.role]),
            "name": signature.name,
            "on_behalf_of": signature.on_behalf_of_name,
            "meaning": signature.meaning,
            "signed_at": instant(signature.signed_at),
            "time_zone": signature.time_zone,
            "method": str(Method(signature.method).label),
            "statement_sha256": signature.statement_sha256,
            "statement": bytes(signature.statement).decode(),
            "assertion": _assertion(signature),
        }


def _assertion(signature: Signature) -> AssertionLine | None:
    kept = bytes(signature.confirmation.assertion)
    return cast(AssertionLine, json.loads(kept)) if kept else None


@transaction.atomic
def refuse_to_sign(*, actor: User, decision_id: int, role: str, reason: str, now: datetime) -> Refusal:
    """Refuse to sign, with a reason: the refusal has its sealed record, and the boards deliberate again."""
    decision = decision_to_change(actor, decision_id, now)
    require(permissions.why_not_sign_as(actor, decision, role, now))
    if not reason.strip():
        raise Refused(_("Say why you don't sign; the boards deliberate on it."))
    behalf = permissions.signs_on_behalf_of(actor, decision, role, now)
    refusal = Refusal(
        decision=decision, role=SigningRole(role).value, person=actor, name=actor.display_name,
        on_behalf_of=behalf, on_behalf_of_name=behalf.display_name if behalf else "",
        reason=reason.strip(), refused_at=now,
    )  # fmt: skip
    refusal.record = freeze_record(decision, now=now, refusal=refusal)
    decision.outcome, decision.status, decision.ended_at = "refused", "refused", now
    decision.save(update_fields=["outcome", "status", "ended_at"])
    refusal.save()
    move_request(decision.request, RequestEvent.REFUSE, now)
    trail.record(
        "decision.refused", obj=decision, actor=actor, now=now, reason=refusal.reason, also=[refusal],
        on_behalf_of=behalf,
        data={"role": refusal.role, "decision": decision.number, "record_sha256": refusal.record.context_sha256},
    )  # fmt: skip
    trail.record(
        "request.reopened", obj=decision.request, actor=None, now=now, data={"decision": decision.number}
    )
    refusal.record = seal_record(refusal.record, now=now)
    take_up_again(decision, now)
    for review in current_reviews(decision.request):
        _reopen(decision, review, now)
    set_clock(decision.request, now)
    write_decision_letter(decision, now, about=refusal)
    index_request(decision.request_id)
    return refusal


def _reopen(decision: Decision, review: BoardReview, now: datetime) -> None:
    """Let the board deliberate again, with the procedure's time."""
    review.passed, review.closed_at = "", None
    request = decision.request
    reckoned = reckon(DateKind.REVIEW, review.board, now, procedure=request.procedure)
    review.due_at = reckoned.due
    move_review(review, ReviewEvent.REOPEN, now)
    keep(review, reckoned, now=now, request=request)
    trail.record("review.reopened", obj=review, actor=None, now=now, data={"board": review.board_id})
