"""The passkey's part of a page on which somebody signs: the same address gives the challenge and takes the answer."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from accounts.models import User
from accounts.signing import AskedOf, asked_of
from audit.refusal import Refused
from audit.selectors import whole_number

ASKS = "challenge_for"  # the field that names the passkey, sent by static/js/passkeys.js


def asks_for_challenge(request: HttpRequest) -> bool:
    """Say whether the page asks for what its passkey has to answer, before it is sent."""
    return request.method == "POST" and ASKS in request.POST


def challenged(request: HttpRequest, make: Callable[..., Mapping[str, Any]]) -> JsonResponse:
    """Answer with what `make` returns for the passkey and the session, or with the sentence why not."""
    try:
        passkey_id = whole_number(request.POST[ASKS]) or 0
        options = make(passkey_id=passkey_id, session=request.session.session_key or "")
    except (Refused, PermissionDenied) as refusal:
        return JsonResponse({"refused": str(refusal)}, status=422)
    return JsonResponse(dict(options))


def proof_context(request: HttpRequest) -> dict[str, AskedOf]:
    """What `accounts/components/prove.html` shows of the person who signs."""
    assert isinstance(request.user, User)
    return {"asked": asked_of(request.user, request.session.session_key or "", timezone.now())}
