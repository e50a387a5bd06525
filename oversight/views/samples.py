"""Pages of samples: drawing one, going through it, and what is needed to repeat the draw."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.refusal import Refused
from audit.workbooks import workbook_download
from oversight import permissions, sampling, sheets, taking
from oversight.forms import ItemForm, SampleForm
from oversight.sample_page import sample_page
from oversight.views.acting import person


@require_POST
@login_required
def draw_sample(request: HttpRequest, engagement_id: int) -> HttpResponse:
    """Draw a sample of the requests in scope."""
    user, now, form = person(request), timezone.now(), SampleForm(request.POST)
    permissions.engagement_to_work_on(user, engagement_id, now)
    if not form.is_valid():
        messages.error(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults))
        return redirect("oversight:engagement", engagement_id)
    try:
        sample = sampling.draw_sample(actor=user, engagement_id=engagement_id, now=now, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("oversight:engagement", engagement_id)
    messages.success(request, _("The sample is drawn. Its seed stands in the log."))
    return redirect("oversight:sample", sample.pk)


@require_safe
@login_required
def show_sample(request: HttpRequest, sample_id: int) -> HttpResponse:
    """Show a sample: its requests with what was noted, and how to repeat the draw."""
    user, now = person(request), timezone.now()
    sample = permissions.sample_to_read(user, sample_id, now)
    return render(request, "oversight/sample_page.html", {"page": sample_page(sample, user, now)})


@require_POST
@login_required
def note_item(request: HttpRequest, sample_id: int, item_id: int) -> HttpResponse:
    """Write down how far the auditors are with a request of a sample."""
    user, now, form = person(request), timezone.now(), ItemForm(request.POST)
    permissions.sample_to_read(user, sample_id, now)
    try:
        given = form.cleaned_data if form.is_valid() else {"state": "", "note": ""}
        item = sampling.note_item(actor=user, item_id=item_id, now=now, **given)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("oversight:sample", sample_id)
    messages.success(request, _("Noted for {reference}.").format(reference=item.request.reference))
    return redirect("oversight:sample", sample_id)


@require_safe
@login_required
def population(request: HttpRequest, sample_id: int) -> HttpResponse:
    """Hand out the list that was drawn from, byte for byte as it was hashed."""
    sample = permissions.sample_to_read(person(request), sample_id, timezone.now())
    response = HttpResponse(sheets.population_lines(sample), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sample-{sample.pk}-drawn-from.txt"'
    return response


@require_POST
@login_required
def take_sample(request: HttpRequest, sample_id: int) -> HttpResponseBase:
    """Hand out the sample as a workbook; that is an event itself."""
    sample = taking.take_sample(actor=person(request), sample_id=sample_id, now=timezone.now())
    return workbook_download(f"sample-{sample.pk}", sheets.of_sample(sample))
