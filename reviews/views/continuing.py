"""Pages of what follows an approval: continuing reviews, and boards that take a matter up again or lay it aside."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reviews.forms.after import ContinuingForm
from reviews.forms.talking import ReasonForm
from reviews.permissions.reconsidering import why_not_lay_aside
from reviews.rules.review_lifecycle import Matter
from reviews.selectors.continuing_page import ContinuingPage, continuing_page
from reviews.services import continuing as services
from reviews.services.taking_up import lay_aside as lay_it_aside
from reviews.services.taking_up import take_up_again
from reviews.views.acting import asked, attempt, forbid, fulfil, sent, to_page, to_request
from reviews.views.board_review import review_asked
from reviews.views.form_page import FormPage, show_form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_continuing(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Show a continuing review; who asked for the approval reports here."""
    user, found, now = asked(request, reference)
    page = continuing_page(user, found, number, now)
    form = ContinuingForm(sent(request))
    if request.method == "POST":
        forbid(page.why_not_report)
        if fulfil(form, lambda: services.report_continuing(
            actor=user, review_id=page.review.pk, report=services.Report(**form.cleaned_data), now=now
        )):  # fmt: skip
            messages.success(request, _("Your report is with the board."))
            return to_page("continuing", reference, number)
    context = {
        "found": found,
        "page": page,
        "form": form,
        "returning": ReasonForm(label=_("What is missing")),
    }
    return render(request, "reviews/continuing.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def return_report(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Return the report with what is missing."""
    user, found, now = asked(request, reference)
    page: ContinuingPage = continuing_page(user, found, number, now)
    report, reason = page.latest, request.POST.get("reason", "")
    if report is None:
        messages.error(request, _("There is no report to return."))
        return to_page("continuing", reference, number)
    forbid(page.why_not_return)
    attempt(
        request,
        lambda: services.return_report(actor=user, report_id=report.pk, reason=reason, now=now),
        _("The report is returned; the requester is asked for another one."),
    )
    return to_page("continuing", reference, number)


@require_POST
@login_required
def take_up(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Let the board take its review up again: about a suspension that stands, or to waive a condition."""
    user, found, review, now = review_asked(request, reference, board)
    wanted = request.POST.get("matter", "")
    matter = wanted if wanted in (Matter.SUSPENSION, Matter.CONDITION) else Matter.CONDITION
    done = attempt(
        request,
        lambda: take_up_again(actor=user, review_id=review.pk, matter=matter, now=now),
        _("The board has taken it up. A member moves a motion, and another one seconds it."),
    )
    return to_page("board_review", reference, board) if done else to_request(found.reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lay_aside(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Lay aside what the board took up again by itself."""
    user, found, review, now = review_asked(request, reference, board)
    page = FormPage(
        title=_("Lay it aside"),
        intro=_("Motions about it are withdrawn. The board can take it up again later."),
        button=_("Lay it aside"),
        done=_("The board has laid it aside."),
        icon="archive",
        why_not=why_not_lay_aside(user, review, now),
    )
    form = ReasonForm(sent(request))
    return show_form(
        request, found, page, form,
        lambda: lay_it_aside(actor=user, review_id=review.pk, reason=form.cleaned_data["reason"], now=now),
        lambda: to_request(reference),
    )  # fmt: skip
