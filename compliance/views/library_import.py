"""Bringing a library: the file is read and shown with all its faults, then kept as a whole or not at all."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from audit.spreadsheets import csv_download
from compliance.forms.library_applies import AppliesForm
from compliance.forms.library_import import LibraryImportForm
from compliance.models.library import Origin
from compliance.permissions import why_not_import
from compliance.rules.import_faults import LARGEST
from compliance.rules.import_table import COLUMNS, EXAMPLE
from compliance.selectors.import_words import faults_in_words
from compliance.selectors.libraries import newest_libraries
from compliance.services.library_applies import tell_when_it_applies
from compliance.services.library_import import import_sealed, preview_library
from compliance.views.acting import carry_out, person


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_library(request: HttpRequest) -> HttpResponse:
    """Show what a file holds and what is wrong with it; nothing is kept."""
    user = _manager(request)
    form = LibraryImportForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            context |= _preview(user, form)
            status = 200 if context.get("sealed") else 422
    return render(request, "compliance/import_library.html", context, status=status)


@require_POST
@login_required
def keep_import(request: HttpRequest) -> HttpResponse:
    """Keep what the preview showed."""
    user = _manager(request)
    try:
        loaded = import_sealed(actor=user, sealed=request.POST.get("sealed", ""), now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("compliance:import_library")
    if loaded.is_new:
        messages.success(request, _("The library was imported."))
    else:
        messages.info(request, _("The newest version was read from the same file, so nothing changed."))
    return redirect("compliance:library", loaded.library.code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tell_applies(request: HttpRequest, code: str) -> HttpResponse:
    """Say when an imported library applies."""
    user, library = _manager(request), newest_libraries([code]).get(code)
    if library is None or library.origin != Origin.IMPORTED:
        raise Http404
    form = AppliesForm(request.POST if request.method == "POST" else None, applies=library.applies)
    now = timezone.now()
    if carry_out(form, lambda: tell_when_it_applies(actor=user, code=code, applies=form.applies, now=now)):
        messages.success(request, _("The library says now when it applies."))
        return redirect("compliance:library", code)
    status = 422 if form.errors else 200
    return render(
        request, "compliance/library_applies.html", {"form": form, "library": library}, status=status
    )


@require_safe
@login_required
def import_template(_request: HttpRequest) -> StreamingHttpResponse:
    """Hand out an empty table with its columns and one example."""
    return csv_download("library-template", COLUMNS, [EXAMPLE])


def _manager(request: HttpRequest) -> User:
    user = person(request)
    if reason := why_not_import(user):
        raise PermissionDenied(reason)
    return user


def _preview(user: User, form: LibraryImportForm) -> dict[str, object]:
    """Return what the page shows of the file: faults, or all controls with what changes and a seal."""
    content: bytes = form.cleaned_data["file"].read(LARGEST + 1)
    try:
        seen = preview_library(actor=user, content=content, about=form.about, now=timezone.now())
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return {}
    if seen.faults:
        return {"faults": faults_in_words(seen.faults)}
    return {
        "sealed": seen.sealed, "controls": seen.controls, "skipped": seen.skipped, "newest": seen.newest,
        "name": seen.name, "code": form.about.code,
        **({"difference": seen.difference, "touched": seen.touched} if seen.newest else {}),
    }  # fmt: skip
