"""Disclosing interests, and who of a board has; for a request: nothing to declare, and judging what was disclosed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.refusal import Refused
from reviews.forms.disclosing import AlternateForm, DisclosureForm, InterestLines, lines_of
from reviews.forms.talking import FindingForm
from reviews.models import Seat
from reviews.permissions.boards import board_by_slug, why_not_manage_boards
from reviews.permissions.disclosing import why_not_disclose, why_not_see_disclosures
from reviews.permissions.reasons import require
from reviews.selectors.disclosures import checks_on, last_disclosures, own_checks
from reviews.services.alternates import alternates_of, name_alternate
from reviews.services.disclosing import InterestDraft, declare_nothing, disclose, judge_disclosed
from reviews.views.acting import asked, attempt, person, sent, to_page, to_request


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def disclosure(request: HttpRequest) -> HttpResponse:
    """Show what the person disclosed last and what their boards ask, and disclose anew."""
    user, now = person(request), timezone.now()
    require(why_not_disclose(user))
    last = last_disclosures([user.pk]).get(user.pk)
    initial = lines_of(last.interests.all()) if last else []
    form = DisclosureForm(sent(request), initial={"none": last.none if last else False})
    lines = InterestLines(sent(request), prefix="interests", initial=initial)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        drafts = [InterestDraft(one["kind"], one["name"], one["tie"]) for one in _given(lines)]
        try:
            disclose(actor=user, interests=drafts, now=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your interests are disclosed."))
            return to_page("disclosure")
    context = {"form": form, "lines": lines, "last": last, "checks": own_checks(user, now)}
    status = 422 if request.method == "POST" else 200
    return render(request, "reviews/disclosure.html", context, status=status)


def _given(lines: "InterestLines") -> list[dict[str, str]]:  # type: ignore[valid-type]  # a class made by a factory
    return [one for one in lines.cleaned_data if one and not one.get("DELETE")]  # type: ignore[attr-defined]


@require_safe
@login_required
def board_disclosures(request: HttpRequest, board: str) -> HttpResponse:
    """Show who of the board has disclosed what, and who hasn't."""
    user, now = person(request), timezone.now()
    found = board_by_slug(user, board, now)
    require(why_not_see_disclosures(user, found, now))
    return render(
        request, "reviews/board_disclosures.html", {"board": found, "checks": checks_on(found, now)}
    )


@require_POST
@login_required
def set_alternate(request: HttpRequest, board: str, seat_id: int) -> HttpResponse:
    """Name the alternate of a seat."""
    user, now = person(request), timezone.now()
    found = board_by_slug(user, board, now)
    require(why_not_manage_boards(user))
    seat = get_object_or_404(Seat, pk=seat_id, board=found)
    form = AlternateForm(request.POST, alternates=alternates_of(found))
    chosen = form.cleaned_data["alternate"] if form.is_valid() else -1
    attempt(
        request,
        lambda: name_alternate(actor=user, seat_id=seat.pk, person_id=chosen, now=now),
        _("The alternate is named."),
    )
    return redirect("reviews:board", board)


@require_POST
@login_required
def nothing(request: HttpRequest, reference: str) -> HttpResponse:
    """Declare that nothing ties one to the request."""
    user, found, now = asked(request, reference)
    attempt(
        request,
        lambda: declare_nothing(actor=user, request_id=found.pk, now=now),
        _("Noted: nothing to declare for this request."),
    )
    return to_request(reference)


@require_POST
@login_required
def judge(request: HttpRequest, reference: str, interest_id: int) -> HttpResponse:
    """Judge for a request what a member disclosed."""
    user, found, now = asked(request, reference)
    form = FindingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether it is a conflict, and why."))
        return to_page("interests", reference)
    attempt(
        request,
        lambda: judge_disclosed(
            actor=user, request_id=found.pk, interest_id=interest_id, now=now, **form.cleaned_data
        ),
        _("The interest is judged."),
    )
    return to_page("interests", reference)
