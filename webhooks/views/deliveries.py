"""One delivery: the message, every attempt with what was sent and what came back, and sending it again."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.views.acting import attempt
from webhooks import types
from webhooks.permissions import delivery_of, endpoint_to_administer, why_not_send
from webhooks.rules.schedule import TRIES
from webhooks.services.sending import send_again


@require_safe
@login_required
@never_cache
def delivery_page(request: HttpRequest, endpoint_id: int, delivery_id: int) -> HttpResponse:
    """Show the delivery."""
    assert isinstance(request.user, User)
    endpoint = endpoint_to_administer(request.user, endpoint_id)
    delivery = delivery_of(endpoint, delivery_id)
    context = {
        "endpoint": endpoint,
        "delivery": delivery,
        "kind": types.get(delivery.message.type),
        "body": json.dumps(json.loads(delivery.message.body), indent=2, ensure_ascii=False),
        "attempts": list(delivery.attempts.order_by("-number")),
        "tries": TRIES,
        "why_not_send": why_not_send(endpoint),
    }
    return render(request, "webhooks/delivery.html", context)


@require_POST
@login_required
def send(request: HttpRequest, endpoint_id: int, delivery_id: int) -> HttpResponse:
    """Send it again."""
    assert isinstance(request.user, User)
    user = request.user
    delivery_of(endpoint_to_administer(user, endpoint_id), delivery_id)
    attempt(
        request,
        lambda: send_again(actor=user, endpoint_id=endpoint_id, delivery_id=delivery_id, now=timezone.now()),
        _(
            "It is on its way again, with the same id. What came of it stands here within seconds: reload the page."
        ),
    )
    return redirect("webhooks:delivery", endpoint_id, delivery_id)
