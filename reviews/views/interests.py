"""Declared interests and recusals of a request."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reviews.forms.talking import FindingForm, InterestForm
from reviews.models import Declaration
from reviews.selectors.interests import interests_page
from reviews.services import interests as services
from reviews.views.acting import asked, attempt, to_page, to_request


@require_safe
@login_required
def show_interests(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who is recused, and to chairs and secretaries what was declared; with the forms to declare and recuse."""
    user, found, now = asked(request, reference)
    context = {
        "found": found,
        "page": interests_page(user, found, now),
        "form": InterestForm(),
        "finding": FindingForm(),
    }
    return render(request, "reviews/interests.html", context)


@require_POST
@login_required
def declare(request: HttpRequest, reference: str) -> HttpResponse:
    """Declare an interest for the chair or the secretary to judge."""
    user, found, now = asked(request, reference)
    form = InterestForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    attempt(
        request,
        lambda: services.declare_interest(
            actor=user, request_id=found.pk, kind=given.get("kind", ""), text=given.get("text", ""), now=now
        ),
        _("Your interest is declared. The chair or the secretary judges it."),
    )
    return to_page("interests", reference)


@require_POST
@login_required
def recuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Recuse oneself from the request, for good."""
    user, found, now = asked(request, reference)
    form = InterestForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    done = attempt(
        request,
        lambda: services.recuse(
            actor=user, request_id=found.pk, kind=given.get("kind", ""), reason=given.get("text", ""), now=now
        ),
        _("You are recused from this request."),
    )
    return to_request(reference) if done else to_page("interests", reference)


@require_POST
@login_required
def judge(request: HttpRequest, reference: str, declaration_id: int) -> HttpResponse:
    """Say whether a declared interest is a conflict."""
    user, found, now = asked(request, reference)
    declaration = get_object_or_404(Declaration, pk=declaration_id, request=found)
    form = FindingForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: services.judge_interest(
                actor=user, declaration_id=declaration.pk, now=now, **form.cleaned_data
            ),
            _("The interest is judged."),
        )
        return to_page("interests", reference)
    context = {
        "found": found,
        "page": interests_page(user, found, now),
        "form": InterestForm(),
        "finding": form,
    }
    return render(request, "reviews/interests.html", context, status=422)
