"""Pictures of all requests: ages, times, returns, load; each with its table and as CSV."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.spreadsheets import csv_download
from reviews.permissions.figures import why_not_see_figures
from reviews.permissions.reasons import require
from reviews.selectors.figures.picture import Picture
from reviews.selectors.figures.pictures import PERIODS, PICTURES, picture_of
from reviews.views.acting import person


@require_safe
@login_required
def show_picture(request: HttpRequest, picture: str) -> HttpResponse:
    """Show one picture; the address says which, and of which time."""
    chosen, found = _asked(request, picture)
    context = {
        "picture": found,
        "here": picture,
        "pictures": [(code, title) for code, (title, _make) in PICTURES.items()],
        "periods": [(code, title) for code, (title, _days) in PERIODS.items()],
        "period": chosen,
        "counted_at": timezone.now(),
    }
    return render(request, "reviews/figures.html", context)


@require_safe
@login_required
def download_picture(request: HttpRequest, picture: str) -> StreamingHttpResponse:
    """Hand out the rows of one picture as CSV."""
    _chosen, found = _asked(request, picture)
    name = f"requests-{picture}-{timezone.now():%Y-%m-%d}"
    return csv_download(name, [_("Group"), *found.columns], found.lines())


def _asked(request: HttpRequest, picture: str) -> tuple[str, Picture]:
    now, reader = timezone.now(), person(request)
    require(why_not_see_figures(reader, now))
    chosen = request.GET.get("period", "year")
    chosen = chosen if chosen in PERIODS else "year"
    return chosen, picture_of(picture, chosen, reader, now)
