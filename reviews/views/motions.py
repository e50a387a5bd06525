"""Moving, seconding and withdrawing motions, and opening the ballot on one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.refusal import Refused
from reviews.forms.balloting import ConditionFormSet, MotionForm, OpenBallotForm
from reviews.models import Motion
from reviews.permissions import balloting
from reviews.permissions.policies import procedure_rules
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.ballot import MotionKind
from reviews.selectors.motions import blocks_to_override, opening_of
from reviews.selectors.movable import movable
from reviews.services import motions as services
from reviews.services.motions import ConditionDraft
from reviews.services.opening import open_ballot as open_it
from reviews.views.acting import asked, attempt, forbid, sent, to_page, to_request
from reviews.views.board_review import review_asked
from reviews.views.form_page import FormPage, show_form


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Move a motion, with its conditions."""
    user, found, review, now = review_asked(request, reference, board)
    require(why_not_see_deliberation(user, found, now))
    why_not = balloting.why_not_move(user, review, now)
    if request.method == "POST":
        forbid(why_not)
    blocks = blocks_to_override(review)
    about = movable(review)
    form = MotionForm(
        sent(request), blocks=blocks, may_reject=procedure_rules(review).may_reject, kinds=about.kinds,
        conditions=about.conditions, replaces=about.replaces,
    )  # fmt: skip
    conditions = ConditionFormSet(sent(request), prefix="conditions")
    if request.method == "POST" and form.is_valid() and (conditions.is_valid() or not about.is_about_release):
        data = form.cleaned_data
        with_conditions = data["kind"] == MotionKind.APPROVE_WITH_CONDITIONS
        drafts = [_draft(given) for given in conditions.cleaned_data if given] if with_conditions else []
        try:
            motion = services.move_motion(
                actor=user, review_id=review.pk, kind=data["kind"], text=data["text"], now=now, conditions=drafts,
                block_id=data.get("block") if data["kind"] == MotionKind.OVERRIDE else None,
                condition_id=data.get("condition"), ends_older=data.get("ends_older", False),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return to_request(reference, f"motion-{motion.pk}")
    context = {
        "found": found, "review": review, "form": form, "conditions": conditions,
        "why_not": why_not, "about": about,
    }  # fmt: skip
    wrong = form.errors or (about.is_about_release and any(conditions.errors))
    return render(request, "reviews/move.html", context, status=422 if wrong else 200)


def _draft(given: dict[str, Any]) -> ConditionDraft:
    """Return a condition as the service takes it."""
    return ConditionDraft(
        text=given["text"],
        owner_id=given["owner"].pk,
        due=given["due"],
        verifier_id=given["verifier"].pk,
        blocks_release=given["blocks_release"],
    )


@require_POST
@login_required
def second(request: HttpRequest, reference: str, motion_id: int) -> HttpResponse:
    """Second another member's motion."""
    user, found, now = asked(request, reference)
    motion = get_object_or_404(Motion, pk=motion_id, review__request=found)
    done = _("The motion is seconded.")
    attempt(request, lambda: services.second_motion(actor=user, motion_id=motion.pk, now=now), done)
    return to_request(reference, f"motion-{motion.pk}")


@require_POST
@login_required
def withdraw(request: HttpRequest, reference: str, motion_id: int) -> HttpResponse:
    """Withdraw a motion on which no ballot has opened."""
    user, found, now = asked(request, reference)
    motion = get_object_or_404(Motion, pk=motion_id, review__request=found)
    done = _("The motion is withdrawn.")
    attempt(request, lambda: services.withdraw_motion(actor=user, motion_id=motion.pk, now=now), done)
    return to_request(reference)


@login_required
@require_http_methods(["GET", "POST"])
def open_ballot(request: HttpRequest, reference: str, motion_id: int) -> HttpResponse:
    """Say who is there, see whether quorum and composition are met, and open the ballot."""
    user, found, now = asked(request, reference)
    require(why_not_see_deliberation(user, found, now))
    motion = get_object_or_404(
        Motion.objects.select_related("review__board", "moved_by", "seconded_by"),
        pk=motion_id,
        review__request=found,
    )
    motion.review.request = found
    why_not = balloting.why_not_open_ballot(user, motion, now)
    opening = opening_of(motion, user, now)
    form = OpenBallotForm(
        sent(request), seats=opening.seats, replaceable=opening.replaceable, proposals=opening.proposals,
        initial=opening.initial,
    )  # fmt: skip
    page = FormPage(
        title=_("Open the ballot of {board}").format(board=motion.review.board.name),
        intro=_(
            "The motion, the roster and the rules are copied into the ballot; later changes don't touch it."
        ),
        button=_("Open the ballot"),
        done=_("The ballot is open."),
        icon="gavel",
        why_not=why_not or opening.why_not,
        template="reviews/open_ballot.html",
        more={"motion": motion, "opening": opening},
    )
    opened: list[int] = []

    def act() -> None:
        ballot = open_it(actor=user, motion_id=motion.pk, now=now, absent=form.absent, sitting=form.sitting)
        opened.append(ballot.number)

    return show_form(request, found, page, form, act, lambda: to_page("ballot", reference, opened[0]))
