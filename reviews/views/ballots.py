"""The page of a ballot, voting, and what the secretary does while it is open."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from reviews.forms.balloting import AttendanceForm, EnterVoteForm, VoteForm
from reviews.models import Ballot, ReviewRequest
from reviews.permissions import balloting
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.selectors.ballot_page import ballot_page
from reviews.services import attendance, voting
from reviews.services.closing import close_ballot
from reviews.views.acting import asked, attempt, forbid, to_page, to_request


@require_safe
@login_required
def show_ballot(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Show the ballot: the motion, what each choice would do, the count, the votes so far unless they are hidden."""
    user, found, now = asked(request, reference)
    return _show(request, user, found, number, now)


def _show(
    request: HttpRequest,
    user: User,
    found: ReviewRequest,
    number: int,
    now: datetime,
    form: VoteForm | None = None,
) -> HttpResponse:
    require(why_not_see_deliberation(user, found, now))
    page = ballot_page(user, found, number, now)
    seats = page.found.seats
    context = {
        "found": found,
        "page": page,
        "form": form or VoteForm(initial={"revision_sha256": page.ballot.revision_sha256}),
        "attendance": AttendanceForm(seats=seats) if "attend" in page.acts else None,
        "entering": EnterVoteForm(seats=seats) if "enter" in page.acts else None,
    }
    return render(request, "reviews/ballot.html", context, status=422 if form is not None else 200)


def _ballot(
    request: HttpRequest, reference: str, number: int
) -> tuple[User, ReviewRequest, Ballot, datetime]:
    """Return who asks, the request, its ballot and the moment; raises Http404."""
    user, found, now = asked(request, reference)
    rows = Ballot.objects.select_related("review__board").prefetch_related("seats")
    ballot = get_object_or_404(rows, request=found, number=number)
    ballot.request = ballot.review.request = found
    return user, found, ballot, now


@require_POST
@login_required
def cast(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Cast a vote; what is missing is shown in the form, with all that was written."""
    user, found, ballot, now = _ballot(request, reference, number)
    forbid(balloting.why_not_vote(user, ballot, now))
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _show(request, user, found, number, now, form)
    given = form.cleaned_data
    try:
        voting.cast_vote(
            actor=user, ballot_id=ballot.pk, position=given["position"], reason=given["reason"],
            revision_sha256=given["revision_sha256"], now=now, block_text=given["block_text"],
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, user, found, number, now, form)
    messages.success(request, _("Your vote is counted."))
    if getattr(request, "htmx", False):  # the page stays, with the new count
        return to_page("ballot", reference, number)
    return to_request(reference)


@require_POST
@login_required
def close(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Close the ballot early, once its result can't change any more."""
    user, _found, ballot, now = _ballot(request, reference, number)
    attempt(
        request, lambda: close_ballot(actor=user, ballot_id=ballot.pk, now=now), _("The ballot is closed.")
    )
    return to_page("ballot", reference, number)


@require_POST
@login_required
def attend(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Write down that somebody arrived or left."""
    user, _found, ballot, now = _ballot(request, reference, number)
    forbid(balloting.why_not_mark_attendance(user, ballot, now))
    form = AttendanceForm(request.POST, seats=list(ballot.seats.all()))
    if form.is_valid():
        given = form.cleaned_data
        attempt(
            request,
            lambda: attendance.mark_attendance(
                actor=user, ballot_id=ballot.pk, person_id=given["person"], present=given["present"],
                note=given["note"], now=now, sits_for=given["sits_for"],
            ),
            _("The attendance is noted."),
        )  # fmt: skip
    else:
        messages.error(request, _("Choose who arrived or left, and which of the two it was."))
    return to_page("ballot", reference, number)


@require_POST
@login_required
def enter(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Enter a vote for a member who gave it in another way; both names are kept."""
    user, _found, ballot, now = _ballot(request, reference, number)
    forbid(balloting.why_not_mark_attendance(user, ballot, now))
    form = EnterVoteForm(request.POST, seats=list(ballot.seats.all()))
    if form.is_valid():
        given = form.cleaned_data
        attempt(
            request,
            lambda: voting.enter_vote(
                actor=user, ballot_id=ballot.pk, person_id=given["person"], position=given["position"],
                reason=given["reason"], now=now,
            ),
            _("The vote is entered, with both names."),
        )  # fmt: skip
    else:
        messages.error(request, _("Choose the member and the vote, and write the reason in their words."))
    return to_page("ballot", reference, number)
