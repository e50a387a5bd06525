"""What a person sees when an act was refused: the reason, on the page of the request or beside what they wrote."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from audit.refusal import Refused
from reviews.selectors.addresses import request_address

View = Callable[..., HttpResponseBase]


def tells_refusals(view: View) -> View:
    """Lead to the request's page with the reason; a part of a page gets the reason in its place, and stays."""

    @wraps(view)
    def told(request: HttpRequest, reference: str, **more: object) -> HttpResponseBase:
        try:
            return view(request, reference, **more)
        except Refused as refusal:
            if getattr(request, "htmx", False):
                context = {"reason": str(refusal), "place": request.headers.get("HX-Target", "")}
                return render(request, "reviews/refused.html", context, status=409)
            messages.error(request, str(refusal))
            return redirect(request_address(reference))

    return told
