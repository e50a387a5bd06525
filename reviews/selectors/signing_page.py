"""What a person sees who is to sign a decision: what it says, under which digest, in which order people sign."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from reviews.models import Condition, Decision, ReviewRequest, Signature
from reviews.permissions.signing import signing_chair, why_not_sign_as
from reviews.permissions.standing import standing_of
from reviews.rules.recusal import SigningRole
from reviews.selectors.reviews import current_reviews


@dataclass(frozen=True, slots=True)
class Signer:
    """One place in the order of signatures; `signature` is None until it is made."""

    role: str
    signature: Signature | None
    name: str
    is_you: bool


@dataclass(frozen=True, slots=True)
class SigningPage:
    """The page; `role` is that in which this person signs, `why_not` why they may not ("legal" is shown then)."""

    decision: Decision
    role: str
    why_not: str | None
    signers: tuple[Signer, ...]
    conditions: tuple[Condition, ...]
    boards: tuple[str, ...]

    @property
    def record_sha256(self) -> str:
        """Return the digest that is signed, whole."""
        return self.decision.record.context_sha256 if self.decision.record else ""


def signing_page(actor: User, request: ReviewRequest, now: datetime) -> SigningPage | None:
    """Return the page of the decision that waits for signatures, or None when none does."""
    decision = (
        Decision.objects.filter(request=request, status="to_sign")
        .select_related("record", "revision")
        .defer("revision__content", "record__context")
        .prefetch_related("signatures__signer")
        .first()
    )
    if decision is None:
        return None
    decision.request = request
    reasons = {role.value: why_not_sign_as(actor, decision, role, now) for role in SigningRole}
    role = next(
        (role for role, reason in reasons.items() if reason is None), _role_asked(actor, decision, now)
    )
    return SigningPage(
        decision=decision,
        role=role,
        why_not=reasons[role],
        signers=tuple(_signers(actor, decision, role, now)),
        conditions=tuple(decision.conditions.select_related("owner", "verifier").order_by("number")),
        boards=tuple(review.board.name for review in current_reviews(request)),
    )


def _role_asked(actor: User, decision: Decision, now: datetime) -> str:
    """Return the role of which a person who may not sign now would ask: the chair's for who signs for the board."""
    leading = current_reviews(decision.request)[0]
    chair = signing_chair(leading, standing_of(actor, decision.request, now).parties)
    return SigningRole.CHAIR.value if actor.pk == chair else SigningRole.LEGAL.value


def _signers(actor: User, decision: Decision, role: str, now: datetime) -> list[Signer]:
    made = {signature.role: signature for signature in decision.signatures.all()}
    may = why_not_sign_as(actor, decision, role, now) is None
    return [
        Signer(
            role=one.value,
            signature=made.get(one.value),
            name=made[one.value].name if one.value in made else "",
            is_you=may and one.value == role,
        )
        for one in SigningRole
    ]
