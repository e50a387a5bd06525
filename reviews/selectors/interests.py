"""Interests and recusals of a request as a person may see them: others see the kind of a reason, not the reason."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from reviews.models import Declaration, NothingToDeclare, Recusal, ReviewRequest
from reviews.permissions import reviewing
from reviews.permissions.conflict_words import why_recused
from reviews.permissions.disclosing import boards_led
from reviews.permissions.sight import why_not_see_deliberation
from reviews.permissions.standing import standing_of
from reviews.selectors.interest_hints import Hint, hints_for


@dataclass(frozen=True, slots=True)
class ShownDeclaration:
    """A declared interest; `text` is empty for who may not read it; `judges`: the person may judge it."""

    declaration: Declaration
    text: str
    judges: bool


@dataclass(frozen=True, slots=True)
class ShownRecusal:
    """A recusal; `why`: what the screen found, for the person and for who leads a board of theirs, else ""."""

    recusal: Recusal
    why: str


@dataclass(frozen=True, slots=True)
class InterestsPage:
    """The page; `why_not_declare` says why the person can't declare or recuse themself.

    `nothing`: who declared that nothing ties them to the request; `said_nothing`: the person did. `hints`: where
    disclosures seem to meet the request, for who leads a board.
    """

    recusals: tuple[ShownRecusal, ...]
    declarations: tuple[ShownDeclaration, ...]
    nothing: tuple[NothingToDeclare, ...]
    said_nothing: bool
    hints: tuple[Hint, ...]
    why_not_declare: str | None


def interests_page(actor: User, request: ReviewRequest, now: datetime) -> InterestsPage:
    """Return what the person sees: their own, and everything if they chair or keep one of the boards."""
    leads = bool(boards_led(standing_of(actor, request, now)))
    sees = why_not_see_deliberation(actor, request, now) is None
    rows = Recusal.objects.filter(request=request).select_related("person")
    recusals = [row for row in rows if sees or row.person_id == actor.pk]
    declarations = Declaration.objects.filter(request=request).select_related("person", "judged_by")
    shown = []
    for declaration in declarations:
        declaration.request = request
        if declaration.person_id == actor.pk or leads:
            judges = reviewing.why_not_judge_interest(actor, declaration, now) is None
            shown.append(ShownDeclaration(declaration, declaration.text, judges))
    nothing = NothingToDeclare.objects.filter(request=request).select_related("person")
    said = [row for row in nothing if sees or row.person_id == actor.pk]
    return InterestsPage(
        recusals=tuple(_shown(row, request, actor, leads) for row in recusals),
        declarations=tuple(shown),
        nothing=tuple(said),
        said_nothing=any(row.person_id == actor.pk for row in said),
        hints=hints_for(actor, request, now),
        why_not_declare=reviewing.why_not_declare(actor, request, now),
    )


def _shown(recusal: Recusal, request: ReviewRequest, actor: User, leads: bool) -> ShownRecusal:
    recusal.request = request
    own = recusal.person_id == actor.pk
    told = own or (leads and bool(recusal.detail))
    return ShownRecusal(recusal, str(why_recused(recusal, to_self=own)) if told else "")
