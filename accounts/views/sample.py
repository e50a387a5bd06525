"""The sample organisation: signing in with one click, and the codes that an app would show."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.sample_cast import cast_context, code_context, sample_person


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """Sign in as an invented person, without a password; 404 outside a sample and for everybody else."""
    person = sample_person(request.POST.get("person", ""))
    if person is None:
        raise Http404
    request.session.flush()
    adapter = get_adapter(request)
    adapter.login(request, person)
    response: HttpResponse = adapter.post_login(
        request, person, email_verification="none", signal_kwargs={"sample": True}, email=None, signup=False,
        redirect_url=None,
    )  # fmt: skip
    return response


@never_cache
@require_GET
def cast_list(request: HttpRequest) -> HttpResponse:
    """The invented people with their codes of this moment, as a part of the sign-in page."""
    if not settings.SAMPLE:
        raise Http404
    return render(request, "accounts/components/sample_cast.html", cast_context())


@never_cache
@login_required
@require_GET
def code(request: HttpRequest) -> HttpResponse:
    """The code that the invented person's app would show now."""
    assert isinstance(request.user, User)
    if not settings.SAMPLE or not request.user.is_sample:
        raise Http404
    return render(request, "accounts/components/sample_code_part.html", code_context(request.user))
