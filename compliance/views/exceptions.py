"""Exceptions: asked for, decided, ended."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from audit.spreadsheets import csv_download
from compliance.forms.findings import ExceptionForm
from compliance.models import ControlException
from compliance.permissions import assessment_to_read
from compliance.permissions.exceptions import exception_to_read
from compliance.permissions.findings import why_not_take_part
from compliance.selectors.finding_page import exception_list, exception_page
from compliance.selectors.libraries import control_of
from compliance.services import exceptions
from compliance.views.acting import attempt, carry_out, person


@require_GET
@login_required
def exception_list_page(request: HttpRequest) -> HttpResponse:
    """List exceptions: what waits for legal staff, what counts and until when."""
    shown = exception_list(person(request), timezone.now())
    return render(request, "compliance/exception_list.html", {"shown": shown})


@require_safe
@login_required
def exceptions_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the same as rows."""
    columns = [
        _("Library"), _("Control"), _("About"), _("State"), _("Until"), _("Reason"), _("Instead"),
        _("Asked by"), _("Decided by"),
    ]  # fmt: skip
    now = timezone.now()
    lines = (
        [
            each.exception.library_code, each.exception.control_number, each.about, each.exception.state,
            each.exception.until.isoformat(), each.exception.reason, each.exception.instead,
            each.exception.asked_by.display_name,
            each.exception.decided_by.display_name if each.exception.decided_by else "",
        ]
        for each in exception_list(person(request), now)
    )  # fmt: skip
    return csv_download(f"exceptions-{now:%Y-%m-%d}", columns, lines)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: HttpRequest, assessment_id: int, number: str) -> HttpResponse:
    """Ask for an exception of a control."""
    user, now = person(request), timezone.now()
    about = assessment_to_read(user, assessment_id, now)
    form = ExceptionForm(request.POST if request.method == "POST" else None)
    asked = carry_out(
        form,
        lambda: exceptions.ask_for_exception(
            actor=user, assessment_id=about.pk, number=number, now=now, **form.cleaned_data
        ),
    )
    if asked:
        messages.success(request, _("Legal staff are asked. It counts once they approve it."))
        return redirect("compliance:exception", asked.pk)
    context = {
        "assessment": about, "control": control_of(about, number), "form": form,
        "why_not": why_not_take_part(user, about),
    }  # fmt: skip
    return render(request, "compliance/ask_exception.html", context, status=422 if form.errors else 200)


@require_GET
@login_required
def exception(request: HttpRequest, exception_id: int) -> HttpResponse:
    """Show an exception, and what this person can do with it."""
    user, now = person(request), timezone.now()
    page = exception_page(user, exception_to_read(user, exception_id, now), now)
    return render(request, "compliance/exception_page.html", {"page": page})


@require_POST
@login_required
def approve(request: HttpRequest, exception_id: int) -> HttpResponse:
    """Approve an exception."""
    return _act(request, exception_id, exceptions.approve_exception, _("The exception counts now."))


@require_POST
@login_required
def refuse(request: HttpRequest, exception_id: int) -> HttpResponse:
    """Refuse an exception."""
    return _act(request, exception_id, exceptions.refuse_exception, _("The exception is refused."))


@require_POST
@login_required
def revoke(request: HttpRequest, exception_id: int) -> HttpResponse:
    """End an exception."""
    return _act(
        request, exception_id, exceptions.revoke_exception, _("The exception doesn't count any more.")
    )


def _act(
    request: HttpRequest, exception_id: int, act: Callable[..., ControlException], done: str
) -> HttpResponse:
    user, now = person(request), timezone.now()
    found = exception_to_read(user, exception_id, now)
    words = request.POST.get("reason", "")[:5000]
    attempt(request, partial(act, actor=user, exception_id=found.pk, reason=words, now=now), done)
    return redirect("compliance:exception", found.pk)
