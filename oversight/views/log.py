"""The log explorer, and taking events away."""

from datetime import UTC

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from audit import verbs
from audit.refusal import Refused
from audit.selectors import events
from audit.workbooks import workbook_download
from oversight import export, log, log_state, permissions, services

FORMATS = (("csv", _("Download as CSV")), ("xlsx", _("Download for Excel")), ("json", _("Download as JSON")))


@require_safe
@login_required
def explorer(request: HttpRequest) -> HttpResponse:
    """Show the events that the person may see, under the filters of the address, newest first."""
    user, now, given = _user(request), timezone.now(), request.GET
    sight = permissions.sight_of(user, now)
    asked = log.understand(given.dict())
    part = log.log_page(
        sight,
        asked,
        before=given.get("before", ""),
        after=given.get("after", ""),
        opened=given.get("open", ""),
    )
    days = log.events_a_day(sight.events() & events(asked.meaning), now.astimezone(UTC).date())
    context = {
        "sight": sight,
        "asked": asked,
        "formats": FORMATS,
        "page": part,
        "verbs": verbs.known(),
        "families": log.families(),
        "bars": log.bars(days),
        "most": max(days, key=lambda counted: counted[1]),
        "glance": log_state.glance(now),
        "here": asked.address(before=given.get("before", ""), after=given.get("after", "")),
    }
    return render(request, "oversight/log.html", context)


@require_POST
@login_required
def export_log(request: HttpRequest) -> HttpResponseBase:
    """Hand out the events under the filters as CSV, for Excel, or as JSON; that is an event itself."""
    user, now = _user(request), timezone.now()
    form = wished if (wished := request.POST.get("format")) in {"json", "xlsx"} else "csv"
    asked = log.understand(request.POST.dict())
    named = "named" in request.POST
    try:
        sight, last = services.begin_export(
            actor=user, asked=asked.meaning, form=form, filters=asked.texts, now=now, named=named,
            reason=request.POST.get("reason", "")[:2000],
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('oversight:log')}?{asked.address()}")
    found = (sight.events() & events(asked.meaning)).filter(pk__lte=last)
    name = now.astimezone(UTC).strftime("log-%Y%m%d-%H%M%S")
    if form == "xlsx":
        return workbook_download(name, [export.as_sheet(found, named=named)])
    if form == "json":
        lines, kind = export.as_json(found, now=now, named=named), "application/json"
    else:
        lines, kind = export.as_csv(found, named=named), "text/csv; charset=utf-8"
    response = StreamingHttpResponse(lines, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
