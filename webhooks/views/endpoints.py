"""The endpoints: list, one with its log, adding and changing, and what its buttons do."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.cipher import decrypt, encrypt
from accounts.models import User
from accounts.permissions import require_administrator
from accounts.views.acting import attempt
from audit.refusal import Refused
from audit.selectors import timeline, whole_number
from webhooks import selectors, types
from webhooks.forms import EndpointForm, SinceForm
from webhooks.models import DeliveryState
from webhooks.permissions import endpoint_to_administer, why_not_add, why_not_send
from webhooks.rules import schedule
from webhooks.services import endpoints as services
from webhooks.services.sending import send_failed_again, send_test

SECRET = "webhook_secret"  # noqa: S105  (a name in the session; what stands there is encrypted)
SHOWN = (DeliveryState.FAILED, DeliveryState.PENDING, DeliveryState.DELIVERED, DeliveryState.DROPPED)


@require_safe
@login_required
@never_cache
def endpoint_list(request: HttpRequest) -> HttpResponse:
    """Show the endpoints with a small picture of their newest deliveries."""
    assert isinstance(request.user, User)
    require_administrator(request.user)
    lines = selectors.lines(request.user, timezone.now())
    return render(request, "webhooks/endpoints.html", {"lines": lines, "why_not": why_not_add()})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Add an endpoint; its page shows the secret, once."""
    assert isinstance(request.user, User)
    require_administrator(request.user)
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = services.add_endpoint(
                actor=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error("url" if "://" in str(refusal) else None, str(refusal))
        else:
            _keep(request, endpoint.pk, secret)
            return redirect("webhooks:endpoint", endpoint.pk)
    return render(request, "webhooks/edit.html", {"form": form, "endpoint": None})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def change(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Change an endpoint."""
    assert isinstance(request.user, User)
    endpoint = endpoint_to_administer(request.user, endpoint_id)
    initial = {"url": endpoint.url, "description": endpoint.description, "chosen": endpoint.types}
    form = EndpointForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.change_endpoint(
                actor=request.user, endpoint_id=endpoint_id, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Changed.") if changed else _("Nothing was different."))
            return redirect("webhooks:endpoint", endpoint_id)
    return render(request, "webhooks/edit.html", {"form": form, "endpoint": endpoint})


@require_safe
@login_required
@never_cache
def endpoint_page(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Show an endpoint and its log."""
    assert isinstance(request.user, User)
    endpoint, now = endpoint_to_administer(request.user, endpoint_id), timezone.now()
    state = request.GET.get("state", "")
    page = selectors.log_page(endpoint, state, whole_number(request.GET.get("before", "")))
    counted = selectors.counts(endpoint)
    keep = {"state": state} if state else {}
    context = {
        "endpoint": endpoint,
        "secret": _kept(request, endpoint_id),
        "kinds": [kind for kind in types.to_choose() if kind.name in endpoint.types],
        "former_signs": bool(endpoint.former_until and now < endpoint.former_until),
        "page": page,
        "state": state,
        "states": [
            (value.value, value.label, counted[value]) for value in SHOWN if counted[value] or value == state
        ],
        "all": sum(counted.values()),
        "older_url": f"?{urlencode(keep | {'before': str(page.older)})}" if page.older else "",
        "newer_url": f"?{urlencode(keep)}" if "before" in request.GET else "",
        "since": SinceForm(initial={"since": timezone.localdate()}),
        "can_resend": counted[DeliveryState.FAILED] + counted[DeliveryState.DROPPED],
        "why_not_send": why_not_send(endpoint),
        "tries": schedule.TRIES,
        "story": timeline(endpoint, limit=10),
        "networks": settings.WEBHOOK_NETWORKS,
    }
    return render(request, "webhooks/endpoint.html", context)


def _act(view: Callable[[HttpRequest, User, int], None]) -> Callable[[HttpRequest, int], HttpResponse]:
    """A POST by an administrator that ends on the endpoint's page."""

    @require_POST
    @login_required
    @wraps(view)
    def acting(request: HttpRequest, endpoint_id: int) -> HttpResponse:
        assert isinstance(request.user, User)
        endpoint_to_administer(request.user, endpoint_id)
        view(request, request.user, endpoint_id)
        return redirect("webhooks:endpoint", endpoint_id)

    return acting


@_act
def turn_on(request: HttpRequest, actor: User, endpoint_id: int) -> None:
    """Switch the endpoint on."""
    attempt(
        request,
        lambda: services.switch_on(actor=actor, endpoint_id=endpoint_id, now=timezone.now()),
        _("The endpoint is on. What happens from now on is sent to it."),
    )


@_act
def turn_off(request: HttpRequest, actor: User, endpoint_id: int) -> None:
    """Switch the endpoint off."""
    attempt(
        request,
        lambda: services.switch_off(actor=actor, endpoint_id=endpoint_id, now=timezone.now()),
        _("The endpoint is off. Nothing more is sent to it."),
    )


@_act
def change_secret(request: HttpRequest, actor: User, endpoint_id: int) -> None:
    """Give the endpoint another secret, which its page shows once."""
    _keep(
        request,
        endpoint_id,
        services.rotate_secret(actor=actor, endpoint_id=endpoint_id, now=timezone.now()),
    )


@_act
def test(request: HttpRequest, actor: User, endpoint_id: int) -> None:
    """Send a test message."""
    attempt(
        request,
        lambda: send_test(actor=actor, endpoint_id=endpoint_id, now=timezone.now()),
        _(
            "A test message is on its way. What came of it stands in the log below within seconds: reload the page."
        ),
    )


@_act
def resend(request: HttpRequest, actor: User, endpoint_id: int) -> None:
    """Send again what failed since a day."""
    form = SinceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Enter the day since when failed messages are sent again."))
        return
    since = form.cleaned_data["since"]
    attempt(
        request,
        lambda: send_failed_again(actor=actor, endpoint_id=endpoint_id, since=since, now=timezone.now()),
        _("What failed since then is on its way again."),
    )


@require_POST
@login_required
def remove(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Remove the endpoint."""
    assert isinstance(request.user, User)
    services.remove_endpoint(actor=request.user, endpoint_id=endpoint_id, now=timezone.now())
    messages.success(request, _("The endpoint was removed."))
    return redirect("webhooks:endpoints")


def _keep(request: HttpRequest, endpoint_id: int, secret: str) -> None:
    """Keep a secret for the next page, unreadable in the table of sessions."""
    request.session[SECRET] = [endpoint_id, encrypt(secret)]


def _kept(request: HttpRequest, endpoint_id: int) -> str:
    """Return the secret that this page shows for the only time; "" at any other."""
    if request.session.get(SECRET, [None])[0] != endpoint_id:
        return ""
    return decrypt(request.session.pop(SECRET)[1])
