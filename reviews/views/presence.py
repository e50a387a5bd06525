"""The part of a dossier's page that says who else is writing, and where; asked for again and again while it is open."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from audit.selectors import whole_number
from reviews.selectors.presence import here
from reviews.selectors.questionnaires import questionnaire
from reviews.services.presence import be_seen
from reviews.views.acting import asked
from reviews.views.refusing import tells_refusals


@require_POST
@login_required
@tells_refusals
def presence(request: HttpRequest, reference: str) -> HttpResponse:
    """Take note that the person has the topic open, and tell them who else has; 204 when nothing is new."""
    user, found, now = asked(request, reference)
    be_seen(actor=user, request=found, question=request.POST.get("at", "")[:60], now=now)
    topic = questionnaire(found.questionnaire).topic(request.POST.get("topic", ""))
    if topic is None:
        raise Http404
    told = here(found, user, topic, _shown(request))
    if request.POST.get("told") == told.digest:
        return HttpResponse(status=204)
    return render(request, "reviews/dossier_here.html", {"here": told, "reference": reference})


def _shown(request: HttpRequest) -> dict[str, int]:
    """Return the version of each answer on the page."""
    sent = {name.removeprefix("v-"): request.POST[name] for name in request.POST if name.startswith("v-")}
    return {key: version for key, text in sent.items() if (version := whole_number(text)) is not None}
