"""The page "Away": who stands in for a person, for what and until when."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reviews.forms.away import AwayForm
from reviews.selectors.away_page import away_page
from reviews.services.delegating import delegate
from reviews.services.delegating import end_delegation as end_it
from reviews.views.acting import attempt, fulfil, person, sent, to_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """Show who stands in for whom, and name somebody."""
    user, now = person(request), timezone.now()
    page = away_page(user, now)
    form = AwayForm(sent(request), offers=page.offers)
    if request.method == "POST" and fulfil(form, lambda: delegate(actor=user, now=now, **form.cleaned_data)):
        return to_page("away")
    context = {"page": page, "form": form}
    return render(request, "reviews/away.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def end_delegation(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """End a delegation of one's own before its time."""
    user, now = person(request), timezone.now()
    attempt(
        request,
        lambda: end_it(actor=user, delegation_id=delegation_id, now=now),
        _("The delegation has ended: you act yourself again."),
    )
    return to_page("away")
