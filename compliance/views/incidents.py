"""Incidents: listed with what they opened, and entered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from compliance.forms.incident import IncidentForm
from compliance.permissions import why_not_enter_incident
from compliance.selectors.incidents import incidents_for
from compliance.services.incidents import enter_incident
from compliance.views.acting import carry_out, person
from registry.models import ModelVersion
from registry.permissions import visible_projects

VERSIONS = 300


@require_safe
@login_required
def incident_list(request: HttpRequest) -> HttpResponse:
    """List the incidents of what the person sees, the newest first."""
    user = person(request)
    told = incidents_for(user, timezone.now())
    return render(
        request,
        "compliance/incident_list.html",
        {"told": told, "why_not_enter": why_not_enter_incident(user)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def enter(request: HttpRequest) -> HttpResponse:
    """Enter an incident."""
    user, now = person(request), timezone.now()
    if reason := why_not_enter_incident(user):
        raise PermissionDenied(reason)
    projects = visible_projects(user, now)
    versions = ModelVersion.objects.filter(model__project__in=projects).select_related("model")[:VERSIONS]
    data = request.POST if request.method == "POST" else None
    form = IncidentForm(data, versions=versions, projects=projects)
    entered = carry_out(
        form,
        lambda: enter_incident(
            actor=user, text=form.cleaned_data["text"], happened_at=form.cleaned_data["happened_at"], now=now,
            **form.place,
        ),
    )  # fmt: skip
    if entered:
        messages.success(request, _("Entered. What listens to incidents is open now."))
        return redirect("compliance:incident_list")
    status = 422 if form.errors else 200
    return render(request, "compliance/enter_incident.html", {"form": form}, status=status)
