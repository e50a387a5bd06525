"""Declared interests and recusals of a request."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from reviews.forms.talking import FindingForm, InterestForm
from reviews.models import Declaration, ReviewRequest
from reviews.permissions import reviewing
from reviews.selectors.interests import interests_page
from reviews.services import interests as services
from reviews.views.acting import asked, attempt, forbid, to_page, to_request


@require_safe
@login_required
def show_interests(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who is recused, and to chairs and secretaries what was declared; with the forms to declare and recuse."""
    user, found, now = asked(request, reference)
    return _show(request, user, found, now)


def _show(
    request: HttpRequest,
    user: User,
    found: ReviewRequest,
    now: datetime,
    refused: tuple[int, FindingForm] | None = None,
) -> HttpResponse:
    """Show the page; `refused`: a declaration and the form about it that was not right."""
    page = interests_page(user, found, now)
    findings = {
        shown.declaration.pk: _finding(shown.declaration.pk) for shown in page.declarations if shown.judges
    }
    findings |= dict([refused] if refused else [])
    declared = [(shown, findings.get(shown.declaration.pk)) for shown in page.declarations]
    hints = [(hint, FindingForm(auto_id=f"hint{hint.interest.pk}_%s")) for hint in page.hints]
    context = {"found": found, "page": page, "form": InterestForm(), "declared": declared, "hints": hints}
    return render(request, "reviews/interests.html", context, status=422 if refused else 200)


def _finding(declaration_id: int, data: QueryDict | None = None) -> FindingForm:
    """Return the form about one declaration; its ids differ from those of the others on the page."""
    return FindingForm(data, auto_id=f"finding{declaration_id}_%s")


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
    form = _finding(declaration.pk, request.POST)
    if not form.is_valid():
        declaration.request = found
        forbid(reviewing.why_not_judge_interest(user, declaration, now))
        return _show(request, user, found, now, (declaration.pk, form))
    attempt(
        request,
        lambda: services.judge_interest(
            actor=user, declaration_id=declaration.pk, now=now, **form.cleaned_data
        ),
        _("The interest is judged."),
    )
    return to_page("interests", reference)
