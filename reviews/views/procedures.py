"""Determining that a request is exempt, and sending one to a stricter procedure."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviews.forms.determining import DoubtForm, ExemptForm
from reviews.permissions import procedures as permissions
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.clocks import Procedure
from reviews.rules.exemption import LEADS_TO
from reviews.services.escalating import send_on
from reviews.services.exempting import determine_exempt
from reviews.views.acting import sent, to_page
from reviews.views.board_review import review_asked
from reviews.views.form_page import FormPage, show_form


@login_required
@require_http_methods(["GET", "POST"])
def exempt(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Determine that the request is exempt from a review."""
    user, found, review, now = review_asked(request, reference, board)
    require(why_not_see_deliberation(user, found, now))
    page = FormPage(
        title=_("Determine that the request is exempt"),
        intro=_(
            "No ballot is held. The decision holds as long as the board's policy says, and waits for its signatures."
        ),
        button=_("Determine that it is exempt"),
        done=_("The request is exempt. The decision waits for its signatures."),
        why_not=permissions.why_not_determine(user, review, now),
        template="reviews/exempt.html",
        more={"board": board},
    )
    form = ExemptForm(sent(request))
    return show_form(
        request, found, page, form,
        lambda: determine_exempt(
            actor=user, review_id=review.pk, grounds=form.cleaned_data["grounds"],
            reason=form.cleaned_data["reason"], now=now,
        ),
        lambda: to_page("request", reference),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def doubt(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Send the request to a stricter procedure."""
    user, found, review, now = review_asked(request, reference, board)
    require(why_not_see_deliberation(user, found, now))
    stricter = LEADS_TO.get(Procedure(found.procedure or Procedure.FULL), ())
    page = FormPage(
        title=_("Send the request to another procedure"),
        intro=_(
            "The same reviews go on under its rules and with its whole time. Open ballots stop, and what a board "
            "passed is put again. There is no way back."
        ),
        button=_("Send it there"),
        done=_("The request goes on under the other procedure."),
        icon="scale",
        why_not=permissions.why_not_doubt(user, review, now),
    )
    form = DoubtForm(sent(request), procedures=[code.value for code in stricter])
    return show_form(
        request, found, page, form,
        lambda: send_on(
            actor=user, review_id=review.pk, procedure=form.cleaned_data.get("procedure", ""),
            reason=form.cleaned_data["reason"], now=now,
        ),
        lambda: to_page("board_review", reference, board),
    )  # fmt: skip
