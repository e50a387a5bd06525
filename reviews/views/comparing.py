"""Any two revisions of a request beside each other."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviews.selectors.comparison import INLINE, SIDE, comparison
from reviews.selectors.looks import last_looked_number
from reviews.views.acting import asked, number_in


@require_safe
@login_required
def compare_revisions(request: HttpRequest, reference: str) -> HttpResponse:
    """Compare `?from=1&to=3&view=side`; left out: since the reader last looked, to the last one, inline."""
    user, found, _now = asked(request, reference)
    page = comparison(
        found,
        older=number_in(request, "from"),
        newer=number_in(request, "to"),
        since=last_looked_number(found.pk, user),
        view=SIDE if request.GET.get("view") == SIDE else INLINE,
    )
    return render(request, "reviews/compare.html", {"page": page, "found": found})
