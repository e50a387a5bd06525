"""Pages of engagements: the list, one with its records, a new one, and its end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from audit.selectors import whole_number
from audit.telling import tell
from oversight import permissions, selectors, services
from oversight.engagement_page import page_of as engagement_page_of
from oversight.forms import EndForm, EngagementForm
from oversight.models import Engagement
from oversight.views.acting import person


@require_safe
@login_required
def engagement_list(request: HttpRequest) -> HttpResponse:
    """Show the engagements: all of them to administrators, to auditors their own that are in force."""
    user, now = person(request), timezone.now()
    permissions.require_overseer(user)
    return render(
        request,
        "oversight/engagement_list.html",
        {
            "engagements": selectors.engagements_with_auditors(user, now)[:200],
            "may_make": permissions.is_administrator(user),
            "now": now,
        },
    )


@require_safe
@login_required
def engagement_page(request: HttpRequest, engagement_id: int) -> HttpResponse:
    """Show an engagement: whom it sends where, until when, and the records that it covers."""
    user, now = person(request), timezone.now()
    engagement = permissions.engagement_to_read(user, engagement_id, now)
    return _page(request, user, engagement, EndForm())


@require_safe
@login_required
def engagement_history(request: HttpRequest, engagement_id: int) -> HttpResponse:
    """Show what was done under an engagement: what was looked at, taken away, drawn and noted, newest first."""
    engagement = permissions.engagement_to_read(person(request), engagement_id, timezone.now())
    part = selectors.done_under(
        engagement, before=request.GET.get("before", ""), after=request.GET.get("after", "")
    )
    context = {
        "engagement": engagement,
        "events": tell(part.events),
        "newer_url": f"?after={part.newer}" if part.newer else "",
        "older_url": f"?before={part.older}" if part.older else "",
    }
    return render(request, "oversight/engagement_history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_engagement(request: HttpRequest) -> HttpResponse:
    """Make an engagement."""
    user = person(request)
    permissions.require_administrator(user)
    form = EngagementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            engagement = services.make_engagement(actor=user, now=timezone.now(), **form.facts())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The engagement is made. Its auditors read from the first day on."))
            return redirect("oversight:engagement", engagement.pk)
    return render(
        request, "oversight/new_engagement.html", {"form": form}, status=422 if form.errors else 200
    )


@require_POST
@login_required
def end_engagement(request: HttpRequest, engagement_id: int) -> HttpResponse:
    """End an engagement before its time."""
    user, form = person(request), EndForm(request.POST)
    permissions.require_administrator(user)
    if not form.is_valid():
        engagement = permissions.engagement_to_read(user, engagement_id, timezone.now())
        return _page(request, user, engagement, form, status=422)
    try:
        services.end_engagement(
            actor=user, engagement_id=engagement_id, now=timezone.now(), **form.cleaned_data
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The engagement is over. Its auditors see nothing of it any more."))
    return redirect("oversight:engagement", engagement_id)


def _page(
    request: HttpRequest, user: User, engagement: Engagement, form: EndForm, *, status: int = 200
) -> HttpResponse:
    page = engagement_page_of(
        engagement, user, timezone.now(), before=whole_number(request.GET.get("before", ""))
    )
    here = reverse("oversight:engagement_bundles", args=[engagement.pk])
    context = {"page": page, "engagement": engagement, "form": form, "here": here, "now": page.now}
    return render(request, "oversight/engagement_page.html", context, status=status)
