"""A page that is one form: what it does, the form, its button; used by all acts that need more than a click."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reviews.models import ReviewRequest
from reviews.views.acting import forbid, fulfil, in_place, to_request

ALONE = "reviews/form_page.html"


@dataclass(frozen=True, slots=True)
class FormPage:
    """What the page says. `why_not`: the act is locked, with this reason; `template` may show more than a form."""

    title: str
    button: str
    done: str
    intro: str = ""
    icon: str = "check"
    why_not: str | None = None
    template: str = ALONE
    more: dict[str, object] = field(default_factory=dict)


def show_form(
    request: HttpRequest,
    found: ReviewRequest,
    page: FormPage,
    form: forms.Form,
    act: Callable[[], object],
    back: Callable[[], HttpResponse],
) -> HttpResponse:
    """Show the form; when it was sent and is valid, do the act and go back, or show why it was refused (422).

    Somebody whose act it isn't is refused at once. `act` is run whatever else the page showed: the service decides.
    Asked for by the page of the request, which opens it in its place, it is the form alone, and leads back there.
    """
    is_part = bool(getattr(request, "htmx", False)) and page.template == ALONE
    if request.method == "POST":
        forbid(page.why_not)
        if fulfil(form, act):
            messages.success(request, page.done)
            return to_request(found.reference) if is_part else back()
    context = {"page": page, "form": form, "found": found, **page.more}
    template = "reviews/form_part.html" if is_part else page.template
    response = render(request, template, context, status=422 if form.errors else 200)
    return in_place(request, response, form) if is_part else response
