"""Pages of bundles: asking for one, seeing how far it is, fetching it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audit.log import witnesses
from audit.refusal import Refused
from imprimatur.bundle.assembling import policy_bytes
from oversight import bundling, gathering, permissions, ranges
from oversight.bundle_list import bundles_of_engagement, bundles_of_request
from oversight.bundle_permissions import bundle_to_fetch, request_to_bundle
from oversight.forms import BundleForm
from oversight.models import Bundle
from oversight.views.acting import person


@require_safe
def log_policy(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Hand out the keys by which bundles and proofs are checked, for whoever wants to hold them; keys are public."""
    try:
        content = policy_bytes(gathering.policy())
    except witnesses.WrongWitnesses:
        text = _(
            "The setting of the witnesses is wrong, so there is no policy now. An administrator puts it right."
        )
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=503)
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="policy"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def engagement_bundles(request: HttpRequest, engagement_id: int) -> HttpResponse:
    """Show the bundles of an engagement as a part of its page, or ask for one."""
    user, now = person(request), timezone.now()
    engagement = permissions.engagement_to_read(user, engagement_id, now)
    if request.method == "POST":
        _ask(
            request,
            lambda given: bundling.ask_for_bundle(actor=user, engagement_id=engagement_id, now=now, **given),
        )
        return redirect("oversight:engagement", engagement_id)
    if not getattr(request, "htmx", False):
        return redirect("oversight:engagement", engagement_id)
    context = {"bundles": bundles_of_engagement(engagement, user, now), "here": request.path}
    return render(request, "oversight/components/bundles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def request_bundles(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the bundles of one request with what is in them, or ask for one."""
    user, now = person(request), timezone.now()
    found, engagement = request_to_bundle(user, reference, now)
    if request.method == "POST":
        _ask(
            request,
            lambda given: bundling.ask_for_request_bundle(actor=user, reference=reference, now=now, **given),
        )
        return redirect("oversight:request_bundles", reference)
    context = {
        "found": found, "engagement": engagement, "bundles": bundles_of_request(found, user, now),
        "here": request.path, "form": BundleForm(),
    }  # fmt: skip
    part = "oversight/components/bundles.html"
    return render(
        request, part if getattr(request, "htmx", False) else "oversight/request_bundles.html", context
    )


@require_safe
@never_cache
@login_required
def bundle_file(request: HttpRequest, bundle_id: int) -> HttpResponseBase:
    """Hand out a bundle, or the part of it that is asked for; each download that begins is an event."""
    user, now = person(request), timezone.now()
    bundle = bundle_to_fetch(user, bundle_id, now)
    etag = f'"{bundle.sha256}"'
    part = ranges.wanted(request, bundle.size, etag)
    try:
        if part is None or request.method == "HEAD":
            bundling.demand_file(bundle, now)
            response = ranges.answer(bundle.size, etag, part)
        else:
            file = bundling.fetch_bundle(actor=user, bundle_id=bundle_id, begins=part.start == 0, now=now)
            response = ranges.answer(bundle.size, etag, part, file)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(bundling.home_of(bundle))
    response["Content-Type"] = "application/zip"
    response["Content-Disposition"] = f'attachment; filename="{_name(bundle)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _name(bundle: Bundle) -> str:
    """Return the name of the file on the auditor's machine: two bundles never have the same one."""
    about = bundle.request.reference if bundle.request else f"engagement-{bundle.engagement_id}"
    return f"{about}-bundle-{bundle.pk}-{bundle.sha256[:8]}.zip"


def _ask(request: HttpRequest, ask: Callable[[dict[str, Any]], Bundle]) -> None:
    form = BundleForm(request.POST)
    form.is_valid()
    try:
        ask(
            {
                "with_disclosures": form.cleaned_data["with_disclosures"],
                "reason": form.cleaned_data.get("reason", ""),
            }
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The bundle is being made. How far it is stands below."))
