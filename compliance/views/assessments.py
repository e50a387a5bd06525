"""A checklist: seen, filled in, submitted, reviewed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from audit.refusal import Refused
from compliance.forms.assessment import AssignForm, DueForm, ReasonForm
from compliance.permissions import assessment_to_read
from compliance.selectors.assessment_page import assessment_page
from compliance.selectors.assessment_record import results_in
from compliance.services.answers import answer_control
from compliance.services.moving import move_due
from compliance.services.reviewing import (
    accept_assessment,
    assign_assessment,
    download_content,
    return_assessment,
    submit_assessment,
)
from compliance.views.acting import attempt, person
from records.selectors import record_for


@require_GET
@login_required
def assessment(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Show the checklist, its state, and what this person can do with it."""
    user, now = person(request), timezone.now()
    found = assessment_to_read(user, assessment_id, now)
    page = assessment_page(user, found, now)
    context = {"page": page, "reason_form": ReasonForm(), "today": timezone.localdate(now)}
    if page.is_accepted:
        context["record"] = record_for(found)
    if not page.why_not_manage and not page.is_accepted:
        context["assign_form"] = AssignForm(initial={"owner": found.owner_id, "reviewer": found.reviewer_id})
        context["due_form"] = DueForm()
    return render(request, "compliance/assessment_page.html", context)


@require_POST
@login_required
def answer(request: HttpRequest, assessment_id: int, number: str) -> HttpResponse:
    """Save an answer; htmx gets the lines that changed, a plain browser the page again."""
    user, now = person(request), timezone.now()
    state, comment = request.POST.get("state", ""), request.POST.get("comment", "")
    refused = ""
    try:
        answer_control(
            actor=user, assessment_id=assessment_id, number=number, state=state, comment=comment, now=now
        )
    except Refused as refusal:
        refused = str(refusal)
    if not request.headers.get("HX-Request"):
        messages.error(request, refused) if refused else messages.success(request, _("Saved."))
        return _back(assessment_id, number)
    page = assessment_page(user, assessment_to_read(user, assessment_id, now), now, with_story=False)
    field = next((field for field in page.fields if field.number == number), None)
    context = {"page": page, "field": field, "refused": refused, "saved_at": now, "oob": True}
    return render(request, "compliance/answer_saved.html", context, status=422 if refused else 200)


@require_POST
@login_required
def submit(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Give the checklist to its reviewer."""
    user, now = person(request), timezone.now()
    attempt(
        request,
        lambda: submit_assessment(actor=user, assessment_id=assessment_id, now=now),
        _("Submitted. The reviewer is told."),
    )
    return _back(assessment_id)


@require_POST
@login_required
def accept(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Accept the checklist for good."""
    user, now = person(request), timezone.now()
    attempt(
        request,
        lambda: accept_assessment(actor=user, assessment_id=assessment_id, now=now),
        _("Accepted and frozen."),
    )
    return _back(assessment_id)


@require_POST
@login_required
def give_back(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Return the checklist to its owner with what is to be done."""
    user, now, reason = person(request), timezone.now(), request.POST.get("reason", "")
    attempt(
        request,
        lambda: return_assessment(actor=user, assessment_id=assessment_id, reason=reason, now=now),
        _("Returned to the owner."),
    )
    return _back(assessment_id)


@require_POST
@login_required
def assign(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Name who fills it in and who reviews it."""
    user, now, form = person(request), timezone.now(), AssignForm(request.POST)
    assessment_to_read(user, assessment_id, now)
    if not form.is_valid():
        messages.error(request, _("Choose people from the list."))
        return _back(assessment_id)
    named = form.cleaned_data
    attempt(
        request,
        lambda: assign_assessment(actor=user, assessment_id=assessment_id, now=now, **named),
        _("Saved who fills it in and who reviews it."),
    )
    return _back(assessment_id)


@require_POST
@login_required
def change_due(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Move the day on which it is due."""
    user, now, form = person(request), timezone.now(), DueForm(request.POST)
    assessment_to_read(user, assessment_id, now)
    if not form.is_valid():
        messages.error(request, _("Give the day as a date, and say why."))
        return _back(assessment_id)
    day, why = form.cleaned_data["day"], form.cleaned_data["why"]
    attempt(
        request,
        lambda: move_due(actor=user, assessment_id=assessment_id, day=day, reason=why, now=now),
        _("The date is moved."),
    )
    return _back(assessment_id)


@require_GET
@login_required
@never_cache
def content(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Hand out the frozen content of an accepted checklist, exactly the bytes that its digest is of."""
    try:
        found = download_content(actor=person(request), assessment_id=assessment_id, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(assessment_id)
    response = HttpResponse(bytes(found.content or b""), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="checklist-{found.pk}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@login_required
@never_cache
def results(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Hand out an accepted checklist as OSCAL assessment-results, in the language of the page."""
    try:
        found = download_content(actor=person(request), assessment_id=assessment_id, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(assessment_id)
    response = JsonResponse(
        results_in(found, get_language() or "en"), json_dumps_params={"ensure_ascii": False}
    )
    response["Content-Disposition"] = f'attachment; filename="assessment-results-{found.pk}.json"'
    return response


def _back(assessment_id: int, number: str = "") -> HttpResponse:
    page = reverse("compliance:assessment", args=[assessment_id])
    return redirect(f"{page}#{number}" if number else page)
