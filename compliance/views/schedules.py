"""Schedules: listed, shown with their next dates, made, changed, paused and ended."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.refusal import Refused
from compliance.forms.assessment import ReasonForm
from compliance.forms.schedule import ScheduleForm, beginnings, values_of
from compliance.models import Library, Schedule
from compliance.models.boards import board_names
from compliance.permissions import schedule_to_read, why_not_manage, why_not_move
from compliance.rules.lifecycle import ScheduleEvent
from compliance.selectors.cadence import Suggestion, suggestion_for
from compliance.selectors.happening_words import schedule_in_words
from compliance.selectors.libraries import newest_libraries
from compliance.selectors.schedules import (
    Foreseen,
    about_of,
    coming_dates,
    foreseen,
    listed_schedules,
    past_checks,
    story_of,
)
from compliance.services.schedules import (
    change_schedule,
    create_schedule,
    end_schedule,
    pause_schedule,
    resume_schedule,
)
from compliance.views.acting import attempt, person
from registry.models import ModelVersion
from registry.permissions import visible_projects

VERSIONS = 300


@require_GET
@login_required
def schedule_list(request: HttpRequest) -> HttpResponse:
    """List the schedules."""
    user, now = person(request), timezone.now()
    lines = listed_schedules(user, now)
    return render(
        request, "compliance/schedule_list.html", {"lines": lines, "why_not_manage": why_not_manage(user)}
    )


@require_GET
@login_required
def schedule(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Show a schedule: when it happens in words, its next ten dates, what came of it."""
    user, now = person(request), timezone.now()
    found = schedule_to_read(user, schedule_id, now)
    context = {
        "schedule": found, "timing": schedule_in_words(found.series, found.happenings),
        "coming": coming_dates(found, now), "past": past_checks(user, found, now),
        "about": about_of(found, board_names()),
        "library": newest_libraries([found.library_code]).get(found.library_code),
        "why_not_manage": why_not_manage(user), "reason_form": ReasonForm(), "story": story_of(found),
        "can_pause": not why_not_move(found, ScheduleEvent.PAUSE),
        "can_resume": not why_not_move(found, ScheduleEvent.RESUME),
        "can_end": not why_not_move(found, ScheduleEvent.END),
    }  # fmt: skip
    return render(request, "compliance/schedule_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Make a schedule of the library that `?library=` names, begun with each `&control=` and the cadence suggested."""
    user, now = person(request), timezone.now()
    _require_manager(request)
    libraries = newest_libraries()
    library = libraries.get(request.GET.get("library", ""))
    if library is None:
        return render(request, "compliance/choose_library.html", {"libraries": list(libraries.values())})
    controls = list(library.controls.all())
    numbers = [row.number for row in controls if row.number in request.GET.getlist("control")]
    suggestion = suggestion_for(controls, numbers)
    form = _form(request, library, beginnings(user, timezone.localdate(now), suggestion, numbers))
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        try:
            made = create_schedule(actor=user, checked=form.checked, timing=form.timing, now=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("compliance:schedule", made.pk)
    return _editor(request, form, library)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Change a schedule from now on."""
    user, now = person(request), timezone.now()
    found = schedule_to_read(user, schedule_id, now)
    _require_manager(request)
    library = newest_libraries([found.library_code])[found.library_code]
    form = _form(request, library, values_of(found, library), found)
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        try:
            change_schedule(
                actor=user, schedule_id=schedule_id, checked=form.checked, timing=form.timing, now=now
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("compliance:schedule", schedule_id)
    return _editor(request, form, library, schedule=found)


@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """Say in words when the form's schedule would happen, with its next ten dates; for htmx."""
    _require_manager(request)
    library = newest_libraries().get(request.POST.get("library", ""))
    if library is None:
        raise Http404
    form = _form(request, library, {})
    context = {"preview": _preview(form), "form": form, "suggestion": _suggestion(form, library)}
    return render(request, "compliance/components/preview.html", context)


@require_POST
@login_required
def pause(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Pause a schedule."""
    user, now, reason = person(request), timezone.now(), request.POST.get("reason", "")
    attempt(
        request,
        lambda: pause_schedule(actor=user, schedule_id=schedule_id, reason=reason, now=now),
        _("Paused. It makes no dates until it is resumed."),
    )
    return redirect("compliance:schedule", schedule_id)


@require_POST
@login_required
def resume(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Resume a schedule."""
    user, now = person(request), timezone.now()
    attempt(
        request,
        lambda: resume_schedule(actor=user, schedule_id=schedule_id, now=now),
        _("Resumed. It makes dates from now on."),
    )
    return redirect("compliance:schedule", schedule_id)


@require_POST
@login_required
def end(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """End a schedule."""
    user, now, reason = person(request), timezone.now(), request.POST.get("reason", "")
    attempt(
        request,
        lambda: end_schedule(actor=user, schedule_id=schedule_id, reason=reason, now=now),
        _("Ended. What was opened is finished, nothing new comes."),
    )
    return redirect("compliance:schedule", schedule_id)


def _require_manager(request: HttpRequest) -> None:
    if reason := why_not_manage(person(request)):
        raise PermissionDenied(reason)


def _form(
    request: HttpRequest, library: Library, initial: dict[str, object], schedule: Schedule | None = None
) -> ScheduleForm:
    data: QueryDict | None = request.POST if request.method == "POST" else None
    projects = visible_projects(person(request), timezone.now())
    versions = ModelVersion.objects.filter(model__project__in=projects).select_related("model")
    return ScheduleForm(
        data, library=library, controls=library.controls.all(), projects=projects, initial=initial,
        versions=[*versions.filter(pk=schedule.version_id), *versions.exclude(pk=schedule.version_id)[:VERSIONS]]
        if schedule and schedule.version_id else versions[:VERSIONS],
    )  # fmt: skip


def _editor(request: HttpRequest, form: ScheduleForm, library: Library, **more: object) -> HttpResponse:
    suggestion = _suggestion(form, library)
    context = {"form": form, "library": library, "preview": _preview(form), "suggestion": suggestion, **more}
    previewed = "preview" in request.POST
    status = 422 if request.method == "POST" and form.errors and not previewed else 200
    return render(request, "compliance/edit_schedule.html", context, status=status)


def _suggestion(form: ScheduleForm, library: Library) -> Suggestion:
    """Return the cadence that we suggest for the controls that the form names."""
    chosen = (
        form.data.getlist("controls") if isinstance(form.data, QueryDict) else form.initial.get("controls")
    )
    return suggestion_for(library.controls.all(), chosen or ())


def _preview(form: ScheduleForm) -> Foreseen | None:
    """Return words and dates of a form that is filled in soundly, else None."""
    if not form.is_bound or not form.is_valid():
        return None
    return foreseen(form.timing.series, form.timing.happenings, timezone.now())
