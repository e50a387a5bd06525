"""What a person sees who is to sign a decision: what it says, under which digest, in which order people sign."""

import json
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.roles import Role
from records.counts import count_in_words, count_of_context
from records.progress import Sealing, sealing_of
from records.signatories import why_not_known
from reviews.models import Condition, Decision, ReviewRequest, Signature
from reviews.permissions.signing import signs_on_behalf_of, why_not_sign_as
from reviews.permissions.standing import standing_of
from reviews.rules.recusal import SigningRole
from reviews.selectors.request_rows import reviews_of_last_round


@dataclass(frozen=True, slots=True)
class Signer:
    """One place in the order of signatures; `signature` is None until it is made."""

    role: str
    signature: Signature | None
    name: str
    is_you: bool


@dataclass(frozen=True, slots=True)
class BoardCount:
    """A board, the number of the ballot by which it passed its motion, and its arithmetic in words."""

    board: str
    ballot: str
    words: str


@dataclass(frozen=True, slots=True)
class SigningPage:
    """The page; `role` is that in which this person signs, or would, and `why_not` why they may not.

    `counts`: what the boards counted when they passed it, the leading board first. `on_behalf_of`: who is away and
    named this person; None: they sign in their own right. `sealing`: how far the file is that they sign.
    `why_not_refuse`: refusing needs no certificate.
    """

    decision: Decision
    role: str
    why_not: str | None
    why_not_refuse: str | None
    signers: tuple[Signer, ...]
    conditions: tuple[Condition, ...]
    boards: tuple[str, ...]
    counts: tuple[BoardCount, ...]
    on_behalf_of: User | None = None
    sealing: Sealing | None = None

    @property
    def record_sha256(self) -> str:
        """Return the digest that is signed, whole."""
        return self.decision.record.context_sha256 if self.decision.record else ""


def signing_page(actor: User, request: ReviewRequest, now: datetime) -> SigningPage | None:
    """Return the page of the decision that waits for signatures, or None when none does."""
    decision = (
        Decision.objects.filter(request=request, status="to_sign")
        .select_related("record", "revision")
        .defer("revision__content")
        .prefetch_related("signatures")
        .first()
    )
    if decision is None:
        return None
    decision.request = request
    reasons = {role.value: why_not_sign_as(actor, decision, role, now) for role in SigningRole}
    asked = SigningRole.LEGAL if standing_of(actor, request, now).has_role(Role.LEGAL) else SigningRole.CHAIR
    role = next((role for role, reason in reasons.items() if reason is None), asked.value)
    why_not = reasons[role] or why_not_known(actor, now)
    return SigningPage(
        decision=decision,
        role=role,
        why_not=why_not,
        why_not_refuse=reasons[role],
        signers=tuple(_signers(decision, role if why_not is None else None)),
        conditions=tuple(decision.conditions.select_related("owner", "verifier").order_by("number")),
        boards=tuple(review.board.name for review in reviews_of_last_round(request)),
        counts=_counts(decision),
        on_behalf_of=signs_on_behalf_of(actor, decision, role, now) if reasons[role] is None else None,
        sealing=sealing_of(decision.record) if decision.record else None,
    )


def _counts(decision: Decision) -> tuple[BoardCount, ...]:
    """Return the arithmetic of each board's last passed ballot, from the frozen record: that is what is signed."""
    if decision.record is None:
        return ()
    found = []
    for board in json.loads(bytes(decision.record.context))["boards"]:
        passed = [
            one
            for one in board["ballots"]
            if one["result"] == "passed" and one["kind"] == board["motion_passed"]
        ]
        if passed:
            words = count_in_words(count_of_context(passed[-1]))
            found.append(BoardCount(board["name"], passed[-1]["number"], words))
    return tuple(found)


def _signers(decision: Decision, yours: str | None) -> list[Signer]:
    """Return the places of signatures in their order; `yours` is the role in which this person may sign now."""
    made = {signature.role: signature for signature in decision.signatures.all()}
    return [
        Signer(
            role=role.value,
            signature=made.get(role.value),
            name=made[role.value].name if role.value in made else "",
            is_you=role.value == yours,
        )
        for role in SigningRole
    ]
