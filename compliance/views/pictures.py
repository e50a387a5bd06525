"""Pictures of compliance: how controls stand, and who holds what is overdue; each with its table and as CSV."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.spreadsheets import csv_download
from compliance.rules.standing import Standing
from compliance.selectors.expiry import expiring_for
from compliance.selectors.overdue import overdue_lines, overdue_of
from compliance.selectors.standing import heat_of
from compliance.views.acting import person


@require_safe
@login_required
def controls(request: HttpRequest) -> HttpResponse:
    """Show how the controls of each framework stand for each project."""
    heat = heat_of(person(request), timezone.now())
    return render(request, "compliance/controls.html", {"heat": heat, "standings": list(Standing)})


@require_safe
@login_required
def controls_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the same as rows."""
    columns = [
        _("Framework"), _("Library"), _("About"), _("Controls"), _("Met"), _("Partly met"), _("Not met"),
        _("Not applicable"),
    ]  # fmt: skip
    return _csv("controls", columns, heat_of(person(request), timezone.now(), most=None).lines())


@require_safe
@login_required
def overdue(request: HttpRequest) -> HttpResponse:
    """Show who holds what is overdue."""
    return render(
        request, "compliance/overdue.html", {"overdue": overdue_of(person(request), timezone.now())}
    )


@require_safe
@login_required
def overdue_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out what is overdue, one by one."""
    columns = [
        _("What"), _("About"), _("With whom"), _("Who does what"), _("Due"), _("Days late"), _("Told"),
        _("Next step"), _("Next step on"),
    ]  # fmt: skip
    return _csv("overdue", columns, overdue_lines(person(request), timezone.now()))


@require_safe
@login_required
def expiring(request: HttpRequest) -> HttpResponse:
    """Show which evidence is about to expire, or has expired lately."""
    return render(
        request, "compliance/expiring.html", {"files": expiring_for(person(request), timezone.now())}
    )


@require_safe
@login_required
def expiring_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the same as rows."""
    columns = [_("File"), _("Control"), _("Checklist"), _("Whose"), _("Valid until"), _("Days left")]
    rows = (
        [
            file.evidence.name, file.evidence.control.number, file.title, file.owner,
            file.evidence.expires_on.isoformat() if file.evidence.expires_on else "", file.days,
        ]
        for file in expiring_for(person(request), timezone.now())
    )  # fmt: skip
    return _csv("expiring", columns, rows)


def _csv(name: str, columns: Sequence[object], lines: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    return csv_download(f"{name}-{timezone.now():%Y-%m-%d}", columns, lines)
