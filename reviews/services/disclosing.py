"""Disclosing one's interests: all of them at once, or that there are none; and judging a line of it for a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import IllegalTransition, Refused
from reviews.models import (
    Declaration,
    DisclosedInterest,
    Disclosure,
    NothingToDeclare,
    Recusal,
    ReviewRequest,
    Seat,
)
from reviews.permissions.disclosing import boards_led, why_not_disclose, why_not_judge_disclosed
from reviews.permissions.reasons import require
from reviews.permissions.reviewing import why_not_declare
from reviews.permissions.sight import request_to_change
from reviews.permissions.standing import standing_of
from reviews.rules.interest_match import InterestKind
from reviews.selectors.reviews import current_reviews
from reviews.services.closing import settle_open_ballots
from reviews.services.hinting import tell_of_disclosure
from reviews.services.screening import keep_out

MOST = 100
KIND_OF_CONFLICT = {
    InterestKind.ORGANISATION: "professional",
    InterestKind.PROJECT: "professional",
    InterestKind.PERSON: "personal",
}
"""Under which kind of interest a disclosed one is judged; what it is in fact stands in its text."""


@dataclass(frozen=True, slots=True)
class InterestDraft:
    """One line as somebody wrote it: kind is an InterestKind, `tie` what ties them to the name."""

    kind: str
    name: str
    tie: str


@transaction.atomic
def disclose(
    *, actor: User, interests: Sequence[InterestDraft], none: bool, now: datetime, note: str = ""
) -> Disclosure:
    """Disclose all interests, or that there are none; it takes the place of the one before, which stays on record.

    Raises Refused when both or neither is said, or a line is not whole.
    """
    require(why_not_disclose(actor))
    if none == bool(interests):
        raise Refused(
            _("You said that there are none and named some. Take out one of both.")
            if none
            else _("Name your interests, or say that there are none.")
        )
    if len(interests) > MOST:
        raise Refused(_("At most {count} lines fit. Join some of them.").format(count=MOST))
    for line in interests:
        if line.kind not in list(InterestKind) or not line.name.strip() or not line.tie.strip():
            raise Refused(_("Each line needs what it is, a name, and what ties you to it."))
    made = Disclosure.objects.create(person=actor, none=none, note=note.strip(), made_at=now)
    lines = DisclosedInterest.objects.bulk_create(
        DisclosedInterest(
            disclosure=made, place=place, kind=line.kind, name=line.name.strip()[:200], tie=line.tie.strip()[:500]
        )
        for place, line in enumerate(interests, start=1)
    )  # fmt: skip
    trail.record(
        "disclosure.made", obj=made, actor=actor, now=now, also=lines,
        data={"none": none, "interests": len(lines)},
    )  # fmt: skip
    tell_of_disclosure(made, now)
    return made


@transaction.atomic
def declare_nothing(*, actor: User, request_id: int, now: datetime) -> NothingToDeclare:
    """Declare that nothing ties the actor to this request; said once, and an interest may still be declared later."""
    request = request_to_change(actor, request_id, now)
    require(why_not_declare(actor, request, now))
    if Declaration.objects.filter(request=request, person=actor).exclude(is_conflict=False).exists():
        raise Refused(_("You declared an interest in this request, and it is not judged yet."))
    said = NothingToDeclare.objects.filter(request=request, person=actor).first()
    if said is not None:
        return said
    review = current_reviews(request).first()
    if review is None:
        raise IllegalTransition(_("Interests are declared while boards review the request."))
    said = NothingToDeclare.objects.create(
        request=request, person=actor, revision_id=review.revision_id, made_at=now
    )
    trail.record(
        "interest.none_declared", obj=said, actor=actor, now=now,
        data={"person": str(actor.pseudonym)}, personal={"person": actor.display_name},
    )  # fmt: skip
    return said


@transaction.atomic
def judge_disclosed(
    *, actor: User, request_id: int, interest_id: int, is_conflict: bool, finding: str, now: datetime
) -> Declaration:
    """Judge for a request what a member disclosed at another time, as if they had declared it for this request.

    If it is a conflict, its holder is recused. Raises IllegalTransition when it was judged for this request already.
    """
    request = request_to_change(actor, request_id, now)
    interest = get_object_or_404(
        DisclosedInterest.objects.select_related("disclosure__person"), pk=interest_id
    )
    require(why_not_judge_disclosed(actor, request, interest, now))
    _belongs(actor, request, interest, now)
    person = interest.disclosure.person
    kind = KIND_OF_CONFLICT[InterestKind(interest.kind)]
    try:
        with transaction.atomic():
            declaration = Declaration.objects.create(
                request=request, person=person, kind=kind, text=f"{interest.name}: {interest.tie}", disclosed=interest,
                declared_at=interest.disclosure.made_at, is_conflict=is_conflict, judged_by=actor, judged_at=now,
                finding=finding.strip(),
            )  # fmt: skip
    except IntegrityError:
        raise IllegalTransition(_("This interest was judged already.")) from None
    trail.record(
        "interest.judged", obj=declaration, actor=actor, now=now, reason=finding,
        data={"is_conflict": is_conflict, "person": str(person.pseudonym)},
    )  # fmt: skip
    if is_conflict and not Recusal.objects.filter(request=request, person=person).exists():
        keep_out(request, person, kind, declaration.text, actor, now)
        settle_open_ballots(request, now)
    return declaration


def _belongs(actor: User, request: ReviewRequest, interest: DisclosedInterest, now: datetime) -> None:
    """Raise Http404 for an interest that isn't in force, or of nobody who sits on a board that the actor leads."""
    boards = boards_led(standing_of(actor, request, now))
    person = interest.disclosure.person_id
    sits = Seat.objects.filter(person=person, board__in=boards, until__isnull=True).exists()
    if not sits or Disclosure.objects.filter(person=person, pk__gt=interest.disclosure_id).exists():
        raise Http404
