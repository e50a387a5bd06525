"""Interests and recusals of a request as a person may see them: others see the kind of a reason, not the reason."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from reviews.models import Declaration, Recusal, ReviewRequest
from reviews.permissions import reviewing
from reviews.permissions.sight import why_not_see_deliberation
from reviews.permissions.standing import standing_of


@dataclass(frozen=True, slots=True)
class ShownDeclaration:
    """A declared interest; `text` is empty for who may not read it; `judges`: the person may judge it."""

    declaration: Declaration
    text: str
    judges: bool


@dataclass(frozen=True, slots=True)
class InterestsPage:
    """The page; `why_not_declare` says why the person can't declare or recuse themself."""

    recusals: tuple[Recusal, ...]
    declarations: tuple[ShownDeclaration, ...]
    why_not_declare: str | None


def interests_page(actor: User, request: ReviewRequest, now: datetime) -> InterestsPage:
    """Return what the person sees: their own, and everything if they chair or keep one of the boards."""
    standing = standing_of(actor, request, now)
    leads = any(standing.is_chair_of(b) or standing.is_secretary_of(b) for b in standing.boards)
    leads = leads and not standing.conflicts
    sees = why_not_see_deliberation(actor, request, now) is None
    recusals = Recusal.objects.filter(request=request).select_related("person")
    declarations = Declaration.objects.filter(request=request).select_related("person", "judged_by")
    shown = []
    for declaration in declarations:
        declaration.request = request
        own = declaration.person_id == actor.pk
        if own or leads:
            judges = reviewing.why_not_judge_interest(actor, declaration, now) is None
            shown.append(ShownDeclaration(declaration, declaration.text, judges))
    own_recusals = [recusal for recusal in recusals if sees or recusal.person_id == actor.pk]
    return InterestsPage(tuple(own_recusals), tuple(shown), reviewing.why_not_declare(actor, request, now))
