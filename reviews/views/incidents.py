"""Incidents: all of them with their clocks, raising one, and the page on which it is worked on."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.refusal import Refused
from registry.models import ModelVersion
from registry.permissions import visible_projects
from reviews.forms.incidents import ClassForm, FilingForm, RaiseForm, TellForm
from reviews.forms.talking import ReasonForm
from reviews.permissions import incidents as permissions
from reviews.selectors.incident_pages import IncidentPage, incident_list, incident_page
from reviews.services import incident_filing, incidents
from reviews.views.acting import forbid, fulfil, person, sent, to_page

VERSIONS = 300


@require_safe
@login_required
def list_incidents(request: HttpRequest) -> HttpResponse:
    """List the incidents that the person sees, with their clocks."""
    now = timezone.now()
    return render(
        request, "reviews/incidents.html", {"page": incident_list(person(request), now), "now": now}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def raise_incident(request: HttpRequest) -> HttpResponse:
    """Report what went wrong with a model."""
    user, now = person(request), timezone.now()
    if reason := permissions.why_not_raise(user):
        raise PermissionDenied(reason)
    projects = visible_projects(user, now)
    versions = ModelVersion.objects.filter(model__project__in=projects).select_related("model")[:VERSIONS]
    chosen = request.GET.get("version", "")
    if chosen.isdecimal() and len(chosen) < 19:
        version = permissions.version_to_report_on(user, int(chosen), now)
        versions = ModelVersion.objects.filter(pk=version.pk).select_related("model")
    form = RaiseForm(
        sent(request), request.FILES or None, versions=versions, projects=projects,
        initial={"about": f"version:{chosen}"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            report = incidents.raise_incident(
                actor=user, told=_told(data), happened_at=data["happened_at"], aware_at=data["aware_at"],
                files=data["evidence"], now=now, **form.place,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Reported. Legal staff, the safety lead and the boards are told."))
            return redirect("reviews:incident", report.incident_id)
    return render(request, "reviews/raise_incident.html", {"form": form}, status=422 if form.errors else 200)


def _told(data: dict[str, str]) -> incidents.Told:
    return incidents.Told(data["text"], data["harm"], data["measures"])


@require_safe
@login_required
def show_incident(request: HttpRequest, number: int) -> HttpResponse:
    """Show an incident with its clock, its history and what the person may do."""
    return _show(request, incident_page(person(request), number, timezone.now()))


def _show(request: HttpRequest, page: IncidentPage, **given: forms.Form) -> HttpResponse:
    shown: dict[str, forms.Form] = {
        "tell_form": TellForm(auto_id="tell_%s"),
        "class_form": ClassForm(),
        "filing_form": FilingForm(),
        "close_form": ReasonForm(label=_("What came of it")),
        "reopen_form": ReasonForm(),
        "suspend_form": ReasonForm(label=_("Why the approval is suspended")),
        **given,
    }
    status = 422 if any(form.errors for form in given.values()) else 200
    return render(request, "reviews/incident.html", {"page": page, **shown}, status=status)


def _act(
    request: HttpRequest,
    number: int,
    form: forms.Form,
    name: str,
    act: Callable[[], object],
    done: str,
    why_not: Callable[[IncidentPage], str | None],
) -> HttpResponse:
    """Do what a form on the page asks; what was refused, or isn't whole, comes back with everything in it."""
    page = incident_page(person(request), number, timezone.now())
    forbid(why_not(page))
    if fulfil(form, act):
        messages.success(request, done)
        return to_page("incident", number)
    return _show(request, page, **{name: form})


@require_POST
@login_required
def tell(request: HttpRequest, number: int) -> HttpResponse:
    """Tell more about an incident, with evidence."""
    user, now = person(request), timezone.now()
    form = TellForm(request.POST, request.FILES, auto_id="tell_%s")
    return _act(
        request, number, form, "tell_form",
        lambda: incidents.tell_more(
            actor=user, number=number, told=_told(form.cleaned_data), files=form.cleaned_data["evidence"], now=now
        ),
        _("It stands beside what was told before."), lambda page: page.why_not_tell,
    )  # fmt: skip


@require_POST
@login_required
def classify(request: HttpRequest, number: int) -> HttpResponse:
    """Give an incident its class."""
    user, now, form = person(request), timezone.now(), ClassForm(request.POST)
    return _act(
        request, number, form, "class_form",
        lambda: incidents.classify_incident(actor=user, number=number, now=now, **form.cleaned_data),
        _("The class is given; its clock runs."), lambda page: page.why_not_classify,
    )  # fmt: skip


@require_POST
@login_required
def file_report(request: HttpRequest, number: int) -> HttpResponse:
    """Enter what went to an authority."""
    user, now, form = person(request), timezone.now(), FilingForm(request.POST)
    return _act(
        request, number, form, "filing_form",
        lambda: incident_filing.file_report(actor=user, number=number, now=now, **form.cleaned_data),
        _("Entered, with the moment at which it went out."), lambda page: page.why_not_file,
    )  # fmt: skip


@require_POST
@login_required
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close a report with what came of it."""
    user, now, form = person(request), timezone.now(), ReasonForm(request.POST, label=_("What came of it"))
    return _act(
        request, number, form, "close_form",
        lambda: incidents.close_incident(actor=user, number=number, closing=form.cleaned_data["reason"], now=now),
        _("The report is closed."), lambda page: page.why_not_close,
    )  # fmt: skip


@require_POST
@login_required
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Take a closed report up again."""
    user, now, form = person(request), timezone.now(), ReasonForm(request.POST)
    return _act(
        request, number, form, "reopen_form",
        lambda: incidents.reopen_incident(actor=user, number=number, reason=form.cleaned_data["reason"], now=now),
        _("The report is open again."), lambda page: page.why_not_reopen,
    )  # fmt: skip


@require_POST
@login_required
def suspend(request: HttpRequest, number: int) -> HttpResponse:
    """Suspend the approval for the incident, in one step."""
    user, now = person(request), timezone.now()
    form = ReasonForm(request.POST, label=_("Why the approval is suspended"))
    return _act(
        request, number, form, "suspend_form",
        lambda: incident_filing.suspend_for_incident(
            actor=user, number=number, reason=form.cleaned_data["reason"], now=now
        ),
        _("The approval is suspended; the leading board votes on it."), lambda page: page.why_not_suspend,
    )  # fmt: skip


@require_safe
@login_required
def evidence(request: HttpRequest, number: int, file_id: int) -> HttpResponse | FileResponse:
    """Give a file of evidence, always as a download of unknown kind: nothing in it runs here."""
    try:
        file, content = incident_filing.open_incident_file(
            actor=person(request), number=number, file_id=file_id, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return to_page("incident", number)
    response = FileResponse(
        content, as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
