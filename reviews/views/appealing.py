"""Appeals: the requester files one, and everybody who sees the request sees how it goes."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.refusal import IllegalTransition
from reviews.forms.panels import AppealForm
from reviews.models import Appeal
from reviews.permissions.appealing import why_not_file
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_read_decisions
from reviews.selectors.appeal_page import appeal_shown
from reviews.selectors.appeals import appeal_of, appealed_in
from reviews.services.appeals import file_appeal
from reviews.views.acting import asked, forbid, sent, to_page
from reviews.views.form_page import FormPage, show_form
from reviews.views.refusing import tells_refusals


@login_required
@require_http_methods(["GET", "POST"])
@tells_refusals
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """Appeal the rejection or the suspension, with grounds."""
    user, found, now = asked(request, reference)
    about = appealed_in(found, now)
    if about is None:
        raise IllegalTransition(_("Only a rejection or a suspension is appealed, and there is none."))
    why_not = why_not_file(user, found, about.chance)
    forbid(why_not)
    page = FormPage(
        title=_("Appeal the suspension") if about.suspension else _("Appeal the decision"),
        button=_("File the appeal"),
        done=_("The appeal is filed. The secretary forms a panel of people who took no part."),
        icon="scale",
        why_not=why_not,
        template="reviews/appeal.html",
        more={"about": about},
    )
    form = AppealForm(sent(request))
    return show_form(
        request, found, page, form,
        lambda: file_appeal(actor=user, request_id=found.pk, grounds=form.cleaned_data["grounds"], now=now),
        lambda: to_page("show_appeal", reference, Appeal.objects.filter(request=found).count()),
    )  # fmt: skip


@require_safe
@login_required
def show_appeal(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Show an appeal: its grounds, its panel, what came of it."""
    user, found, now = asked(request, reference)
    require(why_not_read_decisions(user, found, now))
    kept = appeal_of(found, number)
    return render(
        request, "reviews/show_appeal.html", {"found": found, "page": appeal_shown(user, kept, now)}
    )
