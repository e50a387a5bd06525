"""The year of compliance, and the list of checks."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from audit.selectors import whole_number
from audit.spreadsheets import csv_download
from compliance.permissions import sight_of, why_not_manage
from compliance.rules.calendar import Mark
from compliance.selectors.check_list import Which, check_list
from compliance.selectors.month import due_next, month_of
from compliance.selectors.year import year_of
from compliance.views.acting import person

EARLIEST, LATEST = 2000, 2200


@require_GET
@login_required
def year(request: HttpRequest) -> HttpResponse:
    """Show the checks of a year by month; `?year=2026&month=11` says which."""
    user, now = person(request), timezone.now()
    today = timezone.localdate(now)
    number = _within(request.GET.get("year", ""), EARLIEST, LATEST, today.year)
    month = _within(request.GET.get("month", ""), 1, 12, today.month if number == today.year else 1)
    sight = sight_of(user, now)
    shown = year_of(user, number, now, sight)
    context = {
        "year": shown, "weeks": month_of(shown, month, now), "month": date(number, month, 1),
        "months": [date(number, at, 1) for at in range(1, 13)],
        "waits": due_next(user, now, sight), "why_not_manage": why_not_manage(user),
        "legend": [Mark.DONE, Mark.LATE, Mark.MISSED, Mark.DUE, Mark.REVIEW, Mark.PLANNED], "today": today,
        "weekdays": [WEEKDAYS_ABBR[day] for day in range(7)],
    }  # fmt: skip
    return render(request, "compliance/year.html", context)


@require_safe
@login_required
def year_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the year as rows, a column for each month."""
    user, now = person(request), timezone.now()
    number = _within(request.GET.get("year", ""), EARLIEST, LATEST, timezone.localdate(now).year)
    columns = [_("Library"), _("Control"), _("Check"), _("About")]
    columns += [date_format(date(number, month, 1), "M") for month in range(1, 13)]
    return csv_download(f"checks-{number}", columns, year_of(user, number, now, sight_of(user, now)).lines())


@require_GET
@login_required
def check_list_page(request: HttpRequest) -> HttpResponse:
    """List checks with whom they wait for and until when; the address is the filter."""
    asked = request.GET.get("which", "")
    which = Which(asked) if asked in set(Which) else Which.WAITING
    mine = request.GET.get("whose") == "mine"
    page = check_list(
        person(request), which, mine=mine, after=request.GET.get("after", ""), now=timezone.now()
    )
    context = {"page": page, "which": which, "mine": mine, "kinds": list(Which)}
    return render(request, "compliance/check_list.html", context)


def _within(text: str, low: int, high: int, otherwise: int) -> int:
    """Return the number that an address gives, or the other one."""
    number = whole_number(text, digits=4)
    return number if number is not None and low <= number <= high else otherwise
