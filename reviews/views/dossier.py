"""The page where a dossier is written, a topic at a time, and what is done with the dossier as a whole."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.refusal import Refused
from reviews.forms.dossier import SubmitForm, WithdrawForm
from reviews.permissions.drafting import why_not_edit, why_not_withdraw
from reviews.permissions.reasons import require
from reviews.selectors.addresses import dossier_address, request_address
from reviews.selectors.draft_page import DraftPage, draft_page
from reviews.selectors.question_field import QuestionField
from reviews.services.submission import Incomplete, submit_revision
from reviews.services.withdrawal import withdraw_request
from reviews.views.acting import asked, attempt, to_request
from reviews.views.proposing import settle_proposals
from reviews.views.refusing import tells_refusals
from reviews.views.saving import save_sent_topic


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@tells_refusals
def dossier(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Show a topic of the dossier; posting saves the whole topic, for browsers without scripts."""
    user, found, now = asked(request, reference)
    require(why_not_edit(user, found, now))
    if request.method != "POST":
        return _page(request, draft_page(user, found, request.GET.get("topic", ""), now))
    topic = request.POST.get("topic", "")
    troubled = save_sent_topic(request, user, found, now)
    if not troubled and (answer := settle_proposals(request, found)):
        return answer
    if troubled:
        return _page(request, draft_page(user, found, topic, now), troubled=troubled, status=422)
    messages.success(request, _("Saved."))
    return redirect(f"{dossier_address(reference)}?topic={request.POST.get('then', topic)}")


@require_POST
@login_required
@tells_refusals
def submit(request: HttpRequest, reference: str) -> HttpResponse:
    """Freeze the dossier as the next revision, or name everything that is missing."""
    user, found, now = asked(request, reference)
    require(why_not_edit(user, found, now))
    page = draft_page(user, found, request.POST.get("topic", ""), now)
    form = SubmitForm(request.POST, asks_why=page.asks_why)
    if not form.is_valid():
        return _page(request, page, form=form, status=422)
    try:
        revision = submit_revision(
            actor=user, request_id=found.pk, why=form.cleaned_data.get("why", ""), now=now
        )
    except Incomplete as incomplete:
        messages.error(request, str(incomplete))
        return _page(request, page, form=form, status=422)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(dossier_address(reference))
    messages.success(request, _("Revision {number} is submitted and frozen.").format(number=revision.number))
    return redirect(request_address(reference))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@tells_refusals
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more, then withdraw the request."""
    user, found, now = asked(request, reference)
    require(why_not_withdraw(user, found, now))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: withdraw_request(actor=user, request_id=found.pk, reason=reason, now=now),
            _("The request is withdrawn."),
        )
        return to_request(reference)
    return render(request, "reviews/withdraw.html", {"found": found, "form": form})


def _page(
    request: HttpRequest,
    page: DraftPage,
    *,
    troubled: dict[str, QuestionField] | None = None,
    form: SubmitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "reference": page.request.reference,
        "fields": [(troubled or {}).get(field.key, field) for field in page.fields],
        "troubled": list((troubled or {}).values()),
        "form": form or SubmitForm(asks_why=page.asks_why),
    }
    return render(request, "reviews/dossier.html", context, status=status)
