"""Jobs for administrators: what failed and why, what waits, and trying again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from audit.selectors import whole_number
from desk import services
from desk.permissions import require_administrator
from desk.selectors import jobs
from jobs.models import JobState


@require_safe
@login_required
def job_list(request: HttpRequest) -> HttpResponse:
    """Show the jobs of a state, failed ones unless the address says otherwise."""
    assert isinstance(request.user, User)
    require_administrator(request.user)
    state = request.GET.get("state", JobState.FAILED)
    page = jobs.page(state, whole_number(request.GET.get("before", "")))
    older = f"?{urlencode({'state': state, 'before': page.older})}" if page.older else ""
    counts = jobs.counts()
    states = [(value, label, counts[value]) for value, label in JobState.choices]
    return render(
        request, "desk/jobs.html", {"page": page, "state": state, "states": states, "older_url": older}
    )


@require_POST
@login_required
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Make a failed job due again."""
    assert isinstance(request.user, User)
    try:
        services.retry_job(actor=request.user, job_id=job_id, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The job is due again. A worker takes it within seconds."))
    return redirect("desk:jobs")
