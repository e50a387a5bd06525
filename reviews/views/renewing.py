"""A draft goes on with the present questions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reviews.selectors.addresses import dossier_address
from reviews.services.renewing import renew_questions
from reviews.views.acting import asked
from reviews.views.refusing import tells_refusals


@require_POST
@login_required
@tells_refusals
def renew(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the draft be asked the present questions."""
    user, found, now = asked(request, reference)
    renewed = renew_questions(actor=user, request_id=found.pk, now=now)
    messages.success(
        request,
        _("This draft now has version {version} of the questions.").format(version=renewed.version),
    )
    return redirect(dossier_address(reference))
