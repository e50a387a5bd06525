"""Readers of a board's review: the proposal with its reasons, the choice, giving it back; and the board's load."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from audit.refusal import Refused
from reviews.forms.assigning import DeclineForm, ReaderForm
from reviews.models import Assignment, BoardReview, ReviewRequest
from reviews.permissions.assigning import why_not_assign, why_not_decline
from reviews.permissions.boards import board_by_slug
from reviews.permissions.figures import why_not_see_load
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.assigning import ReaderRole
from reviews.selectors.figures.board_load import board_load
from reviews.selectors.reader_words import ROLES, left_out_lines, ranked_lines
from reviews.selectors.readers_proposal import proposal_for
from reviews.services import assigning as services
from reviews.views.acting import asked, forbid, person, sent
from reviews.views.form_page import FormPage, show_form


def _review(user: User, found: ReviewRequest, board: str, now: datetime) -> BoardReview:
    """Return the board's review; raises Http404, and PermissionDenied for who doesn't see what boards say."""
    review = get_object_or_404(BoardReview.objects.select_related("board"), request=found, board__slug=board)
    review.request = found
    require(why_not_see_deliberation(user, found, now))
    return review


@login_required
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, reference: str, board: str, role: str) -> HttpResponse:
    """Show whom the rules propose as reader, with reasons, and take the choice."""
    user, found, now = asked(request, reference)
    if role not in list(ReaderRole):
        raise Http404
    review = _review(user, found, board, now)
    why_not = why_not_assign(user, review, now)
    forbid(why_not)
    proposal = proposal_for(review, ReaderRole(role), now)
    ranked = ranked_lines(proposal)
    form = ReaderForm(sent(request), people=[(line.ranked.person, line.name) for line in ranked])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.assign_reader(
                actor=user,
                review_id=review.pk,
                person_id=given["person"],
                role=role,
                reason=given["reason"],
                now=now,
            )
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("The reader is chosen, and told."))
            return redirect("reviews:board_review", reference, board)
    context = {
        "found": found, "review": review, "role": role, "title": ROLES[role], "ranked": ranked, "form": form,
        "left_out": left_out_lines(proposal), "why_not": why_not, "present": proposal.present.get(role),
    }  # fmt: skip
    return render(request, "reviews/reader.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Give one's own reading back, with a reason."""
    user, found, now = asked(request, reference)
    review = _review(user, found, board, now)
    assignment = get_object_or_404(Assignment, review=review, person=user, ended_at__isnull=True)
    assignment.review = review
    form = DeclineForm(sent(request))
    page = FormPage(
        title=_("Give the reading back"),
        intro=_("Somebody else will be asked. You can still read, ask and vote as a member."),
        button=_("Give it back"),
        done=_("The reading is given back. Chair and secretary see why."),
        icon="arrow-left",
        why_not=why_not_decline(user, assignment),
    )

    def act() -> None:
        services.decline_reading(
            actor=user, assignment_id=assignment.pk, reason=form.cleaned_data["reason"], now=now
        )

    return show_form(
        request, found, page, form, act, lambda: redirect("reviews:board_review", reference, board)
    )


@require_safe
@login_required
def show_load(request: HttpRequest, board: str) -> HttpResponse:
    """Show who of a board carries how much."""
    user, now = person(request), timezone.now()
    found = board_by_slug(user, board, now)
    require(why_not_see_load(user, found, now))
    return render(
        request,
        "reviews/board_load.html",
        {"board": found, "picture": board_load(found, now), "counted_at": now},
    )
