"""The policy of a board: writing a new version, showing one, and what differs between two."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reviews.forms.boards import WhyForm
from reviews.permissions.boards import board_by_slug
from reviews.selectors.boards_page import policy_of
from reviews.selectors.policy_page import policy_page
from reviews.services import boards as services
from reviews.views.acting import attempt, person, sent
from reviews.views.boards import managed
from reviews.views.policy_form import policy_context, policy_form


@login_required
@require_http_methods(["GET", "POST"])
def change_policy(request: HttpRequest, board: str) -> HttpResponse:
    """Write a new version of the policy; open ballots keep theirs."""
    user, found, now = managed(request, board)
    form = policy_form(request, policy_of(found))
    why = WhyForm(sent(request))
    if request.method == "POST" and form.is_valid() and why.is_valid():
        content, reason = form.cleaned_data["content"], why.cleaned_data["reason"]
        if attempt(
            request,
            lambda: services.set_policy(
                actor=user, board_id=found.pk, content=content, reason=reason, now=now
            ),
            _("The new version of the policy is in force."),
        ):
            return redirect("reviews:board", board)
    context = {"board": found, "form": form, "why": why, **policy_context(form)}
    return render(
        request, "reviews/policy_change.html", context, status=422 if form.errors or why.errors else 200
    )


@require_safe
@login_required
def show_policy(request: HttpRequest, board: str, version: int) -> HttpResponse:
    """Show one version of the policy in words, with its sources and what it changed."""
    found = board_by_slug(person(request), board, timezone.now())
    against = request.GET.get("against", "")
    page = policy_page(found, version, int(against) if against.isdecimal() and len(against) < 6 else None)
    if page is None:
        raise Http404
    return render(request, "reviews/policy.html", {"page": page})
