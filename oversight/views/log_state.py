"""Pages of the log as a whole: its state, its signed heads, and checks of it that somebody asks for."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.log import verifying
from audit.models import Checkpoint
from audit.reconciling import keeping
from audit.refusal import Refused
from oversight import heads, log_state, permissions
from oversight.views.acting import person


@require_safe
@login_required
def state_page(request: HttpRequest) -> HttpResponse:
    """Show how far the log is ordered, signed, vouched for, verified and compared."""
    now = timezone.now()
    permissions.sight_of(person(request), now)
    found = log_state.state(now, verify=verifying.JOB, reconcile=keeping.JOB)
    return render(request, "oversight/log_state.html", {"state": found, "now": now})


@require_safe
@login_required
def checkpoint_list(request: HttpRequest) -> HttpResponse:
    """Show the signed heads, the newest first."""
    permissions.sight_of(person(request), timezone.now())
    rows, older = heads.checkpoints(request.GET.get("before", ""))
    verified = log_state.last_verification()
    context = {"checkpoints": rows, "older_url": f"?before={older}" if older else "", "verified": verified}
    return render(request, "oversight/checkpoints.html", context)


@require_safe
@login_required
def newest_checkpoint(request: HttpRequest) -> HttpResponse:
    """Hand out the signed head of the log with the lines of its witnesses."""
    permissions.sight_of(person(request), timezone.now())
    return _note(Checkpoint.objects.order_by("-id").first())


@require_safe
@login_required
def checkpoint(request: HttpRequest, checkpoint_id: int) -> HttpResponse:
    """Hand out an earlier signed head."""
    permissions.sight_of(person(request), timezone.now())
    return _note(Checkpoint.objects.filter(pk=checkpoint_id).first())


@require_POST
@login_required
def verify(request: HttpRequest) -> HttpResponse:
    """Have the log verified."""
    user, now = person(request), timezone.now()
    permissions.sight_of(user, now)
    return _attempt(request, lambda: verifying.ask(actor=user, now=now))


@require_POST
@login_required
def reconcile(request: HttpRequest) -> HttpResponse:
    """Have the rows of the database compared with the log."""
    user, now = person(request), timezone.now()
    permissions.sight_of(user, now)
    return _attempt(request, lambda: keeping.ask(actor=user, now=now))


def _attempt(request: HttpRequest, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A worker does it now; what it finds stands on this page."))
    return redirect("oversight:log_state")


def _note(found: Checkpoint | None) -> HttpResponse:
    if found is None:
        raise Http404
    response = HttpResponse(found.cosigned, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="checkpoint-{found.size}.txt"'
    return response
