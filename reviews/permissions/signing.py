"""Who signs a decision, in which role and order, and who may refuse."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from reviews.models import BoardReview, Decision, Delegation, Seat
from reviews.permissions.delegating import running, signs_for
from reviews.permissions.reasons import NotNow, WrongPerson, WrongState
from reviews.permissions.standing import standing_of
from reviews.rules.delegation import DelegationKind
from reviews.rules.recusal import (
    Parties,
    SigningConflict,
    SigningRole,
    Sitting,
    conflicts_of,
    on_whose_behalf,
    who_signs_for,
    why_not_sign,
)


def sittings_of(review: BoardReview, now: datetime) -> list[Sitting]:
    """Return the seats of the review's board in the order in which people took them; one query for each moment."""
    kept: dict[datetime, list[Sitting]] = review.__dict__.setdefault("_sittings", {})
    if now not in kept:
        kept[now] = _sittings_of(review, now)
    return kept[now]


def _sittings_of(review: BoardReview, now: datetime) -> list[Sitting]:
    away = Delegation.objects.filter(
        running(now), kind=DelegationKind.SEAT, giver=OuterRef("person"), board=OuterRef("board")
    )
    seats = (
        Seat.objects.filter(board_id=review.board_id, until__isnull=True, person__is_active=True)
        .annotate(away=Exists(away))
        .order_by("since", "id")
        .values_list("person_id", "role", "person__deputy_id", "away")
    )
    return [Sitting(*seat) for seat in seats]


def signing_chair(review: BoardReview, parties: Parties, now: datetime) -> int | None:
    """Return who signs for the leading board: its chair, or if they have to keep out or are away whoever sat longest.

    The chair's deputy comes first, if they have a seat (P). None if nobody is left.
    """
    return who_signs_for(sittings_of(review, now), parties)


def signs_on_behalf_of(actor: User, decision: Decision, role: str, now: datetime) -> User | None:
    """Return for whom the person signs who is away and named them; None: in their own right.

    Nobody signs for somebody who may not sign themself.
    """
    parties = standing_of(actor, decision.request, now).parties
    sittings = sittings_of(leading_review(decision), now)
    if role == SigningRole.CHAIR:
        chair = on_whose_behalf(actor.pk, sittings, parties)
        return User.objects.get(pk=chair) if chair is not None else None
    chair = who_signs_for(sittings, parties)
    free = (one for one in signs_for(actor.pk, now) if one.pk != chair and not conflicts_of(one.pk, parties))
    return next(free, None)


def why_not_sign_as(actor: User, decision: Decision, role: str, now: datetime) -> str | None:
    """Return why the person may not sign the decision in this role ("legal" or "chair"); None if they may."""
    standing = standing_of(actor, decision.request, now)
    if role == SigningRole.LEGAL and not standing.has_role(Role.LEGAL):
        return WrongPerson(_("Legal staff sign first."))
    chair = signing_chair(leading_review(decision), standing.parties, now)
    if role == SigningRole.CHAIR and actor.pk != chair:
        return WrongPerson(_("The chair of the leading board signs after legal staff."))
    if standing.has_role(Role.ADMINISTRATOR) or not standing.is_active:
        return WrongPerson(_("Administrators don't sign."))
    if decision.status != "to_sign":
        return WrongState(_("This decision doesn't wait for signatures."))
    signed = {SigningRole(s.role): s.signer_id for s in decision.signatures.all()}
    found = why_not_sign(
        actor.pk, SigningRole(role), parties=standing.parties, chair=chair, signed={**signed}
    )
    return _words(found[0]) if found else None


def leading_review(decision: Decision) -> BoardReview:
    """Return the review of the board that leads the request."""
    return next(r for r in decision.request.board_reviews.all() if r.leading)


def _words(conflict: SigningConflict) -> str:
    """Put into words why somebody may not sign."""
    return {
        SigningConflict.HAS_A_PART: WrongPerson(_("You have a part in this request, so others sign.")),
        SigningConflict.SIGNED_AS_LEGAL: WrongPerson(
            _("You signed as legal staff; somebody else signs for the board.")
        ),
        SigningConflict.CHAIR_SIGNS_AS_LEGAL: WrongPerson(
            _("You sign for the board; somebody else of the legal staff signs first.")
        ),
        SigningConflict.LEGAL_FIRST: NotNow(_("Legal staff sign first. Then you can.")),
        SigningConflict.ALREADY_SIGNED: WrongState(_("This was signed already.")),
    }[conflict]


def role_to_sign(actor: User, decision: Decision, now: datetime) -> str | None:
    """Return the role in which the person may sign now, or None."""
    return next((r.value for r in SigningRole if why_not_sign_as(actor, decision, r, now) is None), None)
